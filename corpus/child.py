"""The child process that parses: ``python -m corpus.child``, started by ``corpus.parsing``.

It reads requests from its standard input and writes an answer to each to its standard output,
until the input ends.
"""

import os
import signal
import sys
import traceback
from typing import Any, BinaryIO

from corpus import limits
from corpus.errors import UnreadableFileError
from corpus.wire import receive, send

_MOST_TOLD = 2_000  # characters of a fault

Answer = tuple[dict[str, Any], bytes]


def main() -> None:
    """Answer until the input ends, a file has broken something, or much memory was held."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    requests, answers = sys.stdin.buffer, _only_for_answers()
    _load_readers()
    limits.confine()
    while True:
        try:
            words, data = receive(requests)
        except EOFError:
            return
        limits.allow(words["seconds"], words["memory"])
        said, blob = _answer(words, data)
        del data
        said["last"] = "broken" in said or limits.is_large()
        send(answers, said, blob)
        if said["last"]:
            return


def _only_for_answers() -> BinaryIO:
    """The pipe to the parent; what a library prints must not get in between."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _load_readers() -> None:
    """Import the readers while Python may still keep what it compiles of them."""
    import corpus.readers.csv
    import corpus.readers.docx
    import corpus.readers.epub
    import corpus.readers.jsonl
    import corpus.readers.kinds
    import corpus.readers.pdf
    import corpus.readers.pdf_glyphs
    import corpus.readers.pdf_page
    import corpus.readers.pptx
    import corpus.readers.text
    import corpus.readers.xlsx  # noqa: F401


def _answer(words: dict[str, Any], data: bytes) -> Answer:
    try:
        return _picture(words, data) if words["do"] == "draw" else _document(words, data)
    except UnreadableFileError as error:
        return {"refused": [error.message, error.hint, error.arabic]}, b""
    except MemoryError:
        return {"broken": "memory"}, b""
    except Exception:  # the parent is told, and this process ends
        return {"broken": "fault", "told": traceback.format_exc()[-_MOST_TOLD:]}, b""


def _document(words: dict[str, Any], data: bytes) -> Answer:
    from corpus.readers import document_in

    document = document_in(data, words["suffix"], words["source"])
    said = {
        "title": document.title,
        "pages": document.pages,
        "headings": document.headings,
        "warnings": document.warnings,
    }
    return said, document.text.encode()


def _picture(words: dict[str, Any], data: bytes) -> Answer:
    from corpus.readers.pdf_picture import page_picture

    picture = page_picture(data, words["page"], words["quote"], words["width"], words["before"])
    said = {"width": picture.width, "height": picture.height, "boxes": picture.boxes}
    return said, picture.webp


if __name__ == "__main__":
    main()
