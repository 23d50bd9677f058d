"""Every sentence of the page, in Arabic and in English."""

from dataclasses import dataclass
from typing import Literal

from corpus.errors import DalilError

Language = Literal["ar", "en"]


@dataclass(frozen=True, slots=True)
class Strings:
    """The interface in one language. Plain text: the views escape it like any other."""

    language: Language
    direction: Literal["rtl", "ltr"]
    name: str
    title: str
    promise: str
    new_chat: str
    no_script: str
    # First screen
    welcome: str
    welcome_more: str
    documents: str
    passages: str
    try_one: str
    # Asking
    conversation: str
    placeholder: str
    question: str
    send: str
    empty_question: str
    too_long: str
    shorten: str
    busy: str
    # Answers
    sources: str
    page: str
    show_source: str
    searched_for: str
    edit: str
    confidence_high: str
    confidence_middling: str
    confidence_low: str
    abstained: str
    abstained_more: str
    nearest: str
    no_nearest: str
    withheld: str
    # The source panel
    source: str
    source_empty: str
    indexed: str
    close: str
    cited_words: str
    nearest_passage: str
    unverified_here: str
    gone: str
    # Errors
    failed: str
    fault: str
    # The terminal
    ready: str
    stop_how: str
    stopped: str


ARABIC = Strings(
    language="ar",
    direction="rtl",
    name="دليل",
    title="دليل · أجوبة من نصوصك",
    promise="أجوبةٌ من نصوصك، ومع كلّ جوابٍ كلماتُ مصدره.",
    new_chat="محادثة جديدة",
    no_script="تحتاج هذه الصفحة إلى تشغيل JavaScript في المتصفّح.",
    welcome="اسأل نصوصك",
    welcome_more=(
        "يبحث دليل في نصوصك وحدها، ويُريك الكلمات التي جاء منها الجواب. "
        "وإن لم يجد الجواب فيها قال ذلك."
    ),
    documents="النصوص",
    passages="المقاطع",
    try_one="جرّب سؤالًا من هذه",
    conversation="المحادثة",
    placeholder="اكتب سؤالك هنا…",
    question="سؤالك",
    send="اسأل",
    empty_question="اكتب سؤالًا أوّلًا، ثم اضغط «اسأل».",
    too_long="السؤال أطول ممّا يُقبل: عدد حروفه {length}، والحدّ {limit}.",
    shorten="اختصره في جملة أو جملتين، ثم اسأل من جديد.",
    busy="يبحث في النصوص",
    sources="المصادر",
    page="صفحة",
    show_source="اعرض المصدر",
    searched_for="بُحث عن",
    edit="عدّل البحث",
    confidence_high="ثقة عالية",
    confidence_middling="ثقة متوسّطة",
    confidence_low="ثقة منخفضة",
    abstained="لا تجيب النصوص عن هذا السؤال",
    abstained_more="ليس في النصوص ما يكفي للجواب، ودليل لا يخمّن.",
    nearest="أقرب المقاطع إلى سؤالك",
    no_nearest="ولا يقترب أيّ مقطع من هذا السؤال.",
    withheld="حُجب الجواب لأنّ كلمات مصدره لم تطابق النصّ.",
    source="المصدر",
    source_empty="اختر مصدرًا من الجواب لتقرأه هنا في موضعه من النصّ.",
    indexed="النصوص التي يبحث فيها دليل",
    close="أغلق المصدر",
    cited_words="الكلمات المستشهَد بها مظلّلة",
    nearest_passage="مقطع قريب من السؤال، وليس جوابًا عنه",
    unverified_here="لا يطابق هذا الاقتباس نصَّ المصدر، فلم يُعرض.",
    gone="لم يعد هذا المصدر متاحًا. اسأل من جديد.",
    failed="تعذّر الجواب عن هذا السؤال",
    fault="وقع خطأ غير متوقَّع. تفاصيله في نافذة الأوامر التي تُشغّل دليل.",
    ready="دليل جاهز على العنوان",
    stop_how="للإيقاف: Ctrl+C",
    stopped="توقّف دليل.",
)

ENGLISH = Strings(
    language="en",
    direction="ltr",
    name="Dalil",
    title="Dalil · answers from your texts",
    promise="Answers from your own texts, each with the words that carry it.",
    new_chat="New chat",
    no_script="This page needs JavaScript switched on in the browser.",
    welcome="Ask your texts",
    welcome_more=(
        "Dalil searches your texts and nothing else, and shows you the words that the answer "
        "comes from. When they do not hold the answer, it says so."
    ),
    documents="Texts",
    passages="Passages",
    try_one="Try one of these",
    conversation="Conversation",
    placeholder="Type your question…",
    question="Your question",
    send="Ask",
    empty_question="Type a question first, then press Ask.",
    too_long="The question is too long: it has {length} characters, and the limit is {limit}.",
    shorten="Put it in a sentence or two, and ask again.",
    busy="Searching the texts",
    sources="Sources",
    page="page",
    show_source="Show the source",
    searched_for="Searched for",
    edit="Edit the search",
    confidence_high="High confidence",
    confidence_middling="Medium confidence",
    confidence_low="Low confidence",
    abstained="The texts do not answer this question",
    abstained_more="They do not hold enough to answer, and Dalil will not guess.",
    nearest="The passages nearest to your question",
    no_nearest="No passage comes near this question.",
    withheld="The answer was withheld: the words of its source did not match the text.",
    source="Source",
    source_empty="Choose a source in an answer to read it here, in its place in the text.",
    indexed="The texts searched",
    close="Close the source",
    cited_words="The cited words are highlighted",
    nearest_passage="Near the question, but not an answer to it",
    unverified_here="This quotation does not match the text of its source, so it is not shown.",
    gone="This source is no longer at hand. Ask again.",
    failed="This question could not be answered",
    fault="Something unexpected went wrong. The terminal that runs Dalil has the details.",
    ready="Dalil is ready at",
    stop_how="To stop: Ctrl+C",
    stopped="Dalil has stopped.",
)


def strings_for(language: str) -> Strings:
    """The interface in ``language``: "ar" or "en"; DalilError for any other."""
    for strings in (ARABIC, ENGLISH):
        if strings.language == language:
            return strings
    raise DalilError(
        f"The page has no language {language!r}: expected 'ar' or 'en'.",
        "Choose one: dalil chat --language ar",
    )
