"""A cited file as it was when its text was read, or nothing."""

import stat
from hashlib import sha256
from pathlib import Path

from corpus.readers import MAX_FILE_BYTES
from index.store import FileRecord


def unchanged_bytes(record: FileRecord) -> bytes | None:
    """The file's bytes; None when it cannot be read, is too large, or holds other bytes now."""
    path = Path(record.path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting
            return None
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return None
    same = len(data) <= MAX_FILE_BYTES and sha256(data).hexdigest() == record.file_hash
    return data if same else None
