import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.encoding import decode
from corpus.errors import UnreadableFileError

SENTENCES = [
    "وصل القطار إلى المحطة متأخراً.",
    "يبدأ العام الدراسي في مطلع أيلول من كل سنة.",
    "بلغ عدد الزوار 12,450 زائراً في سنة 2016، بزيادة 7% عن السنة التي قبلها.",
    "هل قرأت الرسالة؟ نعم؛ قرأتها ثم أجبت عنها.",
    "قال الطبيب: لا تهمل الدواء، وخذ قسطاً من الراحة كل يوم.",
    "الْعِلْمُ نُورٌ وَالْجَهْلُ ظَلَامٌ وَمَنْ سَارَ وَصَلَ",
    "القرار A/70/125 صدر عن الجمعية العامة، وأشار إليه تقرير UNESCO.",
    "ظل البحث عن الضوء شغل العلماء قروناً طويلة",
    "ثلاثة أطفال يلعبون خلف الحديقة القديمة",
    "مسؤولية الآباء تجاه الأبناء لا تنتهي عند سن الرشد",
]
WORDS = re.findall(
    r"\w+",
    """
من في على إلى عن مع هذا هذه ذلك التي الذي كان كانت لم لن قد ثم أو أن إن ما لا كل بعض بين عند بعد قبل
المدينة الكتاب الطريق البحر القمر الشمس الرجل المرأة الطفل المدرسة الجامعة البيت السوق الماء الهواء
يكتب تقرأ وصل ذهبت سافر قال رأيت يعمل تدرس كبير صغيرة جديد قديم طويل قصيرة سنة شهر يوم ساعة عامل
مهندس طبيبة شاعر تاجر فلاح صياد زراعة صناعة تجارة حرية عدالة سلام أرض سماء نهر جبل صحراء غابة طير
""",
)
EIGHT_BIT = ["windows-1256", "iso-8859-6"]


@pytest.mark.parametrize("encoding", EIGHT_BIT)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_old_arabic_files_are_read_exactly(sentence: str, encoding: str) -> None:
    data = sentence.replace("%", " في المئة").encode(encoding)
    text, found = decode(data)
    assert text == sentence.replace("%", " في المئة")
    assert text.encode(found) == data


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=9, max_size=40, unique=True),
    encoding=st.sampled_from(EIGHT_BIT),
)
def test_any_arabic_words_survive_both_encodings(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    assert decode(text.encode(encoding))[0] == text


def test_what_only_windows_1256_has_is_read() -> None:
    text = "«كتاب الپيانو» – للموسيقي چايكوڤسكي…".replace("ڤ", "ف")
    assert decode(text.encode("windows-1256")) == (text, "windows-1256")


def test_long_latin_beginning_does_not_hide_the_arabic() -> None:
    text = "Plain English before it. " * 20_000 + "\n" + "ثم جاء النص العربي بعد ذلك بقليل."
    assert decode(text.encode("windows-1256")) == (text, "windows-1256")


@pytest.mark.parametrize(
    "text",
    [
        "L'été dernier, à la fête du village, Élise a reçu un goûter très sucré.",
        "Déjà vu",
        "Die Größe der Straße überrascht viele Gäste.",
        "El niño comió una manzana en la montaña; ¿dónde está el camión?",
        "A produção de açúcar não é tão simples.",
        "The café’s owner said “hello” – and left.",
    ],
)
def test_western_european_text_is_not_taken_for_arabic(text: str) -> None:
    assert decode(text.encode("windows-1252")) == (text, "windows-1252")


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("sentence", [*SENTENCES, "Only English, no Arabic at all."])
def test_unicode_in_every_form(sentence: str, codec: str, name: str, tmp_path: Path) -> None:
    data = f"{sentence}\r\n".encode(codec)
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    text, found = decode(data)
    assert found == name
    with path.open(encoding=found, newline="") as file:
        assert text == file.read() == f"{sentence}\r\n"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_utf8_is_never_changed(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == (text, "utf-8")


def test_a_few_broken_bytes_do_not_lose_a_utf8_file() -> None:
    start, rest = SENTENCES[0].encode(), " ".join(SENTENCES).encode()
    text, encoding = decode(start + b"\xff" + rest[:-1])
    assert encoding == "utf-8"
    assert text.count("\ufffd") == 2  # the byte in the middle and the letter cut off at the end
    assert text.startswith(SENTENCES[0])


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" * 10,
        b"\x00" * 500,
        b"\x1f\x8b\x08\x00" + random.Random(7).randbytes(2000),
        random.Random(8).randbytes(100_000),
        b"\xff\xfe" + b"\x00\xd8" * 20,
    ],
)
def test_binary_data_is_refused_with_a_hint(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        decode(data, "song.txt")
    assert "song.txt" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1251", "Привет, как дела? Сегодня хорошая погода."),
        ("koi8-r", "Привет, как дела? Сегодня хорошая погода."),
        ("cp1253", "Καλημέρα σας, τι κάνετε σήμερα;"),
        ("cp1255", "שלום לכולם, מה שלומכם היום"),
        ("gb18030", "今天天气很好,我们去公园散步"),
        ("cp720", "السلام عليكم ورحمة الله وبركاته كيف حالك اليوم"),
    ],
)
def test_other_encodings_are_refused_not_guessed(codec: str, text: str) -> None:
    with pytest.raises(UnreadableFileError, match="encoding"):
        decode(text.encode(codec))


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_the_one_error(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except UnreadableFileError:
        return
    assert text == data.decode(encoding, "replace").removeprefix("\ufeff")
