"""The REST endpoint of a running server, and the pipeline behind it, given anything at all."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from corpus import bundled_texts
from evals.hardening.fuzz_files import damaged
from evals.hardening.fuzz_judging import HangError, Maker, Work
from evals.hardening.fuzz_mutations import NASTY
from evals.hardening.fuzz_seeds import seeds
from evals.hardening.fuzz_words import any_text

_QUESTION = "أين تقع مدينة القاهرة؟"
_BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/ask": {"question": _QUESTION, "history": [{"query": _QUESTION, "answer": "مصر"}]},
    "/api/v1/search": {"query": _QUESTION, "limit": 3},
    "/v1/chat/completions": {
        "model": "dalil",
        "messages": [{"role": "user", "content": _QUESTION}],
    },
}
_PLACES = ("/api/v1/documents/{}", "/api/v1/documents?collection={}", "/v1/models/{}", "/{}")
_PATIENCE = 60.0  # seconds by the clock; beside the server other processes of the run are at work
_HONEST = {429, 503}  # of the server's errors, those that say: later


@contextmanager
def asking() -> Iterator[Maker]:
    """Questions to the real pipeline over the bundled texts, in this process."""
    from index.build import build_index
    from qa.answer import Exchange
    from qa.models import Models
    from qa.settings import load_settings

    with tempfile.TemporaryDirectory(prefix="dalil-fuzz-") as folder:
        settings = load_settings(index=Path(folder, "index"))
        models = Models.load(settings)
        build_index(
            settings.index_folder, few_texts(), models.embedder.name, lambda: models.embedder
        )
        pipeline = models.pipeline(settings.index_folder)

        def make(random: Random, _number: int) -> Work:
            longest = random.choice((100, 100, 100, 100, 100, 100, 400, 400, 1_900))
            question, before = (any_text(random, "\ud800\udfff", longest) for _ in range(2))
            history = [Exchange(before, before[:100])] if random.random() < 0.5 else []
            return lambda: pipeline.ask(question, history=history)

        yield make


@contextmanager
def requesting() -> Iterator[Maker]:
    """Requests to ``dalil chat`` as a process; what it answers must be an answer or a refusal."""
    import httpx

    with tempfile.TemporaryDirectory(prefix="dalil-fuzz-") as folder:
        client = httpx.Client(timeout=_PATIENCE)
        with _server(Path(folder)) as address, client:

            def make(random: Random, _number: int) -> Work:
                request = _request(random, client, address)
                return lambda: _send(client, request)

            yield make


def _send(client: Any, request: Any) -> None:
    """Raises DalilError for a refusal, HangError without an answer, RuntimeError for a fault."""
    import httpx

    from corpus.errors import DalilError

    try:
        answer = client.send(request)
    except httpx.TimeoutException as error:
        raise HangError from error
    if answer.status_code >= 500 and answer.status_code not in _HONEST:
        raise RuntimeError(f"{answer.status_code}: {answer.text[:300]}")
    if answer.status_code >= 400:
        raise DalilError(answer.text or "(nothing)", arabic="رُفض الطلب.")


def _request(random: Random, client: Any, address: str) -> Any:
    kind = random.random()
    if kind < 0.65:
        path, body = random.choice([*_BODIES.items()])
        changed = _changed(random, body)
        sent = json.dumps(changed).encode()
        if random.random() < 0.25:
            sent = damaged(random, ".jsonl")
        headers = {"content-type": random.choice(("application/json",) * 5 + ("text/plain", "x"))}
        return client.build_request("POST", address + path, content=sent, headers=headers)
    if kind < 0.8:
        suffix = random.choice([*seeds()])
        before = random.choice(("a", "../../a", "\u202ea", "", "a\0", "CON", "x" * 300))
        name = before + suffix
        files = {"files": (name, damaged(random, suffix))}
        return client.build_request("POST", f"{address}/api/v1/documents", files=files)
    word = "".join(f"%{byte:02x}" for byte in random.choice(NASTY)[:300].encode("utf-8", "replace"))
    method = random.choice(("GET", "GET", "DELETE", "PUT", "OPTIONS"))
    return client.build_request(method, address + random.choice(_PLACES).format(word))


def _changed(random: Random, value: Any) -> Any:
    """A JSON value with some of its parts of other kinds or sizes."""
    if random.random() < 0.15:
        deep: Any = 1
        for _ in range(random.choice((1, 50, 900))):
            deep = [deep] if random.random() < 0.5 else {"question": deep}
        odd: tuple[Any, ...] = (
            deep,
            None,
            True,
            -1,
            10**400,
            1e308,
            [],
            {},
            random.choice(NASTY),
            any_text(random),
        )
        return random.choice(odd)
    if isinstance(value, dict):
        made = {key: _changed(random, part) for key, part in value.items()}
        if random.random() < 0.2:
            name = random.choice(("mood", "stream", "collection", "write", "x"))
            made[name] = random.choice(NASTY)
        return made
    if isinstance(value, list):
        return [_changed(random, part) for part in value] * random.choice((1, 1, 1, 3, 300))
    return any_text(random, "\ud800", 2_100) if random.random() < 0.3 else value


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """A server over the bundled texts in a data folder of its own; gives its address."""
    places = {"DALIL_DATA": str(folder / "data"), "DALIL_INDEX": str(folder / "index")}
    environment = os.environ | places
    dalil = [sys.executable, "-m", "ui"]
    subprocess.run(
        [*dalil, "index", *map(str, few_texts())], env=environment, check=True, capture_output=True
    )
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(
            [*dalil, "chat", "--no-browser", "--port", str(_free_port())],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if found := re.search(r"http://[\d.:]+", line):
                    break
            else:
                raise RuntimeError((folder / "log").read_text()[-2_000:])
            _wait_until_ready(found[0])
            yield found[0]
        finally:
            process.terminate()
            process.wait()


def few_texts() -> list[Path]:
    """Some of the bundled texts: enough to answer from, and soon indexed."""
    return [bundled_texts() / name for name in ("cairo.md", "vaccines.md", "amman-petra.md")]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


def _wait_until_ready(address: str) -> None:
    import httpx

    for _ in range(120):
        if httpx.get(f"{address}/api/v1/ready").status_code == 200:
            return
        time.sleep(1)
    raise RuntimeError("the server did not become ready")
