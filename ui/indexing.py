"""Building and checking indexes for people: progress bars and a summary of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from corpus import bundled_texts
from corpus.errors import DalilError
from index.build import BuildReport, build_index
from index.bulk import bulk_embedder
from index.check import check_index, check_models
from index.disk import private_folder
from index.embedder import load_embedder, model_name
from index.engines import named
from index.manifest import Manifest, current_generation
from index.sources import TEXT_VERSION
from qa.settings import Settings
from ui.terminal import safe

_STAGES = {
    "reading": "Reading files",
    "embedding": "Embedding",
    "writing": "Writing words",
    "checking": "Checking, MB",
}
_WARNINGS = {
    "not_there_now": "is not there now; its texts are kept (to forget them: --remove)",
    "left_in_engine": "stays in the engine that was used before; drop it there",
}
_MOST_LINES = 20


class BarProgress:
    """Progress bars on standard error, one for each stage."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def start(self, stage: str, total: int) -> None:
        """Show a new bar, unless there is nothing to do."""
        if total:
            self._task = self._bars.add_task(_STAGES[stage], total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the newest bar on."""
        self._bars.advance(self._task, steps)


def update(
    settings: Settings,
    folder: Path,
    paths: Sequence[Path],
    *,
    label: str | None = None,
    remove: Sequence[Path] = (),
    rebuild: bool = False,
    report_to: Console | None = None,
) -> None:
    """Build or update the index in ``folder`` and print what was done, to standard output unless
    ``report_to`` says otherwise.
    """
    console = Console(stderr=True)
    with suppress(OSError):  # where it cannot be made, the index says so if it is to lie there
        private_folder(settings.data)
    with BarProgress(console) as progress:
        report = build_index(
            folder,
            paths,
            model_name(settings.embedder),
            lambda: load_embedder(
                settings.embedder, settings.cache, lambda text: console.print(escape(text))
            ),
            size=settings.size,
            label=label,
            remove=remove,
            rebuild=rebuild,
            store=settings.store,
            bulk=bulk_embedder(settings.embed_on, settings.embedder, settings.cache),
            progress=progress,
        )
    _print_report(report_to or Console(), report, folder)


def prepare(settings: Settings, *, bundled: bool = False) -> None:
    """Index the bundled texts when they are what will be asked, unless this Dalil did it before.

    ``bundled`` says that they can be chosen too.
    """
    folder = settings.bundled_index
    if not bundled and settings.index_folder != folder:
        return
    held = _ours(folder)
    if held is None or held.store != named(settings.store):
        # Whoever asks reads an answer, or speaks a protocol, on standard output.
        to = Console(stderr=True)
        texts, rebuild = [bundled_texts()], held is None and folder.exists()
        update(settings, folder, texts, label="dalil", rebuild=rebuild, report_to=to)


def _ours(folder: Path) -> Manifest | None:
    """What the index there is made of, None unless it was made by this version's rules."""
    try:
        current = current_generation(folder)
        manifest = Manifest.load(current) if current else None
    except DalilError:
        return None
    return manifest if manifest and manifest.text_version == TEXT_VERSION else None


def check(settings: Settings) -> None:
    """Verify the index that would be asked, and the models that were made for it; raises DalilError
    when they are not sound.
    """
    folder = settings.index_folder
    with BarProgress(Console(stderr=True)) as progress:
        faults = check_index(folder, settings.store, progress)
        changed = check_models(settings.cache, progress)
    if faults:
        raise DalilError(
            f"The index in {folder} is damaged: " + "; ".join([*faults, *changed][:10]) + ".",
            f"Build it again: dalil index --rebuild --index {folder}",
        )
    if changed:
        raise DalilError("; ".join(changed[:10]) + ".", "Delete what is named, and ask again.")
    Console().print(f"[green]✓[/] The index in {escape(str(folder))} is sound.", soft_wrap=True)


def _print_report(console: Console, report: BuildReport, folder: Path) -> None:
    changes = report.changes
    for mark, style, names in (
        ("+", "green", changes.added),
        ("~", "yellow", changes.changed),
        ("-", "red", changes.removed),
    ):
        _print_lines(console, mark, style, [safe(name) for name in names])
    skipped = [f"{safe(skip.source)}: {safe(skip.reason)}" for skip in changes.skipped]
    _print_lines(console, "!", "yellow", skipped)
    warned = [f"{safe(name)}: {_WARNINGS.get(text, safe(text))}" for name, text in changes.warnings]
    _print_lines(console, "!", "yellow", warned)
    console.print(
        f"{len(changes.added)} added, {len(changes.changed)} changed, "
        f"{len(changes.removed)} removed, {len(changes.unchanged)} unchanged, "
        f"{len(changes.skipped)} skipped; {report.embedded} passages embedded.",
        highlight=False,
    )
    state = "now holds" if report.written else "is up to date with"
    console.print(
        f"{escape(str(folder))} {state} {report.documents} texts in {report.passages} passages.",
        highlight=False,
        soft_wrap=True,
    )


def _print_lines(console: Console, mark: str, style: str, lines: Sequence[str]) -> None:
    for line in lines[:_MOST_LINES]:
        console.print(f"[{style}]{mark}[/] {escape(line)}", highlight=False, soft_wrap=True)
    if len(lines) > _MOST_LINES:
        console.print(f"[{style}]{mark}[/] … and {len(lines) - _MOST_LINES} more")
