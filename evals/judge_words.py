"""The judge's word lists and word forms, folded as ``evals.letters`` folds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from evals.letters import folded, words


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


NEGATORS = _set(
    "لا لم لن ليس ليست ليسوا لست لسنا ليسا غير بلا دون بدون عدم ولا ولم ولن وليس وليست فلا "
    "فلم فلن رفض رفضت يرفض ترفض ورفض ورفضت منع يمنع تمنع not no never none without cannot "
    "neither nor"
)
"""Words behind which something is denied."""
DENIALS = _set(
    "نفى نفت ينفي تنفي أنكر أنكرت ينكر كذب كاذب كاذبة خطأ خاطئ خاطئة زعم زعمت يزعم زائف باطل "
    "خرافة شائعة إشاعة أسطورة deny denied denies false wrong myth"
)
"""Words that deny a whole sentence."""
QUALIFIERS = _set(
    "ربما قد وقد لعل يحتمل يرجح ويرجح محتمل محتملة بعض معظم أغلب غالبية نحو حوالي قرابة زهاء "
    "تقريبا يرى ويرى يعتقد يقال يزعم إذا بشرط may might perhaps about some most if"
)
"""Words that make what follows less sure or less exact."""
DECISIVE = _set(
    "كل جميع كافة كلها كلهم بعض معظم أغلب غالبية فقط وحده وحدها دائما أبدا نادرا أحيانا غالبا "
    "إلا سوى قبل بعد قبيل أكثر أقل أكبر أصغر أعلى أدنى أخفض أطول أقصر أقدم أحدث أول آخر أولى "
    "أخيرة أبعد أقرب أفضل أسوأ أسرع أبطأ فوق تحت شمال جنوب شرق غرب شمالي جنوبي شرقي غربي يمين "
    "يسار ازداد زاد زادت ارتفع ارتفعت انخفض انخفضت تراجع تراجعت قل قلت نقص نقصت بسبب نتيجة "
    "لأن أدى all every some most only always never before after more less first last because"
)
"""How much of it, which of them, which way, and why: one such word changes everything."""
_UNITS = (
    "واحد واحده احد احدي حادي", "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثان ثاني ثانيه",
    "ثلاث ثلاثه ثالث ثالثه", "اربع اربعه رابع رابعه", "خمس خمسه خامس خامسه", "ست سته سادس سادسه",
    "سبع سبعه سابع سابعه", "ثمان ثماني ثمانيه ثامن ثامنه", "تسع تسعه تاسع تاسعه",
    "عشر عشره عاشر عاشره",
)  # fmt: skip
_TENS = "عشر ثلاث اربع خمس ست سبع ثمان تسع"
_HUNDREDS = "ثلاث اربع خمس ست سبع ثمان ثماني تسع"
_ENGLISH = "one two three four five six seven eight nine ten"
_WORTH: dict[str, int] = (
    {word: n for n, some in enumerate(_UNITS, 1) for word in some.split()}
    | {f"{ten}{end}": 10 * n for n, ten in enumerate(_TENS.split(), 2) for end in ("ون", "ين")}
    | {
        f"{unit}{hundred}": 100 * n
        for unit, n in zip(_HUNDREDS.split(), (3, 4, 5, 6, 7, 8, 8, 9), strict=True)
        for hundred in ("مئه", "مائه")
    }
    | {word: n for n, word in enumerate(_ENGLISH.split(), 1)}
    | dict.fromkeys(("مئه", "مائه", "مئات"), 100)
    | dict.fromkeys(("مئتان", "مئتين", "مئتي", "مائتان", "مائتين"), 200)
    | dict.fromkeys(("الف", "الفا", "الاف", "thousand"), 1_000)
    | dict.fromkeys(("الفان", "الفين", "الفي"), 2_000)
    | dict.fromkeys(("مليون", "مليونا", "ملايين", "million"), 1_000_000)
    | dict.fromkeys(("مليار", "مليارا", "مليارات", "بليون", "billion"), 1_000_000_000)
)
FIGURES = {folded(word): value for word, value in _WORTH.items()}
"""Folded words without their article that are numbers or ranks, and what they come to."""
FUNCTION = _set(
    "في من إلى على عن مع أن إن أنه أنها إنه إنها الذي التي الذين اللذين اللتين اللواتي هو هي "
    "هم هن هما هذا هذه ذلك تلك هؤلاء أولئك ما ماذا أي أو ثم بل لكن كما كان كانت يكون تكون "
    "كانوا قد لقد حتى حيث إذ إذا منذ خلال عند لدى بين به بها فيه فيها منه منها له لها عليه "
    "عليها إليه إليها عنه عنها بهم لهم منهم فيهم هناك هنا ضمن نحو حول عبر ومن وفي وهو وهي وقد "
    "وكان وكانت وهم مما عما فيما بما لما كي لكي أيضا وذلك وهذا وهذه تم يكن تكن يتم جرى و م ه "
    "ق ل ب ك the a an of in on at to for by with from is are was were be been it its this "
    "that which who as and or"
)
"""Words that join others."""
LIGHT = _set(
    "يقع تقع يبلغ تبلغ بلغ بلغت يعد تعد يعتبر تعتبر يوجد توجد يسمى تسمى يدعى يذكر تذكر ورد "
    "وردت وفق وفقا بحسب حسب نص مقطع مصدر اسم عدد مقدار قدره قدرها تاريخ سنة عام يوم شهر مكان "
    "شخص شيء أمر جواب سؤال عبارة أحد إحدى تشمل يشمل تضم يضم منهما وهما كذلك لذلك أجل"
)
"""Words that carry a sentence and say nothing: the quote may lack them."""

_BEFORE = ("", "و", "ف")
_JOINED = ("", "ال", "بال", "كال", "لل", "ب", "ك", "ل", "س", "ي", "ت", "ن")
_ENDINGS = (
    "", "ا", "ه", "ها", "هم", "هن", "هما", "نا", "ي", "ان", "ون", "ين", "ات", "يه", "ت", "تا",
    "تها", "ته", "تهم", "وا", "و", "اني", "يا",
)  # fmt: skip


@lru_cache(maxsize=1 << 15)
def forms(word: str) -> frozenset[str]:
    """What a folded word may be without what is joined to it: three letters or more, and itself."""
    found = {word}
    for first in _BEFORE:
        for second in _JOINED:
            head = first + second
            if not word.startswith(head):
                continue
            rest = word[len(head) :]
            for ending in _ENDINGS:
                if rest.endswith(ending) and len(rest) - len(ending) >= 3:
                    found.add(rest[: len(rest) - len(ending)])
    return frozenset(found)


@lru_cache(maxsize=1 << 15)
def figure(word: str) -> float | None:
    """What a folded word comes to as a number or a rank; None for other words."""
    if word[0].isdigit():
        return float(word)
    for first in ("", "و", "ف"):
        for second in ("", "ال", "بال", "لل", "ب", "ل", "ك"):
            head = first + second
            if word.startswith(head) and (found := FIGURES.get(word[len(head) :])):
                return float(found)
    return None


def with_figures(of: Sequence[str]) -> list[str]:
    """Folded words with each number, in digits or words, as one word of digits.

    «15 ألف» and «خمسة عشر ألفًا» are both ``15000``.
    """
    found: list[str] = []
    total = run = 0.0
    begun = False
    last = 0.0
    as_word = ""
    for word in [*of, "."]:
        value = None if word == "." else figure(word)
        joins = begun and value is not None and _joins(word, value, run, last)
        if begun and not joins:
            alone = as_word if total + run == 1 else ""  # «أحد العلماء» counts nothing
            found.append(alone or f"{total + run:.12g}")
            total = run = 0.0
            begun = False
        if value is None:
            found.append(word)
            continue
        if begun and value >= 1_000:
            total, run = total + (run or 1) * value, 0.0
        elif begun and value == 100 and 0 < run < 10:
            run *= value
        else:
            run += value
        as_word = "" if word[0].isdigit() else word
        begun, last = True, value
    return found[:-1]


def _joins(word: str, value: float, run: float, last: float) -> bool:
    """Whether a number goes on with this word: a multiple, a ten after a unit, or «و» and less."""
    if value in {1e3, 1e6, 1e9}:
        return word in FIGURES and last < value
    if word[0].isdigit():
        return False
    if value in {10, 100} and 0 < run % 100 < 10 and not word.startswith("و"):
        return True
    return word.startswith("و") and _finer(value, last)


def _finer(value: float, last: float) -> bool:
    """«مئة وعشرون», «خمسة وعشرون», «ألف ومئة»; not «عام 1970 و2020»."""
    return value < last if last >= 100 else (10 < value < 100 and last < 10)
