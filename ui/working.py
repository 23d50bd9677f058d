"""Work on a collection as it goes on: the files, what was read in them, and how far it is."""

from ui.library import FileState, Work
from ui.markup import direction, isolated, number, safe
from ui.strings import Strings

_MOST_SHOWN = 100


def working(work: Work, strings: Strings) -> str:
    """The files with their states and a bar; what became of it once it has ended."""
    files = "".join(_file(one, strings) for one in work.files[:_MOST_SHOWN])
    rows = f"<ul class='files'>{files}</ul>" if files else ""
    busy = "false" if work.finished else "true"
    return (
        f'<section class="work" dir="{strings.direction}" aria-live="polite" aria-busy="{busy}">'
        f"{_state(work, strings)}{rows}</section>"
    )


def _state(work: Work, strings: Strings) -> str:
    if work.error:
        lines = "".join(
            f'<p dir="{direction(line)}">{safe(line)}</p>'
            for line in work.told(strings.language)
            if line
        )
        return f'<div class="problem" role="alert"><b>{safe(strings.work_failed)}</b>{lines}</div>'
    if work.finished:
        return _done(work, strings)
    stages = {
        "reading": strings.stage_reading,
        "loading": strings.loading,
        "embedding": strings.stage_embedding,
        "writing": strings.stage_writing,
    }
    name = safe(stages.get(work.stage, strings.stage_reading))
    if not work.total:
        return f'<label class="bar">{name}<progress aria-label="{name}"></progress></label>'
    counts = number(f"{work.done} / {work.total}")
    return (
        f'<label class="bar">{name} {counts}<progress aria-label="{name}" max="{work.total}" '
        f'value="{work.done}"></progress></label>'
    )


def _done(work: Work, strings: Strings) -> str:
    if work.report is None:
        return ""
    said = strings.done.format(documents=work.report.documents, passages=work.report.passages)
    return f'<p class="said-so" role="status">{safe(said)}</p>'


def _file(file: FileState, strings: Strings) -> str:
    states = {
        "waiting": strings.state_waiting,
        "reading": strings.state_reading,
        "read": strings.state_read,
        "refused": strings.state_refused,
        "indexed": strings.state_indexed,
    }
    facts = f"{safe(strings.pages_many)} {number(file.pages)}" if file.pages else ""
    said = file.told(strings.language)
    message = f'<p dir="{direction(said)}">{safe(said)}</p>' if said else ""
    return (
        f'<li class="{file.state}">{isolated(file.name)} <span class="facts">{facts}</span>'
        f'<span class="state">{safe(states[file.state])}</span>{message}</li>'
    )
