"""Whether a reader who was asked for the right answer says that there is none in the texts."""

from __future__ import annotations

import re

from corpus.normalise import fold


def _any(words: str) -> str:
    """A pattern of any of some words, as folding writes them."""
    return f"(?:{'|'.join(fold(words).split())})"


# Not «الكتاب», «الوثيقة» or «المصادر»: of these the texts themselves say what they do not mention.
_TEXT = (
    rf"(?:{_any('النص النصوص بالنص بالنصوص المقطع المقاطع المستند المستندات الملف الملفات')}"
    r"|(?:(?:the|this|these|your|any) )?(?:text|passage|document|file)s?)"
)
_ANSWER = _any("جواب إجابة إجابات معلومة معلومات ذكر")
_FILLING = _any(
    "هذا هذه ذلك هنا هناك في من عن على به بها فيه فيها عنه عنها له لها لهذا أي أبدا إطلاقا أصلا "
    "شيء صريح صريحة صراحة واضح واضحة هو هي أنه السؤال للسؤال ذكره ذكرها "
    "it its this that is are was were the a an any to in of for at all about here there anywhere "
    "question answer answers information sorry"
)
_FILL = rf"(?:{_TEXT}|(?:ال)?{_ANSWER}|{_FILLING})"

_NOT = _any("لا لم ما ليس ليست مش مو غير لن")
_VERB = _any("ذكر جيب جب رد شير شر تطرق تحدث تكلم حتوي حتو تضمن وضح حدد بين")
_SAY = rf"[يت]{_VERB}(?:وا|ون|ه|ها)?"
_NOT_SAY = (
    r"(?:(?:do|does|did) not|doesnt|dont|didnt|never) (?:\w+ly )?"
    r"(?:say|mention|state|answer|tell|specify|give|contain|include)s?"
)

# These say it of whatever they are said.
_UNSAID = (
    rf"(?:{_NOT} (?:مذكور|وارد)(?:ه|ا|ين)?|لم [يت](?:رد|ذكر)(?:ه|ها|وا)?"
    r"|(?:not|never|isnt|wasnt|arent) (?:\w+ly )?"
    r"(?:mentioned|stated|specified|answered|addressed|covered))"
)
_THERE = _any("يوجد توجد هناك في فيه له لها")
_UNANSWERED = (  # «ليس الجواب» says something else
    rf"(?:(?:{_any('لا بلا بدون مافي مافيش مفيش ماكو')}|{_NOT} {_THERE})"
    rf"(?: (?:{_THERE}|اي|لهذا|السوال))* {_ANSWER}"
    r"|no (?:answers?|information|mention)|unanswerable|not answerable)"
)
# These say it where they are said of the texts: «لا يوجد» can be an answer.
_ABSENT = (
    rf"(?:{_NOT} (?:{_SAY}|[يت]وجد|(?:موجود|متوفر|متوافر|متاح|محدد)ه?)|{_any('ليس ليست مش مو')}"
    rf"|{_NOT_SAY}"
    r"|(?:not|isnt|wasnt|arent|nowhere|cannot be)(?: (?:given|found|available|present|said))?)"
)

_SILENT = re.compile(
    rf"(?:{_FILL} )*(?:{_UNSAID}|{_UNANSWERED})(?: {_FILL})*"
    rf"|(?=.*\b{_TEXT}\b)(?:{_FILL} )*{_ABSENT}(?: {_FILL})*"
)
# The texts do not say it, or it is not said in them, whatever it is.
_SILENT_ON = re.compile(
    rf"(?:{_TEXT} (?:{_NOT} {_SAY}|{_NOT_SAY})|{_NOT} {_SAY} {_TEXT}"
    rf"|(?:\w+ ){{0,2}}{_UNSAID} (?:في |in )?{_TEXT})\b"
)
_BUT = re.compile(rf"\b{_any('بل لكن ولكن إنما وإنما إلا سوى فقط but only except')}\b|\d")


def says_silence(comment: str) -> bool:
    """Whether a comment says that the texts do not answer, and names no answer.

    «لم يرد» does, and «لم يرد على الرسالة» does not: around what says it there may only be words
    that are no answer, unless it is said of the texts by name, and of nothing else instead.
    """
    line = " ".join(re.findall(r"\w+", fold(comment).replace("'", "").replace("’", "")))
    if _SILENT.fullmatch(line):
        return True
    return bool(_SILENT_ON.match(line)) and not _BUT.search(line)
