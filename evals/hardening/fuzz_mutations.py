"""Whole files made broken: bytes, markup, objects of a PDF, members of a package."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from evals.hardening.fuzz_seeds import pack, unpack

Mutation = Callable[[Random, bytes], bytes]

NASTY = (
    *("", "0", "-1", "1", "2147483647", "-2147483648", "4294967296", "9" * 400, "9" * 5_000),
    *("1e309", "-1e-400", "NaN", "Infinity", "1.5", "٣", "½", "٢٠٢٦", "true", "null"),
    *("../../etc/passwd", "/etc/passwd", "C:\\x", "file:///etc/passwd", "http://127.0.0.1:1/"),
    *("\0", "\u202e", "\ufeff", "\ufffe", "\U000f0001", "\ud800", "ـ" * 300, "\u064b" * 300),
    *("&x;", "&#xD800;", "&#0;", "&#x110000;", "]]>", "<!--", "<![CDATA[", "%s%n", '"', "'", "\r"),
    *("utf-16", "utf-7", "cp037", "rot13", "punycode", "idna", "undefined", "x" * 10_000),
)
_TOKENS = tuple(word.encode("utf-8", "surrogatepass") for word in NASTY)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_VALUE = re.compile(rb"=(\"[^\"]{0,500}\"|'[^']{0,500}')")
_CONTENT = re.compile(rb">([^<>]{1,2000})<")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_OBJECT = re.compile(rb"\d+ 0 obj.*?endobj", re.DOTALL)
_NAME = re.compile(rb"/[A-Za-z0-9]{1,30}")
_FILTERS = (b"/FlateDecode", b"/LZWDecode", b"/ASCII85Decode", b"/RunLengthDecode", b"/JBIG2Decode")
_DECLARED = re.compile(r"(charset|encoding)=.[\w-]+", re.IGNORECASE)
_ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY x "&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
)
_ENCODINGS = ("utf-16", "utf-32", "cp1256", "koi8-r", "shift-jis", "utf-8-sig", "cp037", "utf-7")


def _place(random: Random, data: bytes) -> int:
    return random.randrange(len(data) + 1)


def _flip(random: Random, data: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        if made:
            made[random.randrange(len(made))] = random.randrange(256)
    return bytes(made)


def _cut(random: Random, data: bytes) -> bytes:
    return data[: _place(random, data)]


def _drop(random: Random, data: bytes) -> bytes:
    start, end = sorted((_place(random, data), _place(random, data)))
    return data[:start] + data[min(end, start + random.choice((1, 16, 4_000))) :]


def _repeat(random: Random, data: bytes) -> bytes:
    start, end = sorted((_place(random, data), _place(random, data)))
    return data[:end] + data[start:end][:20_000] * random.choice((1, 2, 30)) + data[end:]


def _insert(random: Random, data: bytes) -> bytes:
    at = _place(random, data)
    return data[:at] + random.choice(_TOKENS) + data[at:]


def _swap(random: Random, data: bytes) -> bytes:
    a, b, c = sorted(_place(random, data) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


BYTES: tuple[Mutation, ...] = (_flip, _flip, _cut, _drop, _repeat, _insert, _swap)


def _one(pattern: re.Pattern[bytes], random: Random, data: bytes, new: bytes) -> bytes:
    """``data`` with ``new`` in place of one of the places that the pattern finds."""
    found = [match.span(match.lastindex or 0) for match in pattern.finditer(data)]
    if not found:
        return _insert(random, data)
    start, end = random.choice(found)
    return data[:start] + new + data[end:]


def _attribute(random: Random, data: bytes) -> bytes:
    return _one(_VALUE, random, data, b'"%s"' % random.choice(_TOKENS))


def _content(random: Random, data: bytes) -> bytes:
    return _one(_CONTENT, random, data, random.choice(_TOKENS))


def _tag(random: Random, data: bytes) -> bytes:
    """Drop, repeat or nest a tag."""
    tags = _TAG.findall(data)
    if not tags:
        return _insert(random, data)
    tag = random.choice(tags)
    return _one(_TAG, random, data, tag * random.choice((0, 1, 2, 40, 3_000)))


def _doctype(random: Random, data: bytes) -> bytes:
    at = data.find(b"?>") + 2 if data.startswith(b"<?") else 0
    made = data[:at] + random.choice(_ENTITIES) + data[at:]
    return _one(_CONTENT, random, made, b"&x;")


def _encoding(random: Random, data: bytes) -> bytes:
    name = random.choice(_ENCODINGS)
    text = data.decode("utf-8", "replace")
    if random.random() < 0.5:
        text = _DECLARED.sub(f'\\1="{random.choice(NASTY[-8:-1])}', text)
    return text.encode(name, "replace")


MARKUP: tuple[Mutation, ...] = (_attribute, _attribute, _content, _tag, _tag, _doctype, _encoding)
TEXT: tuple[Mutation, ...] = (*BYTES, _insert, _insert, _encoding)


def _number(random: Random, data: bytes) -> bytes:
    return _one(_NUMBER, random, data, random.choice(_TOKENS[:14]))


def _reference(random: Random, data: bytes) -> bytes:
    return _one(_REFERENCE, random, data, b"%d" % random.choice((0, 1, 2, 3, 4, 5, 9, 10**9)))


def _object(random: Random, data: bytes) -> bytes:
    found = _OBJECT.findall(data)
    return _one(_OBJECT, random, data, random.choice((b"", *found[:200])))


def _name(random: Random, data: bytes) -> bytes:
    names = list(dict.fromkeys(_NAME.findall(data[:200_000])))
    return _one(_NAME, random, data, random.choice((*names, *_FILTERS, b"/Kids", b"/Parent")))


_OF_OBJECTS = (_number, _number, _number, _reference, _reference, _object, _name, _name)
PDF: tuple[Mutation, ...] = (*BYTES, *_OF_OBJECTS)


def _member(random: Random, data: bytes) -> bytes:
    """One or two members of a package broken, and the package whole again."""
    files = unpack(data)
    for _ in range(random.choice((1, 1, 2))):
        name = random.choice([*files])
        kinds: Sequence[Mutation] = MARKUP if random.random() < 0.75 else BYTES
        files[name] = random.choice(kinds)(random, files[name])
    return pack(files)


def _members(random: Random, data: bytes) -> bytes:
    """Members left out, exchanged, or under another name."""
    files = unpack(data)
    one, other = random.choice([*files]), random.choice([*files])
    kind = random.randrange(4)
    if kind == 0:
        del files[one]
    elif kind == 1:
        files[one], files[other] = files[other], files[one]
    elif kind == 2:
        files["../" * random.randrange(9) + other] = files.pop(one)
    else:
        files[one] = b""
    return pack(files)


_WHOLE = (_flip, _cut, _drop, _insert)
PACKAGE: tuple[Mutation, ...] = (_member, _member, _member, _member, _members, *_WHOLE)


def mutated(random: Random, data: bytes, mutations: Sequence[Mutation]) -> bytes:
    """``data`` after one to four mutations; packages after one, for those must open."""
    times = 1 if mutations is PACKAGE else random.choice((1, 1, 2, 4))
    for _ in range(times):
        data = random.choice(mutations)(random, data)
    return data[:4_000_000]
