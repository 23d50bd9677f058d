"""Hostile texts in a running Dalil: ``python -m evals.hardening.hostile``.

Each of ``hostile_texts.HOSTILE`` stands in the text, the heading and the name of a document, and in
the question that is asked of it: on the page of a real server (its HTML as Gradio sends it), in the
conversation's exports, in the Markdown of /v1/chat/completions, and in a terminal (a real one, for
which `dalil index`, `dalil ask` and `dalil ask --json` think that they write). A case is one string
in one place; it is harmless when nothing of it came alive there. What the pure functions make of
the same strings, place by place, is tested by ``tests/ui/test_hostile_places.py``, and what a
browser does by ``tests/ui/test_page_safety.py``.
"""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx
from rich.console import Console
from rich.progress import track

from corpus.errors import DalilError
from evals.hardening.hostile_checks import Reading, in_markdown, in_page, in_terminal, in_word
from evals.hardening.hostile_texts import HOSTILE
from evals.hardening.load_page import opened
from evals.hardening.load_server import Server, served

_SUBJECTS = "السروات الهضاب الينابيع المرجان الصنوبر الزيتون الرمال القصب البنفسج المرايا".split()  # noqa: SIM905
_LONGEST_QUESTION = 1_500
_CONVERSATION = 'data-conversation="'

Case = tuple[str, str, list[str]]
"""The place, the string's name, and what came alive."""


def text_of(place: int, hostile: str) -> str:
    """A Markdown text with the string in its heading and in its only paragraph."""
    line = " ".join(hostile.split())
    return (
        f"# {line}\n\nافتُتح جسر {_subject(place)} سنة {1900 + place}، وكُتب على لوحته: {hostile}\n"
    )


def question_of(place: int, hostile: str) -> str:
    """A question that it answers, with the string behind it."""
    return f"متى افتُتح جسر {_subject(place)}؟ {hostile}"[:_LONGEST_QUESTION]


def _subject(place: int) -> str:
    return f"{_SUBJECTS[place % len(_SUBJECTS)]} {place}"


async def on_the_page(server: Server, names: Sequence[str], console: Console) -> list[Case]:
    """Cases of the page, the exports, and the door for OpenAI's clients."""
    found: list[Case] = []
    async with httpx.AsyncClient(base_url=server.address, timeout=120) as http:
        plain = [await _shown(http, f"متى افتُتح جسر {word}؟") for word in ("كلمة", "غيرها", "كلمة")]
        harmless = frozenset(Reading("".join(plain)).shapes)
        for place, name in enumerate(track(names, "page", console=console, transient=True)):
            question = question_of(place, HOSTILE[name])
            html = await _shown(http, question)
            found.append(("page", name, in_page(html, harmless)))
            kept = html.rpartition(_CONVERSATION)[2].partition('"')[0]
            at = f"/dalil/conversations/{kept}"
            markdown, word = await http.get(f"{at}.md"), await http.get(f"{at}.docx")
            found.append(("markdown", name, in_markdown(markdown.raise_for_status().text)))
            found.append(("word", name, in_word(word.raise_for_status().content)))
            said = await http.post(
                "/v1/chat/completions",
                json={"model": "dalil", "messages": [{"role": "user", "content": question}]},
            )
            told = said.raise_for_status().json()["choices"][0]["message"]["content"]
            found.append(("chat completion", name, in_markdown(told)))
    return found


async def _shown(http: httpx.AsyncClient, question: str) -> str:
    """All the HTML that the page gets for a question, its source and its library."""
    visit = await opened(http)
    first = await visit.act("arrive", [])
    asked = await visit.act("answer", [question, None])
    source = await visit.act("read", [None])
    return "".join(part for part in (*first, *asked, *source) if isinstance(part, str))


def in_the_terminal(
    folder: Path, names: Sequence[str], asked: int, console: Console
) -> Iterator[Case]:
    """Cases of the command line: all names and texts indexed at once, and so many asked."""
    environment = os.environ | {"DALIL_DATA": str(folder / "terminal"), "TERM": "xterm"}
    texts = folder / "names"
    texts.mkdir()
    for place, name in enumerate(names):
        (texts / file_name(place, HOSTILE[name])).write_text(
            text_of(place, HOSTILE[name]), encoding="utf-8", newline=""
        )
    said = on_a_terminal(["index", str(texts)], environment)
    for name in names:
        yield "terminal: index", name, in_terminal(said, HOSTILE[name])
    for place, name in enumerate(track(names[:asked], "terminal", console=console, transient=True)):
        question = question_of(place, HOSTILE[name].replace("\0", ""))
        for kind in ((), ("--json",)):
            said = on_a_terminal(["ask", *kind, "--", question], environment)
            where = " ".join(("terminal: ask", *kind))
            yield where, name, in_terminal(said, HOSTILE[name])


def file_name(place: int, hostile: str) -> str:
    """The string as far as a disk takes it in a name."""
    kept = "".join("_" if sign in "/\0" else sign for sign in hostile)
    return f"{place:02} {kept.encode()[:180].decode(errors='ignore')}.md"


def on_a_terminal(words: Sequence[str], environment: dict[str, str]) -> str:
    """What `dalil` with these words writes to a terminal."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "ui", *words]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment) as process:
        os.close(its)
        said = b""
        with suppress(OSError):  # the terminal's other end is closed: that is the end
            while part := os.read(ours, 65_536):
                said += part
        process.wait()
    os.close(ours)
    return said.decode("utf-8", "replace").replace("\r\n", "\n")


@click.command()
@click.option("--strings", type=int, help="Only the first so many strings.")
@click.option("--asked", default=len(HOSTILE), show_default=True, help="Asked in the terminal.")
def main(strings: int | None, asked: int) -> None:
    """Put hostile texts through a running Dalil; exit with 1 if one did something."""
    console, names = Console(stderr=True), list(HOSTILE)[:strings]
    try:
        with TemporaryDirectory(prefix="dalil-hostile-") as name:
            folder = Path(name)
            with served(folder) as server:
                _add(server, names)
                cases = asyncio.run(on_the_page(server, names, console))
            cases += in_the_terminal(folder, names, asked, console)
    except (DalilError, httpx.HTTPError) as error:
        raise click.ClickException(str(error)) from error
    for place, name, alive in cases:
        if alive:
            click.echo(f"  {name} at {place}: {', '.join(alive[:5])}", err=True)
    for place in dict.fromkeys(place for place, _, _ in cases):
        some = [alive for where, _, alive in cases if where == place]
        click.echo(f"  {place}: {sum(not one for one in some)} of {len(some)}")
    harmless = sum(not alive for _, _, alive in cases)
    click.echo(f"hostile texts harmless: {harmless} of {len(cases)}")
    sys.exit(harmless < len(cases))


def _add(server: Server, names: Sequence[str]) -> None:
    """Add a text for each string, and a harmless one; what is refused by its name comes again
    under another. Raises DalilError, HTTPError.
    """
    each = {file_name(place, HOSTILE[name]): (place, name) for place, name in enumerate(names)}
    plain = {f"{place:02}.md": (place, name) for place, name in each.values()}
    about = {"كلمة.md": "# كلمة\n\nافتُتح جسر كلمة سنة 1899 وكُتب عليه.\n"}
    refused = _sent(server, about | {one: text_of(p, HOSTILE[n]) for one, (p, n) in each.items()})
    again = [name for name in plain if any(one.startswith(name[:2]) for one in refused)]
    if again or "" in refused:
        _sent(server, {one: text_of(p, HOSTILE[n]) for one, (p, n) in plain.items()})


def _sent(server: Server, texts: dict[str, str]) -> list[str]:
    """Add files; the names of those that were refused."""
    files = [("files", (name, text.encode())) for name, text in texts.items()]
    address = f"{server.address}/api/v1/documents?collection=own"
    answer = httpx.post(address, files=files, timeout=300).raise_for_status()
    return [
        one["name"].removesuffix(".md")
        for one in answer.json()["files"]
        if one["state"] == "refused"
    ]


if __name__ == "__main__":
    main()
