"""Varied texts, mostly Arabic, to compare two tokenisers on."""

import random
from collections.abc import Iterator

SENTENCES = """\
تقع مدينة فاس في شمال المغرب، وتضم جامعة القرويين التي تأسست سنة ٨٥٩ للميلاد.
بلغ عدد سكان المحافظة ١٬٢٥٠٬٠٠٠ نسمة وفق تعداد عام 2015، أي بزيادة قدرها ٣٫٤٪.
قالَ المُعَلِّمُ لِلطُّلّابِ: «اقْرَؤُوا الفَقْرَةَ الأُولَى ثُمَّ أَجِيبُوا».
هل يستطيع المستخدم أن يغيّر كلمة المرور؟ نعم؛ من صفحة الإعدادات (Settings).
أعلن الاتحاد الدولي للاتصالات (ITU) أن نسبة مستخدمي الإنترنت بلغت 67% في 2023.
إنَّ اللغةَ العربيةَ من أكثر اللغات السامية تحدثًا، ويُكتب بها من اليمين إلى اليسار.
مـــرحـــبًا بكم في مكتبـــة الإسكندرية الجديدة!
انظر القرار A/70/125 المؤرخ 16/12/2015 والبريد info@example.org للاستفسار.
نسخه‌های فارسی و اردو: کتاب، گفت‌وگو، پژوهش، ۱۲۳۴۵، یہ کتاب ہے۔
The House of Wisdom (بيت الحكمة) flourished in Baghdad under al-Ma'mūn.
سعر الطن 1٬999.50 دولارًا أمريكيًا، أي ما يعادل ٧٥٠٠ ريال تقريبًا...
يُعرَّف «الوعاء الزمني» بأنه مدة لا تقلّ عن ٣٠ يومًا ولا تزيد على ٩٠ يومًا.
ربحنا المباراة 🎉👏🏽 والجمهور سعيد جدًا 😂😂 #المنتخب @fan_2024
والله أعلم؛ وصلى الله على نبينا محمد ﷺ وعلى آله وصحبه.
بسم الله الرحمن الرحيم ﴿وَقُل رَّبِّ زِدْنِي عِلْمًا﴾ صدق الله العظيم
المعادلة E=mc² و H₂O و ½ كوب و ٢×٣=٦ و ≥ ١٠ و √٤
اَلسَّيّارَةُ الْجَديدَةُ أَسْرَعُ مِنَ الْقَديمَةِ بِكَثيرٍ
حَضَر أ.د. سمير عبد الرؤوف وم. ليلى هـ. الأيوبي ورشةَ «البيانات المفتوحة».
قصيدة:  يا ليلُ الصَّبُّ متى غدُهُ   أقيامُ الساعةِ موعدُهُ
""".splitlines()
SENTENCES.append("١. المقدمة\n٢. الأهداف\n\t- تقليل النفايات\r\n\t- رفع الكفاءة\n")

_PIECES = """\
ﻻ ﻷ ﻹ ﻵ ﷲ ﷽ ﺍﻟﻌﺮﺑﻴﺔ ﻣﺪﻳﻨﺔ ﺏً ﻼّ ﺀَ آ أ ؤ إ ئ ـ ــ ًّ ِّ ٰ ۖ ۗ ۝ ؀ ؁ ٪ ٫ ٬ ، ؛ ؟ ۔ ﴾ ﴿
ﬁ ﬀ ﷼ Ａ １ ① ㎏ ㈱ ｶﾞ が 한국 각 中文 日本語 Ω Ω Å é é ñ ǅ ß 𝒜 𐎠 𠀀 ⵣ 🇪🇬 👨‍👩‍👧 ❤️ 👍🏿 🫠 ☪
℃ ™ … — – <s> </s> <pad> <unk> <mask> ▁ ▁▁ http://a.b/c?d=e&f A/70/125 C++ e-mail 3.14 1e-9 can't
""".split()  # noqa: SIM905
_MARKS = [
    *"\n\r\t\v\f\x01\x02\x1b\x1f\x7f\x85\x8f\xa0\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2028",
    *"\u202a\u202b\u202c\u202e\u2066\u2069\u2581\u3000\ufe0f\ufeff\ufffd\u0301\u0653\u0654\u20e3",
    *("\r\n", "  ", "   ", " \n ", " \u200f", "\ue000", "\U000e0041", "\U0010ffff"),
]
_TASHKEEL = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_BARE = str.maketrans("أإآىة", "اااىه", _TASHKEEL)


def varied_texts(count: int, seed: int) -> Iterator[str]:
    """Yield ``count`` texts, the same ones for the same ``seed``."""
    source = random.Random(seed)
    for _ in range(count):
        yield source.choice(_KINDS)(source)


def _part(source: random.Random) -> str:
    words = source.choice(SENTENCES).split(" ")
    start = source.randrange(len(words))
    return " ".join(words[start : start + source.randint(1, 12)])


def _rewritten(source: random.Random) -> str:
    text = _part(source)
    change = source.randrange(4)
    if change == 0:
        return text.translate(_DIGITS)
    if change == 1:
        return text.translate(_BARE)
    if change == 2:
        return "".join(char + source.choice(_TASHKEEL) * source.randint(0, 2) for char in text)
    return "".join(char + "ـ" * (source.random() < 0.2) for char in text)


def _dirty(source: random.Random) -> str:
    letters = list(_part(source))
    for _ in range(source.randint(1, 6)):
        letters.insert(source.randint(0, len(letters)), source.choice(_MARKS))
    return "".join(letters)


def _mixed(source: random.Random) -> str:
    parts = [
        source.choice([_PIECES, _MARKS, _part(source).split(" ")])
        for _ in range(source.randint(1, 9))
    ]
    return source.choice(["", " "]).join(source.choice(part) for part in parts)


def _wild(source: random.Random) -> str:
    blocks = [(0x20, 0x7F), (0x600, 0x700), (0x300, 0x370), (0xA0, 0x250), (0x1100, 0x1200)]
    blocks += [(0x2000, 0x2C00), (0xFB50, 0xFDFA), (0xFE70, 0x10000), (0x10000, 0x110000)]
    return "".join(
        chr(source.randrange(*source.choice(blocks))) for _ in range(source.randint(1, 12))
    )


_KINDS = (_part, _rewritten, _dirty, _mixed, _wild)
