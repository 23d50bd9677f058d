"""Lines of JSON: an object in each line becomes a block of text."""

import json
import re
from typing import Any

from corpus.document import Document
from corpus.encoding import decode
from corpus.errors import UnreadableFileError
from corpus.readers.draft import Draft

_TEXTS = frozenset(
    (
        *("text", "content", "body", "passage", "paragraph", "context", "article"),
        *("نص", "النص", "محتوى", "المحتوى", "متن", "المتن"),
    )
)
_TITLES = frozenset(("title", "heading", "headline", "عنوان", "العنوان"))
_LONGEST_KEY = 200  # characters; each value inside repeats it
_LINE = re.compile(r"[^\r\n]+")
_NOT_CHARACTERS = re.compile("[\0\ud800-\udfff]")  # what an escape can write and no file can hold


def read_jsonl(data: bytes, source: str) -> Document:
    """A .jsonl file: a field named as a title is a heading, the one named as a text stands whole.

    Other values, also those inside lists and objects, are lines "key: value"; null is left out.
    Lines that hold no JSON object are counted in a warning. Raises UnreadableFileError where none
    does.
    """
    text, _ = decode(data, source)
    draft = Draft(source)
    records = broken = 0
    for line in _LINE.finditer(text):
        if line[0].isspace():
            continue
        try:
            fields = _fields(_object(line[0]))
        except (ValueError, RecursionError):
            broken += 1
            continue
        records += 1
        _write_record(draft, fields)
    if not records:
        raise UnreadableFileError(
            f"{source}: no line of it is a JSON object.",
            "Write one object in each line, for example: jq -c '.[]' list.json > lines.jsonl",
            arabic=f"لا سطر في الملف «{source}» فيه كائن JSON سليم. "
            "اكتب كلّ كائن في سطر وحده، ثم أضِف الملف.",
        )
    warning = f"في الملف أسطر عددها {broken} ليست كائنات JSON سليمة، فلم تُقرأ."
    return draft.document(warnings=(warning,) if broken else ())


def _object(line: str) -> dict[str, Any]:
    value = json.loads(line, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _fields(value: Any) -> list[tuple[str, str]]:
    """Each value with its key, and with the keys of the objects around it."""
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(_inside(key, name), part) for name, part in reversed(value.items())]
        elif isinstance(value, list):
            if all(isinstance(part, str) for part in value):
                waiting.append((key, "، ".join(value)))
            else:
                waiting += [(key, part) for part in reversed(value)]
        elif value is not None:
            written = value if isinstance(value, str) else json.dumps(value)
            found.append((key, written))
    return [(_whole(key), _whole(written)) for key, written in found]


def _whole(text: str) -> str:
    return _NOT_CHARACTERS.sub("\ufffd", text)


def _inside(key: str, name: str) -> str:
    return (f"{key} › {name}" if key else name)[:_LONGEST_KEY]


def _write_record(draft: Draft, fields: list[tuple[str, str]]) -> None:
    """The titles, then the one field that is the text, then the others in their order."""
    texts = [at for at, (key, _) in enumerate(fields) if key.strip().casefold() in _TEXTS]
    whole = texts[0] if len(texts) == 1 else None
    titles = [at for at, (key, _) in enumerate(fields) if key.strip().casefold() in _TITLES]
    for at in titles:
        draft.heading(fields[at][1])
    if whole is not None:
        draft.paste(fields[whole][1].strip())
    draft.block()
    for at, (key, value) in enumerate(fields):
        if at != whole and at not in titles:
            draft.line(value, before=f"{' '.join(key.split())}: ")
