import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import UnreadableFileError
from corpus.readers.html import read_html

PROSE = "كانت المدينة القديمة محاطة بسور عال له سبعة أبواب."


def page(html: str) -> Document:
    return read_html(html.encode(), "a.html")


def headings(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.headings]


def test_only_what_people_see_is_text() -> None:
    document = page(
        "<!doctype html><title> العنوان\n هنا </title><style>p{}</style>"
        "<script>if(a<b){'<p>س</p>'}</script><body>ظاهر<noscript>ن</noscript>"
        "<template><p>ت</p></template><!-- ت --><p hidden>خ<b>خ</b></p>"
        "<div style='color:red; DISPLAY : none'>خ<div>خ</div></div><svg><text>ر</text></svg>"
        "<iframe>إ</iframe><p>آخر</p>"
    )
    assert document.text == "ظاهر\n\nآخر"
    assert document.title == "العنوان هنا"


def test_blocks_are_lines_and_spaces_are_single() -> None:
    document = page(
        "<p>أول   <b>غامق</b>\n\n<i> مائل </i>،تتمة<br>سطر<p>ثان&nbsp;&amp;&lt;&#1571;&rlm;</p>"
        "<div>ثالث</div><div>رابع</div>"
    )
    assert document.text == "أول غامق مائل ،تتمة\nسطر\n\nثان &<أ\u200f\n\nثالث\nرابع"


def test_lists_tables_and_preformatted_text() -> None:
    document = page(
        "<ul><li>واحد<ol><li>داخل</ol><li><p>اثنان</p></ul>"
        "<table><caption>جدول</caption><tr><th>السنة<th>العدد<tr><td><p>2017</p><td><b>145</b></table>"
        "<pre>سطر  أول\n  ثان</pre>"
    )
    assert document.text == (
        "- واحد\n- داخل\n- اثنان\n\nجدول\nالسنة | العدد\n2017 | 145\n\nسطر  أول\n  ثان"
    )


def test_raised_digits_do_not_run_into_the_number_before() -> None:
    text = page(
        "<p>سرعة الضوء 3×10<sup>8</sup> م/ث سنة 1956<sup>[2]</sup> وكم<sup>2</sup></p>"
    ).text
    assert text == "سرعة الضوء 3×10^8 م/ث سنة 1956[2] وكم2"


def test_headings_are_spans_of_the_text() -> None:
    document = page("<h1> تقرير <i>مهم</i> </h1>نص<h2></h2><h3>فرع<br>تابع</h3><h7>لا</h7>نص")
    assert headings(document) == ["تقرير مهم", "فرع\nتابع"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize(
    "head", ["", '<meta charset="{}">', "<meta http-equiv=x content='text/html; charset={}'>"]
)
def test_the_encoding_is_found_with_or_without_a_declaration(head: str, encoding: str) -> None:
    html = f"<html><head>{head.format(encoding)}</head><body><p>{PROSE}</p></body></html>"
    assert read_html(html.encode(encoding), "a.html").text == PROSE


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf-8", "windows-1252", "rot13", "hex", "x-none", "koi8-r"]
)
def test_a_false_declaration_does_not_spoil_utf8(declared: str) -> None:
    assert page(f'<meta charset="{declared}"><p>{PROSE}</p>').text == PROSE


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf-8", "windows-1252", "rot13", "hex", "x-none"]
)
def test_a_false_declaration_does_not_spoil_old_pages(declared: str) -> None:
    html = f'<meta charset="{declared}"><p>{PROSE}</p>'.encode("windows-1256")
    assert read_html(html, "a.html").text == PROSE


def test_an_xml_declaration_is_heeded() -> None:
    html = f'<?xml version="1.0" encoding="windows-1256"?><html><body><p>{PROSE}</p></body></html>'
    assert read_html(html.encode("windows-1256"), "a.html").text == PROSE


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul><li", "span", "blockquote", "a"])
def test_the_deepest_nesting_is_read(tag: str) -> None:
    assert page(f"<{tag}>" * 100_000 + PROSE).text.endswith(PROSE)


@pytest.mark.parametrize(
    "html",
    [
        "<" * 50_000,
        "<p " * 50_000,
        "</" * 50_000,
        "<!--" * 50_000,
        "&#x" * 50_000,
        "<title>" * 9_000,
    ],
)
def test_broken_markup_without_end(html: str) -> None:
    assert isinstance(page(html).text, str)


def test_nothing_is_fetched_or_expanded() -> None:
    document = page(
        '<!DOCTYPE html [<!ENTITY a "بب"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<p>قبل &a; &f; بعد</p>"
        '<link rel=stylesheet href="http://127.0.0.1:9/x.css"><img src="http://127.0.0.1:9/x.png">'
    )
    assert "root:" not in document.text
    assert "قبل" in document.text


def test_a_nul_does_not_end_the_page() -> None:
    assert "بعد" in page(f"<p>{PROSE}\0 وسط</p><p>بعد</p>").text


def test_binary_data_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        read_html(bytes(range(128, 256)) * 20, "a.html")


TAGS = "p h1 table tr td ul li pre br script title div b"


@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            st.sampled_from(TAGS.split()).map("<{}>".format),
            st.sampled_from(TAGS.split()).map("</{}>".format),
        ),
        max_size=40,
    )
)
def test_any_markup_gives_headings_inside_the_text(parts: list[str]) -> None:
    document = page("".join(parts))
    for start, end in document.headings:
        assert 0 <= start < end <= len(document.text)
        assert document.text[start:end].strip()
