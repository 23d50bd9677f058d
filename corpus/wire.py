"""Messages between Dalil and the child that parses: JSON and bytes, each behind its length.

Nothing of a message is ever run or unpickled, and no length is believed beyond the limits below:
a hostile file may have taken the child over.
"""

import json
import struct
from typing import Any, BinaryIO

MOST_JSON = 256 * 1024 * 1024
MOST_BYTES = 1024**3  # a file of 200 MiB in an eight-bit encoding can triple as UTF-8

_LENGTHS = struct.Struct(">QQ")
_SMALL = 65_536


def send(pipe: BinaryIO, words: dict[str, Any], data: bytes = b"") -> None:
    """Write one message. Raises OSError where nobody reads any more."""
    said = json.dumps(words).encode("ascii")
    head = _LENGTHS.pack(len(said), len(data)) + said
    if len(data) <= _SMALL:
        pipe.write(head + data)
    else:
        pipe.write(head)
        pipe.write(data)
    pipe.flush()


def receive(pipe: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Raises EOFError where it ends early, ValueError where it is too large or no JSON object.
    """
    said, data = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    if said > MOST_JSON or data > MOST_BYTES:
        raise ValueError("a message that is too large")
    try:
        words = json.loads(_exactly(pipe, said))
    except RecursionError as error:
        raise ValueError("a message that is nested too deep") from error
    if not isinstance(words, dict):
        raise ValueError("a message that is no JSON object")
    return words, _exactly(pipe, data)


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError("the message ends early")
    return data
