"""PDF files: the text layer, page by page, with Arabic in the order in which it is read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING

from corpus.document import Document, Span
from corpus.errors import UnreadableFileError
from corpus.repair import backwards_evidence, fold_forms, has_arabic, logical_lines, reads_backwards

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from corpus.readers.pdf_page import DisplayLine

_PAGE_BREAK = "\n\n"
_STRANGE = {"Cn", "Co", "Cs", "Sk", "Sm", "So"}  # what old fonts without a table come out as
_MOST_LOST = 0.15  # of all characters
_DOUBTFUL = 5  # a word of evidence (see corpus.repair); real Arabic prose has 40
_DOUBTFUL_WORDS = 30
_LONGEST_HEADING = 120
_MOST_PAGES = 20_000
_MOST_ON_A_PAGE = 100_000  # characters; a page of a newspaper has 30,000
_LARGE = 1.15
PDFIUM = Lock()  # it must not be called from two threads at once
_NOT_A_TITLE = re.compile(
    r"\.(docx?|pdf|tex|indd|html?|rtf|odt)\s*$|^(microsoft|untitled|about:)|://", re.I
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's displayed lines, or the plain text of a page without Arabic.

    ``lost`` of its ``characters`` are glyphs whose letters the file does not tell.
    """

    lines: Sequence["DisplayLine"]
    plain: str
    characters: int
    lost: int

    def text(self, *, backwards: bool = False) -> str:
        """One line of text for each displayed line."""
        glyphs = [line.glyphs for line in self.lines]
        return self.plain or "\n".join(logical_lines(glyphs, backwards=backwards))


def read_pdf(data: bytes, source: str) -> Document:
    """A PDF with a text layer; ``pages`` of the document are the offsets where its pages start.

    Lines in large letters are headings, on pages with Arabic, and what recurs above and below the
    text of such pages, running heads and page numbers, is left out. Arabic that the pages show the
    wrong way round is turned, with a warning. Raises UnreadableFileError for a broken file, a
    password, no text layer, and text beyond trust.
    """
    with PDFIUM:
        pdf = open_pdf(data, source)
        title = _title(pdf.get_metadata_value("Title"))
        count = len(pdf)
    try:
        if count > _MOST_PAGES:
            raise _endless(count, source)
        pages = _without_furniture([_page(pdf, number, source) for number in range(count)])
    finally:
        with PDFIUM:
            pdf.close()
    texts, backwards = _in_reading_order(pages)
    _refuse_what_cannot_be_read(pages, texts, source)
    starts = [0, *accumulate(len(text) + len(_PAGE_BREAK) for text in texts)][:-1]
    return Document(
        source=source,
        text=_PAGE_BREAK.join(texts),
        title=title,
        pages=tuple(starts),
        headings=tuple(_headings(pages, texts, starts)),
        warnings=tuple(_warnings(pages, texts, backwards)),
    )


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
    from corpus.readers.pdf_furniture import without_furniture

    def lines(at: int) -> Sequence["DisplayLine"]:
        return pages[at].lines

    return [
        replace(page, lines=without_furniture(lines, len(pages), at)) if page.lines else page
        for at, page in enumerate(pages)
    ]


def open_pdf(data: bytes, source: str) -> "PdfDocument":
    """The file, to be used while ``PDFIUM`` is held.

    Raises UnreadableFileError for a file that is damaged or locked with a password.
    """
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFileError(
                f"{source}: the PDF is locked with a password.",
                "Save it without one, for example: "
                "qpdf --password=PASSWORD --decrypt locked.pdf open.pdf",
                arabic=f"الملف «{source}» محميّ بكلمة مرور. احفظ نسخة منه بلا كلمة مرور، ثم أضِفها.",
            ) from error
        raise UnreadableFileError(
            f"{source}: this is not a whole PDF file: {error}.",
            "Download it again, or open it in a viewer and print it to a new PDF.",
            arabic=f"الملف «{source}» ليس ملف PDF سليمًا. "
            "نزّله مرّة أخرى، أو افتحه في برنامج عرض واطبعه إلى ملف PDF جديد.",
        ) from error


def _page(pdf: "PdfDocument", number: int, source: str) -> _Page:
    from pypdfium2 import PdfiumError

    from corpus.readers.pdf_glyphs import count_without_meaning
    from corpus.readers.pdf_page import display_lines

    with PDFIUM:
        try:
            page = pdf[number]
            content = page.get_textpage()
            if content.count_chars() > _MOST_ON_A_PAGE:
                raise _overfull(number, source)
            plain = _clean(content.get_text_range())
            lost = count_without_meaning(content)
            lines = display_lines(page, content) if has_arabic(plain) else ()
            read = _Page(lines, "" if lines else plain, content.count_chars(), lost)
            content.close()
            page.close()
            return read
        except PdfiumError as error:
            raise UnreadableFileError(
                f"{source}: page {number + 1} of {len(pdf)} is damaged: {error}.",
                "Open it in a viewer and print it to a new PDF.",
                arabic=f"الصفحة {number + 1} من الملف «{source}» تالفة. "
                "افتحه في برنامج عرض، واطبعه إلى ملف PDF جديد.",
            ) from error


def _endless(pages: int, source: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{source}: the PDF has {pages:,} pages; {_MOST_PAGES:,} is the most that Dalil reads.",
        "Split it into smaller files, for example: qpdf --split-pages=10000 large.pdf part.pdf",
        arabic=f"في الملف «{source}» من الصفحات {pages}، وأقصى ما يقرؤه دليل {_MOST_PAGES}. "
        "قسّمه إلى ملفّات أصغر.",
    )


def _overfull(number: int, source: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{source}: page {number + 1} holds more than {_MOST_ON_A_PAGE:,} characters.",
        "No sheet of paper does. Save the text of the file as a .txt file.",
        arabic=f"في الصفحة {number + 1} من الملف «{source}» حروف أكثر ممّا تحمله ورقة. "
        "احفظ نصّ الملف بصيغة txt، ثم أضِفه.",
    )


def _clean(text: str) -> str:
    """The text of a page without Arabic, with plain line ends.

    PDFium joins a word that a line end divides, with U+0002 or U+FFFE where the hyphen was.
    """
    text = text.replace("\r\n", "\n").translate(dict.fromkeys((0, 2, 0xFFFE)))
    return fold_forms(text).strip()


def _in_reading_order(pages: Sequence[_Page]) -> tuple[list[str], list[int]]:
    """Each page's text, and the numbers of the pages whose Arabic was backwards.

    A page with too few words to tell goes the way of the whole document.
    """
    texts = [page.text() for page in pages]
    by_default = reads_backwards("\n".join(texts))
    backwards = []
    for at, page in enumerate(pages):
        verdict = reads_backwards(texts[at])
        turn = by_default if verdict is None else verdict
        if turn and page.lines:
            texts[at] = page.text(backwards=True)
            backwards.append(at + 1)
    return texts, backwards


def _headings(
    pages: Sequence[_Page], texts: Sequence[str], starts: Sequence[int]
) -> Iterator[Span]:
    """Short lines in letters clearly larger than those of most of the text."""
    sizes = Counter[float]()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.glyphs)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    for page, text, start in zip(pages, texts, starts, strict=True):
        at = start
        for shown, words in zip(page.lines, text.split("\n"), strict=False):
            large = shown.size > _LARGE * body and len(words) <= _LONGEST_HEADING
            if large and any(map(str.isalpha, words)):
                yield at, at + len(words)
            at += len(words) + 1


def _refuse_what_cannot_be_read(pages: Sequence[_Page], texts: Sequence[str], source: str) -> None:
    whole = "".join(texts)
    if not whole.strip():
        raise UnreadableFileError(
            f"{source}: the PDF has no text layer; its {len(texts)} pages are pictures.",
            "Recognise the text first (OCR), for example: "
            "ocrmypdf --language ara+eng scan.pdf text.pdf",
            arabic=f"صفحات الملف «{source}» صور لا نصّ فيها. استخرج نصّها أوّلًا ببرنامج للتعرّف "
            "الضوئي على الحروف، مثل ocrmypdf، ثم أضِف الملف الناتج.",
        )
    strange = sum(unicodedata.category(char) in _STRANGE for char in whole)
    lost = sum(page.lost for page in pages)
    evidence, words = backwards_evidence(whole)
    scrambled = words >= _DOUBTFUL_WORDS and -evidence < _DOUBTFUL * words
    if scrambled or max(lost, strange) > _MOST_LOST * sum(page.characters for page in pages):
        why = (
            "its Arabic letters stand in no readable order" if scrambled else "its letters are lost"
        )
        raise UnreadableFileError(
            f"{source}: the text layer of the PDF is damaged: {why}.",
            "Recognise the text from the pictures of the pages instead, for example: "
            "ocrmypdf --force-ocr --language ara+eng bad.pdf good.pdf",
            arabic=f"نصّ الملف «{source}» تالف لا تُقرأ حروفه. استخرجه من صور الصفحات ببرنامج "
            "للتعرّف الضوئي على الحروف، مثل ocrmypdf، ثم أضِف الملف الناتج.",
        )


def _warnings(
    pages: Sequence[_Page], texts: Sequence[str], backwards: Sequence[int]
) -> Iterator[str]:
    if backwards:
        yield (
            f"كان النص العربي معكوس الاتجاه في {_numbers(backwards)} فصُحّح آلياً؛ "
            "قارن الاقتباس بالملف الأصلي."
        )
    lost = [at + 1 for at, page in enumerate(pages) if page.lost]
    if lost:
        yield f"في {_numbers(lost)} محارف لا يبيّن الملف أي حروف هي، فقد يكون نصها ناقصاً."
    empty = [at + 1 for at, text in enumerate(texts) if not text.strip()]
    if empty:
        yield f"لا نص في {_numbers(empty)}؛ إن كانت صوراً ممسوحة فلا بد من التعرف الضوئي (OCR)."


def _numbers(pages: Sequence[int]) -> str:
    if len(pages) == 1:
        return f"الصفحة {pages[0]}"
    if len(pages) == 2:
        return f"الصفحتين {pages[0]} و{pages[1]}"
    shown = "، ".join(map(str, pages[:10]))
    return f"الصفحات {shown}" + (f" وغيرها (عددها {len(pages)})" if len(pages) > 10 else "")


def _title(title: str) -> str:
    """The title in the file's properties, unless a program made it up."""
    title = " ".join(fold_forms(title).split())
    useless = len(title) > _LONGEST_HEADING or _NOT_A_TITLE.search(title)
    return "" if useless else title
