"""A malicious OpenAI-compatible server on this machine: ``python -m evals.adversary --port 0``.

It reads the passages that it is asked to write from, and answers with an attack: of words
(``evals.attacks``) or of the wire (``DELIVERIES``). Point ``DALIL_GENERATOR`` at its address.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Lock, Thread
from types import TracebackType
from typing import Any

import click

from evals.attacks import WORDINGS
from evals.deliveries import DELIVERIES, Wire, steady
from evals.lines import Line
from evals.prompt_reading import Seen, read_prompt

ATTACKS = (*WORDINGS, *DELIVERIES)
"""Names of every attack, in the order in which they take turns."""
_ALL_THAT_COMES = 1 << 22


@dataclass(frozen=True, slots=True)
class Said:
    """One reply: which attack it was, what it was shown, and its sentences."""

    attack: str
    seen: Seen
    lines: tuple[Line, ...]


class Adversary:
    """The server, from ``with`` until its end; ``said`` are its replies so far, oldest first.

    Attacks take turns; with a ``seed`` of 1 and more their order is shuffled. A question that
    comes again after a refusal meets the same refusal. ``pace`` is the seconds between the
    letters of a slow reply, and ``most`` the characters of an endless one, which has an end here so
    that a test has one.
    """

    def __init__(
        self,
        attacks: Sequence[str] = ATTACKS,
        seed: int = 0,
        port: int = 0,
        pace: float = 0.3,
        most: int = 2_000_000,
    ) -> None:
        self.said: list[Said] = []
        self.pace, self.most = pace, most
        self._rng = Random(seed)
        self._attacks = list(attacks)
        if seed:
            self._rng.shuffle(self._attacks)
        self._turn = 0
        self._lock = Lock()
        self._refused: tuple[Seen, str] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.adversary = self  # type: ignore[attr-defined]
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """What ``DALIL_GENERATOR`` is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Adversary:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Serve in this thread until it is interrupted."""
        self._server.serve_forever()

    def reply(self, seen: Seen) -> tuple[Said, Random]:
        """The next attack on ``seen``, and the dice for its delivery."""
        with self._lock:
            if self._refused and self._refused[0] == seen:
                name = self._refused[1]
            else:
                name = self._attacks[self._turn % len(self._attacks)]
                self._turn += 1
            refusing = name in DELIVERIES and DELIVERIES[name].refuses
            self._refused = (seen, name) if refusing else None
            rng = Random(self._rng.random())
            wording = WORDINGS[name] if name in WORDINGS else WORDINGS["mostly_bad"]
            said = Said(name, seen, tuple(wording(seen, rng)))
            self.said.append(said)
            return said, rng


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""

    def do_GET(self) -> None:
        """The list of models."""
        listed = {"object": "list", "data": [{"id": "adversary", "object": "model"}]}
        Wire(self).whole(200, "application/json", json.dumps(listed).encode())

    def do_POST(self) -> None:
        """One reply to a chat completion."""
        adversary: Adversary = self.server.adversary  # type: ignore[attr-defined]
        asked = self._asked()
        messages = asked.get("messages")
        said, rng = adversary.reply(read_prompt(messages if isinstance(messages, list) else []))
        wire = Wire(self, bool(asked.get("stream")), adversary.pace, adversary.most)
        delivery = DELIVERIES[said.attack].send if said.attack in DELIVERIES else steady
        with suppress(OSError):  # whoever asked has gone: that is what should happen
            delivery(wire, "\n".join(line.said for line in said.lines), rng)
        self.close_connection = True

    def _asked(self) -> dict[str, Any]:
        length = min(int(self.headers.get("Content-Length") or 0), _ALL_THAT_COMES)
        try:
            asked = json.loads(self.rfile.read(length))
        except ValueError:
            return {}
        return asked if isinstance(asked, dict) else {}


@click.command()
@click.option("--port", default=0, show_default=True, help="0 takes a free one.")
@click.option("--seed", default=0, show_default=True, help="0 keeps the attacks' own order.")
@click.option("--attack", "attacks", multiple=True, type=click.Choice(ATTACKS), help="Only these.")
@click.option("--pace", default=0.3, show_default=True, help="Seconds a letter, of a slow reply.")
def main(port: int, seed: int, attacks: tuple[str, ...], pace: float) -> None:
    """Serve attacks to whoever asks on this machine, and print the address."""
    adversary = Adversary(attacks or ATTACKS, seed, port, pace)
    click.echo(adversary.address)
    sys.stdout.flush()
    try:
        adversary.serve()
    except KeyboardInterrupt:
        click.echo(f"{len(adversary.said)} replies", err=True)


if __name__ == "__main__":
    main()
