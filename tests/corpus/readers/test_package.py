import io
import zipfile

import pytest
from lxml.etree import LxmlError

import corpus.readers.package
from corpus.errors import UnreadableFileError
from corpus.readers.package import check_markup, open_package, part_tree, resolve


def packed(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def refusal(data: bytes, *, most_marks: int = 100) -> UnreadableFileError:
    with (
        pytest.raises(UnreadableFileError) as caught,
        open_package(data, "كتاب", "thing", "Save it again.") as archive,
    ):
        check_markup(archive, "كتاب", most_marks)
    assert caught.value.message.startswith("كتاب: ")
    assert caught.value.hint
    return caught.value


def test_what_a_package_holds_is_read_inside_the_block() -> None:
    with open_package(packed(("أ.xml", b"<a>1</a>")), "x", "thing", "") as archive:
        assert part_tree(archive, "أ.xml").text == "1"


@pytest.mark.parametrize("error", [KeyError, RuntimeError, zipfile.BadZipFile, ZeroDivisionError])
def test_damage_found_in_the_block_has_the_callers_words(error: type[Exception]) -> None:
    with (
        pytest.raises(UnreadableFileError) as caught,
        open_package(packed(), "x", "thing", "Save it again."),
    ):
        raise error("deep inside a library")
    assert caught.value.message == "x: this is not a whole thing."
    assert caught.value.hint == "Save it again."


def test_the_library_of_a_caller_can_name_its_own_damage() -> None:
    class OddError(Exception):
        pass

    with pytest.raises(UnreadableFileError), open_package(packed(), "x", "thing", "", OddError):
        raise OddError


def test_a_refusal_inside_the_block_stays_as_it_is() -> None:
    with (
        pytest.raises(UnreadableFileError, match="locked by its seller"),
        open_package(packed(), "x", "thing", ""),
    ):
        raise UnreadableFileError("locked by its seller")


def test_a_password() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(ole).message
    data = bytearray(packed(("a.xml", b"<a/>")))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted entry
    assert "password" in refusal(bytes(data)).message


def test_too_many_parts() -> None:
    assert "files" in refusal(b"PK\x01\x02" * 50_001).message


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.readers.package, "MAX_UNPACKED_BYTES", 10)
    data = packed(("a", b"12345"), ("b", b"123456"))
    assert "unpacks to" in refusal(data).message


@pytest.mark.parametrize(
    "xml",
    [
        b"<a>" + b"<b/>" * 100 + b"</a>",
        b"\xef\xbb\xbf \n<a>" + b"<b/>" * 100 + b"</a>",
        b"<a " + b"".join(b"b%d='' " % n for n in range(100)) + b"/>",
        ("<a>" + "<b/>" * 100 + "</a>").encode("utf-16"),
    ],
)
def test_marks_are_counted_in_every_part(xml: bytes) -> None:
    assert "pieces of markup" in refusal(packed(("picture.png", xml))).message
    with open_package(packed(("a.xml", xml)), "x", "thing", "") as archive:
        check_markup(archive, "x", 102)


def test_the_bytes_of_pictures_are_no_marks() -> None:
    with open_package(packed(("a.png", b"\x89PNG" + b"<=" * 1000)), "x", "thing", "") as archive:
        check_markup(archive, "x", 100)


@pytest.mark.parametrize(
    "xml",
    [
        b"<?xml version='1.0' encoding='UTF-7'?>+ADw-a/+AD4-",
        '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
    ],
)
def test_encodings_that_hide_the_marks_are_refused(xml: bytes) -> None:
    assert "whole thing" in refusal(packed(("a.xml", xml))).message


def test_a_tree_does_not_expand_entities(monkeypatch: pytest.MonkeyPatch) -> None:
    xml = b'<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>x&b;&c;</a>'
    with zipfile.ZipFile(io.BytesIO(packed(("a.xml", xml), ("b.xml", b"<a>")))) as archive:
        assert "".join(part_tree(archive, "a.xml").xpath("text()")) == "x"
        with pytest.raises(LxmlError):
            part_tree(archive, "b.xml")
        monkeypatch.setattr(corpus.readers.package, "_MAX_TREE_BYTES", 2)
        with pytest.raises(ValueError, match="large"):
            part_tree(archive, "a.xml")


@pytest.mark.parametrize(
    ("base", "target", "name"),
    [
        ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("xl/workbook.xml", "/xl/styles.xml", "xl/styles.xml"),
        ("OEBPS/book.opf", "../نص/1.xhtml", "نص/1.xhtml"),
        ("book.opf", "../../../etc/passwd", "etc/passwd"),
        ("", "_rels/.rels", "_rels/.rels"),
    ],
)
def test_links_are_resolved_inside_the_package(base: str, target: str, name: str) -> None:
    assert resolve(base, target) == name
