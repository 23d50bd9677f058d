"""What a language model that is down costs: ``python -m evals.bench.generator``.

Each question of our own development half is asked with no model set, with a server that refuses,
and with one that takes the connection and says nothing. An answer ends when nothing more comes.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import median

import click

from corpus import bundled_texts
from evals.command import OWN_SET
from evals.datasets import load_lines
from evals.generation import open_bench
from index.progress import Silent
from qa.generators import load_generator
from qa.pipeline import Pipeline
from qa.settings import load_settings


@click.command()
@click.option("--questions", default=30, show_default=True, help="Questions to ask.")
def main(questions: int) -> None:
    """Print the median seconds of an answer in each case, and what it has more than with no model:
    the median over the questions, for their times lie in two heaps.
    """
    dataset = load_lines(OWN_SET, bundled_texts(), "own-dev", "dev")
    asked = [one.text for one in dataset.questions if not one.history][:questions]
    bench = open_bench(load_settings(), dataset, Silent())

    def pipeline(address: str) -> Pipeline:
        return Pipeline(
            lambda: bench.index,
            lambda _: bench.reader,
            bench.threshold,
            bench.candidates,
            generator=load_generator(load_settings(generator=address)) if address else None,
        )

    with silent() as address:
        cases = {
            "no model": pipeline(""),
            "refuses": pipeline(f"http://127.0.0.1:{_closed_port()}/v1"),
            "says nothing": pipeline(address),
        }
        pipeline("").ask(asked[-1])  # loads what is loaded once
        taken = {name: [0.0] * len(asked) for name in cases}
        for place, question in enumerate(asked):  # in turn, so that all meet the same machine
            for name, one in cases.items():
                taken[name][place] = _seconds(one, question)
    _print(taken)


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and says nothing: its address."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _seconds(pipeline: Pipeline, question: str) -> float:
    begun = time.perf_counter()
    for _ in pipeline.write(pipeline.ask(question)):
        pass
    return time.perf_counter() - begun


def _print(taken: Mapping[str, Sequence[float]]) -> None:
    for name, seconds in taken.items():
        more = [one - alone for one, alone in zip(seconds, taken["no model"], strict=True)]
        click.echo(
            f"{name}: median of {len(seconds)}, {median(seconds):.3f} s; more than with no model: "
            f"median {1000 * median(more):.0f} ms, most {1000 * max(more):.0f} ms"
        )


if __name__ == "__main__":
    main()
