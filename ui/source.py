"""The source panel: a citation in its place in the text, checked before it is shown."""

from corpus.document import Passage
from index.hit import Hit
from qa.answer import Citation
from qa.context import Context
from ui.markup import direction, isolated, number, safe
from ui.strings import Strings


def sound(context: Context, passage_id: str) -> Passage | None:
    """The passage with that id, if it is there and is exactly its slice of the document."""
    document = context.document
    for passage in context.passages:
        if passage.id == passage_id:
            fits = 0 <= passage.start < passage.end <= len(document.text)
            same = document.text[passage.start : passage.end] == passage.text
            return passage if fits and same and passage.document_id == document.id else None
    return None


def holds(context: Context, citation: Citation) -> bool:
    """Whether the citation's words stand in the document, at its offsets, in its passage."""
    passage = sound(context, citation.passage_id)
    return (
        passage is not None
        and citation.document_id == context.document.id
        and passage.start <= citation.start < citation.end <= passage.end
        and context.document.text[citation.start : citation.end] == citation.quote
    )


def citation_panel(context: Context, citation: Citation, strings: Strings) -> str:
    """The cited passage between its neighbours, with the quoted words in `<mark>`.

    A citation that does not hold gives an error line and not a word of the text.
    """
    passage = sound(context, citation.passage_id)
    if passage is None or not holds(context, citation):
        return error_panel(strings.unverified_here, strings)
    text = context.document.text
    body = (
        safe(text[passage.start : citation.start])
        + f"<mark>{safe(text[citation.start : citation.end])}</mark>"
        + safe(text[citation.end : passage.end])
    )
    head = _head(citation.source, citation.heading, citation.page, strings, citation.number)
    return _panel(head, strings.cited_words, _in_place(context, passage, body), strings)


def hit_panel(context: Context, hit: Hit, strings: Strings) -> str:
    """A passage that came near a question, between its neighbours, with nothing marked."""
    passage = sound(context, hit.passage.id)
    if passage is None or passage.text != hit.passage.text:
        return error_panel(strings.unverified_here, strings)
    head = _head(hit.source, passage.heading, passage.page, strings)
    body = _in_place(context, passage, safe(passage.text))
    return _panel(head, strings.nearest_passage, body, strings)


def error_panel(message: str, strings: Strings) -> str:
    """A line in place of a source that cannot be shown."""
    return _panel("", "", f'<p class="problem" role="alert">{safe(message)}</p>', strings)


def empty_panel(titles: tuple[str, ...], strings: Strings) -> str:
    """What the panel says before a source is chosen: how to choose one, and which texts there are.

    At most 60 titles are listed.
    """
    body = f'<p class="invitation">{safe(strings.source_empty)}</p>'
    if titles:
        items = "".join(f"<li>{isolated(title)}</li>" for title in titles[:60])
        more = f"<li>… +{number(len(titles) - 60)}</li>" if len(titles) > 60 else ""
        body += f"<h3>{safe(strings.indexed)}</h3><ul class='titles'>{items}{more}</ul>"
    return _panel("", "", body, strings)


def place(source: str, heading: str, page: int | None, strings: Strings) -> str:
    """File name, heading and page on one line, each keeping its own direction."""
    name = source.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    parts = [f'<span class="file">{isolated(name or source)}</span>']
    if heading:
        parts.append(f'<span class="heading">{isolated(heading)}</span>')
    if page is not None:
        parts.append(f'<span class="page">{safe(strings.page)} {number(page)}</span>')
    return "".join(parts)


def _head(
    source: str, heading: str, page: int | None, strings: Strings, badge: int | None = None
) -> str:
    mark = f'<span class="badge">{number(badge)}</span>' if badge is not None else ""
    return f'<div class="place">{mark}{place(source, heading, page, strings)}</div>'


def _in_place(context: Context, passage: Passage, body: str) -> str:
    text = context.document.text
    before = text[min(p.start for p in context.passages) : passage.start].strip()
    after = text[passage.end : max(p.end for p in context.passages)].strip()
    rows = [f'<div class="passage">{body}</div>']
    if before:
        rows.insert(0, f'<div class="around">{safe(before)}</div>')
    if after:
        rows.append(f'<div class="around">{safe(after)}</div>')
    return f'<div class="text" dir="{direction(passage.text)}">{"".join(rows)}</div>'


def _panel(head: str, hint: str, body: str, strings: Strings) -> str:
    note = f'<p class="hint">{safe(hint)}</p>' if hint else ""
    return (
        f'<section class="panel" dir="{strings.direction}" aria-label="{safe(strings.source)}">'
        f'<div class="panel-top"><h2>{safe(strings.source)}</h2>'
        f'<button type="button" class="close" data-act="close" '
        f'aria-label="{safe(strings.close)}">×</button></div>'
        f'{head}{note}<div class="panel-body" tabindex="0">{body}</div></section>'
    )
