"""How each cost grows with the collection: ``python -m evals.bench.scale``.

Passages are real Arabic sentences put together anew (``scale_texts``). Vectors are the real model's
for the first ones and made from real ones beyond (``scale_vectors``). All the rest is Dalil's own
way: files are read, cut, stored, indexed, opened and searched as by ``dalil index`` and ``ask``.
What was measured is kept, size by size; a run that was stopped goes on where it was.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from corpus.document import Document
from corpus.passages import passages
from evals.bench.scale_report import plot, table
from evals.bench.scale_steps import Figures, build, opening, searching, updating
from evals.bench.scale_texts import Texts, sentence_pool
from evals.bench.scale_vectors import MadeVectors
from evals.cached import CachedEmbedder
from evals.collections import DEVELOPMENT_SETS
from evals.datasets import load_squad
from index.embedder import Embedder, load_embedder
from index.text import indexed_text
from qa.settings import load_settings

_PEAK_ROOM = 30_000  # bytes a passage: texts, index, the next generation beside it, vectors


def run(
    folder: Path,
    sizes: list[int],
    texts: Texts,
    vectors: Path,
    *,
    compared: int,
    keep: bool,
    say: Callable[[str], None],
) -> dict[int, Figures]:
    """Measure every size that ``folder`` does not hold figures of; figures by size."""
    for size in sorted(sizes):
        kept = folder / f"{size}.json"
        figures: Figures = json.loads(kept.read_text()) if kept.exists() else {}
        files, index = folder / f"texts-{size}", folder / f"{size}.index"
        for name, step in _steps(files, index, texts, vectors, size, compared):
            if name not in figures:
                say(f"{size:,}: {name}")
                figures[name] = step()
                kept.write_text(json.dumps(figures, indent=1), encoding="utf-8")
        if not keep:
            shutil.rmtree(files, ignore_errors=True)
            shutil.rmtree(index, ignore_errors=True)
    found = {int(path.stem): json.loads(path.read_text()) for path in folder.glob("[0-9]*.json")}
    return dict(sorted(found.items()))


def _steps(
    files: Path, index: Path, texts: Texts, vectors: Path, size: int, compared: int
) -> Iterator[tuple[str, Callable[[], Figures]]]:
    def built() -> Figures:
        for path in (files, index):
            shutil.rmtree(path, ignore_errors=True)
        texts.write(files, size)
        return _alone(build, index, files, vectors)

    yield "build", built
    yield "open", partial(_alone, opening, index, vectors)
    yield "search", partial(_alone, searching, index, vectors, compared)
    yield "update", partial(_alone, updating, index, files, vectors, texts)
    yield "search after the update", partial(_alone, searching, index, vectors, compared)


def _alone(step: Callable[..., Figures], *given: object) -> Figures:
    """Run a step in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(step, *given).result()


def make_vectors(
    path: Path, model: Embedder, texts: Texts, real: int, questions: int
) -> MadeVectors:
    """Embed the first ``real`` passages, all sentences and the questions; fit the others."""
    first = list(islice(_indexed(texts), real))
    sentences = list(dict.fromkeys(s for article in texts.pool for s in article))
    asked = [q.text for file in DEVELOPMENT_SETS for q in load_squad(file).questions]
    every = max(1, len(asked) // questions)
    made = MadeVectors.fit(model, first, sentences, asked[::every][:questions])
    made.save(path)
    return made


def _indexed(texts: Texts) -> Iterator[str]:
    for text in texts.documents(1 << 62):
        yield from (indexed_text(passage) for passage in passages(Document("", text)))


def machine() -> dict[str, Any]:
    """What it ran on."""
    names = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((n.partition(": ")[2] for n in names if n.startswith("model name")), "")
    packages = {name: version(name) for name in ("faiss-cpu", "numpy")}
    return {"cpu": model, "cores": os.cpu_count(), **packages} | {
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def _require_room(folder: Path, most: int) -> None:
    """Stop before the disk is full."""
    free = shutil.disk_usage(folder).free
    if free < most * _PEAK_ROOM:
        raise click.ClickException(
            f"{folder} has {free >> 30} GiB left; {most:,} passages want {most * _PEAK_ROOM >> 30}."
        )


@click.command()
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Passages.")
@click.option("--real", default=5_000, show_default=True, help="Passages that are embedded.")
@click.option("--questions", default=500, show_default=True, help="Questions that are timed.")
@click.option("--compared", default=200, show_default=True, help="Of them, with exact search.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("runs/scale"))
@click.option("--keep/--no-keep", default=False, help="Keep texts and indexes of each size.")
def main(sizes: str, real: int, questions: int, compared: int, folder: Path, keep: bool) -> None:
    """Measure, and write figures, a table and a plot into the folder."""
    wanted = [int(size) for size in sizes.split(",")]
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings()
    texts = Texts(sentence_pool())
    vectors = folder / "vectors.npz"
    if vectors.exists():
        made = MadeVectors.load(vectors)
    else:
        model = load_embedder(settings.embedder, settings.cache, click.echo)
        click.echo(f"embedding {real:,} passages and the sentences that all are made of")
        remembering = CachedEmbedder(model, folder / "embedded.sqlite")
        made = make_vectors(vectors, remembering, texts, real, questions)
    likeness = made.likeness()
    _require_room(folder, max(wanted))
    runs = run(folder, wanted, texts, vectors, compared=compared, keep=keep, say=click.echo)
    about = {
        "machine": machine(),
        "real vectors": len(made.known),
        "cosines of real and made vectors": likeness,
        "sentences": sum(map(len, texts.pool)),
        "sizes": {str(size): figures for size, figures in runs.items()},
    }
    (folder / "scale.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    lines = [
        f"{len(made.known):,} vectors are the real model's; all others are made from real ones: "
        + ", ".join(f"{name} {value:.3f}" for name, value in likeness.items()),
        "",
        *table(runs),
    ]
    (folder / "scale.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plot(runs, folder / "scale.png")
    click.echo("\n".join(lines))


if __name__ == "__main__":
    main()
