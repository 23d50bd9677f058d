"""Names that people give: of files that they add, and of collections that they make."""

import re
from unicodedata import category, normalize

from corpus.document import content_id
from corpus.errors import DalilError, UnreadableFileError
from corpus.normalise import fold
from corpus.readers import SUFFIXES

MOST_FILE_NAME = 120
MOST_COLLECTION_NAME = 60
_MOST_BYTES = 240  # file systems take 255, and four-byte letters are allowed
_JOINERS = "\u200c\u200d"  # invisible, but part of how Persian words are written
_UNFIT = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FOREIGN = re.compile(r'[<>:"|?*]')  # Windows gives these a meaning of their own
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


def shown_name(given: str) -> str:
    """The last part of a path from anywhere, without invisible characters, cut to 120."""
    last = re.split(r"[/\\]", given)[-1]
    return "".join(c for c in normalize("NFC", last) if _is_fit(c))[:MOST_FILE_NAME]


def file_name(given: str) -> str:
    """A name under which an upload called ``given`` is safe on any disk; the ending is kept.

    Different names longer than 120 characters stay different. Raises UnreadableFileError when the
    ending is none that Dalil reads.
    """
    last = re.split(r"[/\\]", given)[-1]
    name = "".join(c for c in normalize("NFC", last) if _is_fit(c))
    name = _FOREIGN.sub("_", name).strip(f" .{_JOINERS}")
    stem, dot, ending = name.rpartition(".")
    if not stem or (dot + ending).lower() not in SUFFIXES:
        raise UnreadableFileError(
            f"{shown_name(given) or '?'}: not of a type that Dalil reads.",
            f"Dalil reads {', '.join(sorted(SUFFIXES))}. Save the text as one of these.",
            arabic=f"الملف «{shown_name(given) or '?'}» من نوع لا يقرؤه دليل. "
            "احفظ نصّه بصيغة يقرؤها، مثل docx أو pdf أو txt، ثم أضِفه.",
        )
    stem = f"_{stem}" if _DEVICE.match(stem) else stem
    return _fitted(stem.rstrip(" .") or "_", dot + ending)


def _fitted(stem: str, ending: str) -> str:
    """The name, or its beginning and a mark made of the whole where it is too long."""
    if len(stem + ending) <= MOST_FILE_NAME and len((stem + ending).encode()) <= _MOST_BYTES:
        return stem + ending
    mark = f"~{content_id(stem)[:8]}{ending}"
    room = _MOST_BYTES - len(mark.encode())
    kept = stem[: MOST_FILE_NAME - len(mark)].encode()[:room].decode(errors="ignore")
    return kept.rstrip(" .") + mark


def collection_name(given: str) -> str:
    """``given`` as a collection's name; raises DalilError when it will not do."""
    name = " ".join(normalize("NFC", given).split())
    if not any(map(str.isalnum, name)):
        raise DalilError(
            "A collection's name needs a letter or a digit.",
            "Type a name for it.",
            arabic="لا بدّ في اسم المجموعة من حرف أو رقم. اكتب لها اسمًا.",
        )
    if len(name) > MOST_COLLECTION_NAME:
        raise DalilError(
            f"The name has {len(name)} characters; a collection's has {MOST_COLLECTION_NAME} "
            "at most.",
            "Shorten it.",
            arabic=f"اسم المجموعة أطول ممّا يُقبل: عدد حروفه {len(name)}، "
            f"والحدّ {MOST_COLLECTION_NAME}. اختصره.",
        )
    if not all(map(_is_fit, name)):
        raise DalilError(
            "The name holds invisible control characters.",
            "Type it instead of pasting it.",
            arabic="في الاسم رموز تحكّم لا تُرى. اكتبه بنفسك بدل لصقه.",
        )
    return name


def name_key(name: str) -> str:
    """Equal for names that people would take for one another."""
    return " ".join(fold(name).split()) or name


def _is_fit(character: str) -> bool:
    return character in _JOINERS or category(character) not in _UNFIT
