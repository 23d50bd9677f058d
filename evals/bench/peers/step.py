"""One step of one system, in a process of its own: ``python -m evals.bench.peers.step``.

It prints one line of JSON behind ``MARK``, as soon as it knows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar, cast

from evals.bench.peers.system import SYSTEMS, Answering, Search, System
from evals.bench.peers.workload import Workload, lay_out

MARK = "@@ "
CLIENTS = 8
LIMIT = 10
_WARM_UP = 5

Made = TypeVar("Made")


def index(system: System, work: Workload, folder: Path) -> dict[str, Any]:
    """Seconds to load the model, and then to index everything."""
    lay_out(Path(work.files), work.texts)
    loading, model = _timed(lambda: system.load(work))
    building, _ = _timed(lambda: system.build(model, work, folder))
    return {"load_s": loading, "index_s": building}


def update(system: System, work: Workload, folder: Path) -> dict[str, Any]:
    """Seconds to bring the index up to date, and the share of changed texts that are then found."""
    lay_out(Path(work.files), work.changed)
    loading, model = _timed(lambda: system.load(work))
    updating, _ = _timed(lambda: system.update(model, work, folder))
    checking, found = _timed(lambda: _share_found(system.open_search(model, folder), work.changed))
    return {"load_s": loading, "update_s": updating, "checking_s": checking, "found": found}


def _share_found(find: Search, changed: Mapping[str, str]) -> float:
    """The share of texts that are among the results for their own last words."""
    return sum(name in find(text[-300:], LIMIT) for name, text in changed.items()) / len(changed)


def cold(system: System, work: Workload, folder: Path) -> dict[str, Any]:
    """Seconds of each part until the first result; the whole is timed from outside."""
    loading, model = _timed(lambda: system.load(work))
    opening, search = _timed(lambda: system.open_search(model, folder))
    searching, found = _timed(lambda: search(work.questions[0][0], LIMIT))
    return {"load_s": loading, "open_s": opening, "first_s": searching, "results": len(found)}


def search(system: System, work: Workload, folder: Path) -> dict[str, Any]:
    """Milliseconds of each question, asked alone and by eight threads at once, and the results."""
    find = system.open_search(system.load(work), folder)
    questions = [question for question, _ in work.questions]
    for question in questions[-_WARM_UP:]:  # the last ones: some systems remember the latest
        find(question, LIMIT)
    alone = [_asked(find, question) for question in questions]
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        together = list(clients.map(lambda question: _asked(find, question), questions))
    seconds = time.perf_counter() - start
    return {
        "alone_ms": [ms for ms, _ in alone if ms is not None],
        "clients_ms": [ms for ms, _ in together if ms is not None],
        "clients_failed": sum(ms is None for ms, _ in together),
        "clients_per_s": len(questions) / seconds,
        "results": [names for _, names in alone],
    }


def answer(system: System, work: Workload, folder: Path) -> dict[str, Any]:
    """Milliseconds of each question's answer, asked alone, and the answers."""
    ask = cast(Answering, system).open_answer(system.load(work), folder, work)
    questions = [question for question, _ in work.questions]
    for question in questions[-_WARM_UP:]:
        ask(question)
    timed = [_timed(partial(ask, question)) for question in questions]
    return {
        "answer_ms": [1_000 * seconds for seconds, _ in timed],
        "answers": [text for _, text in timed],
    }


def encode(_: System, work: Workload, folder: Path) -> dict[str, Any]:  # noqa: ARG001
    """Seconds of plain ``SentenceTransformer.encode`` in float32 on all texts."""
    from evals.bench.peers import plain

    model = plain.load(work)
    seconds, vectors = _timed(lambda: plain.encode(model, list(work.texts.values())))
    return {"encode_s": seconds, "n": len(vectors)}


STEPS = {
    "index": index,
    "cold": cold,
    "search": search,
    "answer": answer,
    "update": update,
    "encode": encode,
}


def _timed(work: Callable[[], Made]) -> tuple[float, Made]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _asked(find: Search, question: str) -> tuple[float | None, list[str]]:
    """Milliseconds and results; no time for a question that broke the search."""
    try:
        seconds, found = _timed(lambda: find(question, LIMIT))
    except RuntimeError:  # "Already borrowed": some systems' tokenizers cannot be shared by threads
        return None, []
    return 1_000 * seconds, found


def peak_megabytes() -> float:
    """The most memory that this process has held, in units of 1,000,000 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # unlike `ru_maxrss` it does not begin with what the parent held
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1.024e-3
    import resource

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """The version of each package that is installed here."""
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def main(module: str, step: str, work: str, folder: str) -> None:
    """Run the step and print what it found."""
    described = SYSTEMS[module]
    found = STEPS[step](described.open(), Workload.load(Path(work)), Path(folder))
    found |= {"peak_mb": peak_megabytes(), "versions": versions(described.packages)}
    print(f"\n{MARK}{json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
