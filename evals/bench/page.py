"""How fast the chat page is: ``python -m evals.bench.page``, with what the tests need installed.

It starts `dalil chat` on the bundled texts as a person would, opens the page in a browser, and asks
questions of our own development half, one after another.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click

from corpus import bundled_texts
from evals.command import OWN_SET
from evals.datasets import load_lines

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHROMIUM = ("chromium", "google-chrome", "chromium-browser", "chrome")


@click.command()
@click.option("--questions", default=20, show_default=True, help="Questions to ask.")
def main(questions: int) -> None:
    """Print seconds: server ready, page usable, answer shown; and the server's peak memory."""
    from playwright.sync_api import sync_playwright

    dataset = load_lines(OWN_SET, bundled_texts(), "own-dev", "dev")
    asked = [one.text for one in dataset.questions if not one.history][:questions]
    with served() as (process, address, ready), sync_playwright() as playwright:
        path = os.environ.get("DALIL_CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#welcome .chip", timeout=120_000)  # the models are there
        opened = [usable(page, address) for _ in range(5)]
        answered = [shown(page, question) for question in [asked[-1], *asked]][1:]
        browser.close()
        most = peak_megabytes(process.pid)
    click.echo(f"server ready after its start: {ready:.1f} s")
    click.echo(f"page usable: median of {len(opened)}, {median(opened):.2f} s")
    click.echo(
        f"answer shown after Enter: median of {len(answered)}, {median(answered):.2f} s; "
        f"slowest {max(answered):.2f} s"
    )
    click.echo(f"most memory that the server held: {most:.0f} MB")


@contextmanager
def served() -> Iterator[tuple[subprocess.Popen[str], str, float]]:
    """`dalil chat` on a free port: its address, and the seconds until it said that it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = time.perf_counter()
    command = [sys.executable, "-m", "ui", "chat", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if f":{port}" in line:
                break
        yield process, f"http://127.0.0.1:{port}", time.perf_counter() - start
        process.terminate()


def peak_megabytes(process: int) -> float:
    """The most memory that a process has held resident, in units of 1,000,000 bytes; Linux alone
    tells, elsewhere it is nan.
    """
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return float("nan")
    lines = status.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1.024e-3


def usable(page: Page, address: str) -> float:
    """Seconds from asking for the page until its box takes a question and its questions stand."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("#welcome .chip")
    page.wait_for_selector("#question textarea")
    return time.perf_counter() - start


def shown(page: Page, question: str) -> float:
    """Seconds from Enter until the answer, or the abstention, stands on the page."""
    turns = page.locator(".turn .answer").count()
    page.fill("#question textarea", question)
    start = time.perf_counter()
    page.press("#question textarea", "Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.turn .answer').length > n", arg=turns, polling=20
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
