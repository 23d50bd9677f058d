"""What a language model made of an answer: as HTML, and the notes that belong to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from corpus.errors import DalilError
from corpus.normalise import fold
from qa.answer import Answer, Citation, Sentence, Written
from qa.long_answers import on_lines
from ui.markup import direction, number, safe
from ui.strings import Strings

DOTS = '<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>'


def reference(citation: int, place: int, strings: Strings) -> str:
    """The button that opens this citation of the turn at ``place``."""
    label = f"{strings.show_source} {citation}"
    return (
        f'<button type="button" class="reference" data-act="open" data-turn="{place}" '
        f'data-number="{citation}" aria-label="{safe(label)}">{number(f"[{citation}]")}</button>'
    )


def own_citations(answer: Answer) -> tuple[Citation, ...]:
    """The citations of the answer itself, without those at the end that only sentences need.

    Those quote whole sentences, which are no part of the answer's text.
    """
    own = list(answer.citations)
    sentences = answer.written.sentences if answer.written else ()
    needed = {number for one in sentences for number in one.citations}
    while len(own) > 1 and own[-1].number in needed and not _answers(own[-1], answer.text):
        own.pop()
    return tuple(own)


def _answers(citation: Citation, text: str) -> bool:
    return bool(citation.answer) or fold(on_lines(citation.quote)) in fold(text)


def borne(answer: Answer) -> Answer:
    """``answer`` without written sentences that cite nothing or what it does not hold: they count
    as removed.
    """
    if answer.written is None:
        return answer
    numbers = {citation.number for citation in answer.citations}
    said = answer.written.sentences
    kept = tuple(one for one in said if one.citations and numbers.issuperset(one.citations))
    removed = answer.written.removed + len(said) - len(kept)
    return replace(answer, written=replace(answer.written, sentences=kept, removed=removed))


def broken_off(written: Written | None, error: DalilError) -> Written:
    """What was written when ``error`` ended it."""
    english, arabic = (" ".join(error.told(language)).strip() for language in ("en", "ar"))
    before = written or Written()
    return replace(before, state="failed", trouble=english, trouble_arabic=arabic)


def written_data(answer: Answer) -> dict[str, Any] | None:
    """The sentences for programs: plain types only; None where no language model was asked."""
    written = answer.written
    if written is None:
        return None
    each = [{"text": one.text, "citations": list(one.citations)} for one in written.sentences]
    return {
        "sentences": each,
        "removed": written.removed,
        "state": written.state,
        "trouble": written.trouble,
        "trouble_arabic": written.trouble_arabic,
    }


def worded(answer: Answer, place: int, strings: Strings) -> str:
    """The sentences with their references, what goes on, and what is to be noted; "" for none.

    Its elements keep their order while it grows: the page is changed in place, and the focus stays.
    """
    written = answer.written
    if written is None:
        return ""
    body = ""
    if written.sentences or written.state == "writing":
        each = " ".join(_sentence(one, place, strings) for one in written.sentences)
        towards = direction(" ".join(one.text for one in written.sentences), strings.direction)
        body = f'<h3>{safe(strings.worded)}</h3><p class="sentences" dir="{towards}">{each}</p>'
    return f'<div class="worded">{body}{_state(written, strings)}</div>'


def _sentence(sentence: Sentence, place: int, strings: Strings) -> str:
    text = f'<span dir="{direction(sentence.text)}">{safe(sentence.text)}</span>'
    return f"{text}{''.join(reference(n, place, strings) for n in sentence.citations)}"


def _state(written: Written, strings: Strings) -> str:
    if written.state == "writing":
        return (
            f'<p class="writing">{DOTS}<span>{safe(strings.wording)}…</span>'
            f'<button type="button" class="stop" data-act="stop">{safe(strings.wording_stop)}'
            "</button></p>"
        )
    said = notes(written, strings)
    lines = " ".join(f'<span dir="{direction(line)}">{safe(line)}</span>' for line in said)
    return f'<p class="notes">{lines}</p>' if said else ""


def notes(written: Written, strings: Strings) -> Sequence[str]:
    """What is to be said of the writing once it has ended: nothing where all went well."""
    said = []
    if written.state == "stopped":
        said.append(strings.wording_stopped)
    if written.state == "failed":
        arabic = strings.language == "ar" and written.trouble_arabic
        said += [strings.wording_failed, written.trouble_arabic if arabic else written.trouble]
    if written.removed and written.state != "writing":
        said.append(_removed(written.removed, strings))
    return [line for line in said if line]


def _removed(count: int, strings: Strings) -> str:
    forms = {1: strings.removed_one, 2: strings.removed_two}
    few = 3 <= count % 100 <= 10  # Arabic counts these with a plural, others with a singular
    other = strings.removed_few if few else strings.removed_many
    return forms.get(count, other).format(count=count)
