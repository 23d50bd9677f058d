"""The source panel: a citation in its place in the text, checked before it is shown."""

from corpus.document import Passage
from index.hit import Hit
from qa.answer import Citation
from qa.context import Context
from ui.markup import direction, isolated, number, safe, safe_attribute
from ui.strings import Strings

_MOST_AROUND = 150_000  # characters on each side: more would hold up a browser


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


def citation_panel(
    context: Context, citation: Citation, opener: str, strings: Strings, figure: str = ""
) -> str:
    """The cited passage between its neighbours, with the quoted words in `<mark>`.

    ``opener`` are the data attributes that choose this source; ``figure`` is HTML to stand below.
    A citation that does not hold gives an error line and not a word of the text.
    """
    passage = sound(context, citation.passage_id)
    if passage is None or not holds(context, citation):
        return error_panel(strings.unverified_here, strings)
    body = _marked(context.document.text, (passage.start, passage.end), citation)
    head = _head(citation.source, citation.heading, citation.page, strings, citation.number)
    acts = _copy(citation, strings) + _open("open-whole", opener, strings.whole)
    acts += _open("picture", "", strings.page_picture) if figure else ""
    shown = _in_place(context, passage, body) + figure
    return _panel(head, strings.cited_words, shown, strings, acts)


def hit_panel(context: Context, hit: Hit, opener: str, strings: Strings) -> str:
    """A passage that came near a question, between its neighbours, with nothing marked."""
    passage = sound(context, hit.passage.id)
    if passage is None or passage.text != hit.passage.text:
        return error_panel(strings.unverified_here, strings)
    head = _head(hit.source, passage.heading, passage.page, strings)
    body = _in_place(context, passage, safe(passage.text))
    acts = _open("open-whole", opener, strings.whole)
    return _panel(head, strings.nearest_passage, body, strings, acts)


def document_panel(context: Context, chosen: Citation | Hit, opener: str, strings: Strings) -> str:
    """The whole document with the quote, or the near passage, marked.

    Of a very long one, what stands within `_MOST_AROUND` characters of it.
    """
    text = context.document.text
    cited = isinstance(chosen, Citation)
    passage_id = chosen.passage_id if isinstance(chosen, Citation) else chosen.passage.id
    passage = sound(context, passage_id)
    if passage is None or (isinstance(chosen, Citation) and not holds(context, chosen)):
        return error_panel(strings.unverified_here, strings)
    words = chosen if isinstance(chosen, Citation) else passage
    first, last = max(0, words.start - _MOST_AROUND), min(len(text), words.end + _MOST_AROUND)
    body = _marked(text, (first, last), words)
    cut = f'<p class="hint">{safe(strings.cut_short)}</p>' if last - first < len(text) else ""
    head = _head(chosen.source, "", None, strings)
    acts = _open("open", opener, strings.back)
    if isinstance(chosen, Citation):
        acts = _copy(chosen, strings) + acts
    shown = f'{cut}<div class="text whole" dir="{direction(passage.text)}">{body}</div>'
    hint = strings.cited_words if cited else strings.nearest_passage
    return _panel(head, hint, shown, strings, acts)


def _marked(text: str, span: tuple[int, int], words: Citation | Passage) -> str:
    """The slice ``span`` of ``text`` with ``words`` marked in it."""
    return (
        safe(text[span[0] : words.start])
        + f"<mark>{safe(text[words.start : words.end])}</mark>"
        + safe(text[words.end : span[1]])
    )


def _copy(citation: Citation, strings: Strings) -> str:
    reference = reference_of(citation, strings)
    return (
        f'<button type="button" class="quiet" data-act="copy" '
        f'data-copy="{safe_attribute(reference)}" '
        f'data-copied="{safe(strings.copied)}" data-failed="{safe(strings.not_copied)}">'
        f"{safe(strings.copy)}</button>"
    )


def _open(act: str, opener: str, name: str) -> str:
    return f'<button type="button" class="quiet" data-act="{act}" {opener}>{safe(name)}</button>'


def reference_of(citation: Citation, strings: Strings) -> str:
    """The quote with where it stands, as one pastes it into a text of one's own."""
    quote = " ".join(citation.quote.split())
    marks = "«{}»" if direction(quote) == "rtl" else "“{}”"
    where = [_file_name(citation.source)]
    if citation.heading:
        where.append(citation.heading)
    if citation.page is not None:
        where.append(f"{strings.page} {citation.page}")
    comma = "، " if strings.language == "ar" else ", "
    return f"{marks.format(quote)} ({' '.join(comma.join(where).split())})"


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
    parts = [f'<span class="file">{isolated(_file_name(source))}</span>']
    if heading:
        parts.append(f'<span class="heading">{isolated(heading)}</span>')
    if page is not None:
        parts.append(f'<span class="page">{safe(strings.page)} {number(page)}</span>')
    return "".join(parts)


def _file_name(source: str) -> str:
    return source.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or source


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


def _panel(head: str, hint: str, body: str, strings: Strings, acts: str = "") -> str:
    acts = f'<div class="acts">{acts}</div>' if acts else ""
    note = f'<p class="hint">{safe(hint)}</p>' if hint else ""
    return (
        f'<section class="panel" dir="{strings.direction}" aria-label="{safe(strings.source)}">'
        f'<div class="panel-top"><h2>{safe(strings.source)}</h2>'
        f'<button type="button" class="close" data-act="close" '
        f'aria-label="{safe(strings.close)}">×</button></div>'
        f'{head}{note}{acts}<div class="panel-body" tabindex="0">{body}</div></section>'
    )
