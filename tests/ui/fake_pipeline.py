"""A pipeline with three small texts and fixed answers, for tests of the page."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.document import Document, Passage
from corpus.errors import DalilError
from index.hit import Hit
from qa.answer import Answer, Citation, Exchange, Sentence, Written
from qa.context import Context, Summary
from qa.generator import never

LIBRARY = """مكتبة الإسكندرية الجديدة

تقع مكتبة الإسكندرية الجديدة على شاطئ البحر المتوسط في مدينة الإسكندرية بمصر، قريبًا من \
الموضع الذي يُظنّ أن المكتبة القديمة قامت فيه.

افتُتحت مكتبة الإسكندرية الجديدة رسميًّا في 16 أكتوبر 2002، بعد أعوام من العمل المشترك بين \
الحكومة المصرية ومنظمة اليونسكو (UNESCO). وصمّم مبناها مكتب Snøhetta النرويجي.

تضمّ المكتبة قاعة قراءة كبيرة موزّعة على مستويات متدرّجة، يدخلها ضوء النهار من سقف زجاجي \
مائل نحو البحر. وفيها أيضًا:
- متحف للمخطوطات
- متحف للآثار
- قبّة سماوية (Planetarium)
"""

ITU = """الاتحاد الدولي للاتصالات (ITU)

الاتحاد الدولي للاتصالات وكالة متخصصة تابعة للأمم المتحدة، تأسّس في باريس سنة 1865 باسم \
الاتحاد الدولي للتلغراف، ومقرّه اليوم في جنيف.

يضمّ الاتحاد ثلاثة قطاعات: قطاع الاتصالات الراديوية (ITU-R)، وقطاع تقييس الاتصالات (ITU-T)، \
وقطاع تنمية الاتصالات (ITU-D). ونُشرت التوصية X.509 أوّل مرّة سنة 1988.

ونظّم الاتحاد مع اليونسكو (UNESCO) القمة العالمية لمجتمع المعلومات على مرحلتين: جنيف 2003 \
وتونس 2005.
"""

HOSTILE = """<script>window.hurt = 1</script><h1>عنوان</h1>

<img src=x onerror="window.hurt = 2"> نصّ عاديّ <!-- تعليق خفيّ --> \
[رابط](javascript:window.hurt=3) ![صورة](http://192.0.2.1/a.png) ${window.hurt = 4} \
{{value}} `وسم` </div></mark></section> \u202eمقلوب\u202c نهاية & "اقتباس" 'آخر'.

<a href="javascript:window.hurt=5">اضغط</a> <iframe \
srcdoc="<script>parent.hurt=6</script>"></iframe>
"""

WHEN = "متى افتُتحت مكتبة الإسكندرية الجديدة؟"
WHERE = "أين مقرّ الاتحاد الدولي للاتصالات (ITU)؟"
UNESCO = "ما صلة اليونسكو بالمكتبة وبالقمة العالمية؟"
UNKNOWN = "كم عدد العاملين في المكتبة؟"
HOSTILE_QUESTION = "ما في الملف الخبيث؟ <img src=x onerror='window.hurt=7'> \u202eabc"
REFUSED = "سؤال مرفوض"
BROKEN = "سؤال يكسر البرنامج"
FORGED = "سؤال باقتباس مزوّر"

OPENED = "افتُتحت المكتبة الجديدة في 16 أكتوبر 2002."
DESIGNED = "وصمّم مبناها مكتب نرويجي اسمه Snøhetta."
HALL = "وفيها قاعة قراءة كبيرة."
SENTENCES = (Sentence(OPENED, (1,)), Sentence(DESIGNED, (1,)), Sentence(HALL, (2,)))
HOSTILE_SENTENCE = Sentence(
    "<img src=x onerror='window.hurt=10'><script>window.hurt=11</script> ${window.hurt=12} "
    "</span></p></article> \u202eمقلوب",
    (1,),
)
TROUBLE = "The <b>server</b> is gone."
TROUBLE_ARABIC = "غاب <b>الخادم</b>."


@dataclass
class FakePipeline:
    """Fits `ui.protocol.Pipeline`. ``gate`` holds every answer back until it is set.

    ``originals`` are the files behind documents, by document id; there are none to begin with.
    A model that ``writes`` gives ``sentences`` one by one, each, and its end, once ``pen`` lets it;
    one that cites a further number brings that citation. Then it ends in ``state``, and ``removed``
    says how many others there were.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    histories: list[tuple[Exchange, ...]] = field(default_factory=list)
    moods: list[str | None] = field(default_factory=list)
    originals: dict[str, bytes] = field(default_factory=dict)
    writes: bool = False
    sentences: tuple[Sentence, ...] = SENTENCES
    removed: int = 0
    state: Literal["done", "failed"] = "done"
    pen: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1000))
    wrote: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()
        self.documents = (
            paged("نصوص/مكتبة الإسكندرية.pdf", LIBRARY, "مكتبة الإسكندرية الجديدة"),
            paged("texts/itu-history.md", ITU, "الاتحاد الدولي للاتصالات (ITU)"),
            paged('<img src=x onerror="window.hurt=8">\u202efdp.txt', HOSTILE, "<b>خبيث</b>"),
        )
        self.passages = {p.id: (d, p) for d in self.documents for p in cut(d)}

    def ask(
        self, question: str, *, history: Sequence[Exchange] = (), mood: str | None = None
    ) -> Answer:
        """The fixed answer to ``question``; an abstention for one that has none."""
        assert self.gate.wait(30), "the test never opened the gate"
        self.asked.append(question)
        self.histories.append(tuple(history))
        self.moods.append(mood)
        if len(question) > 2000:
            raise DalilError("السؤال أطول من 2000 حرف.", "اختصره ثم أعد السؤال.")
        if question == REFUSED:
            raise DalilError("The index is gone: <b>no</b> folder 'my.index'.", "dalil build texts")
        if question == BROKEN:
            raise RuntimeError("secret detail")
        return self._answers().get(question, self._abstention(question))

    def write(self, answer: Answer, stopped: Callable[[], bool] = never) -> Iterator[Answer]:
        """``sentences``, as their turn comes."""
        if not self.writes or answer.abstained:
            return
        written = Written()
        yield replace(answer, written=written)
        for sentence in self.sentences:
            if self._stopped_amid(stopped):
                yield replace(answer, written=replace(written, state="stopped"))
                return
            self.wrote.append(sentence.text)
            written = replace(written, sentences=(*written.sentences, sentence))
            number = len(answer.citations) + 1
            if number in sentence.citations:
                hall = self.cite(number, first_sentence(LIBRARY, "تضمّ المكتبة"), 0)
                answer = replace(answer, citations=(*answer.citations, hall))
            yield replace(answer, written=written)
        state = "stopped" if self._stopped_amid(stopped) else self.state
        written = replace(written, removed=self.removed, state=state)
        if state == "failed":
            written = replace(written, trouble=TROUBLE, trouble_arabic=TROUBLE_ARABIC)
        yield replace(answer, written=written)

    def _stopped_amid(self, stopped: Callable[[], bool]) -> bool:
        """Wait for the test to let it write; whether it was stopped instead."""
        for _ in range(1_500):
            if stopped():
                return True
            if self.pen.acquire(timeout=0.02):
                return False
        raise AssertionError("the test neither let it write nor stopped it")

    def search(self, query: str, limit: int) -> list[Hit]:  # noqa: ARG002
        """Every passage, in the order of the texts."""
        return [
            Hit(passage=p, source=d.source, score=0.9 - i / 100, dense=0.8, lexical=2.0)
            for i, (d, p) in enumerate(self.passages.values())
        ][:limit]

    def context(self, passage_id: str, around: int = 1) -> Context:
        """The passage with its neighbours."""
        if passage_id not in self.passages:
            raise DalilError(f"No passage {passage_id!r} in the index.")
        document, passage = self.passages[passage_id]
        family = cut(document)
        first = max(0, passage.position - around)
        return Context(document, family[first : passage.position + around + 1])

    def original(self, document_id: str) -> bytes | None:
        """The file in ``originals``."""
        return self.originals.get(document_id)

    def describe(self) -> Summary:
        """Counts and titles."""
        titles = tuple(d.title for d in self.documents)
        return Summary(len(self.documents), len(self.passages), titles)

    def examples(self, wait: bool = True) -> tuple[str, ...]:  # noqa: ARG002
        """The questions that have answers."""
        return (WHEN, WHERE, UNESCO, UNKNOWN)

    def cite(self, number: int, words: str, which: int) -> Citation:
        """A citation of ``words`` in document ``which``."""
        document = self.documents[which]
        start = document.text.index(words)
        end = start + len(words)
        passage = next(p for p in cut(document) if p.start <= start and end <= p.end)
        return Citation(
            number=number,
            source=document.source,
            page=document.page_at(start),
            start=start,
            end=end,
            quote=words,
            heading=passage.heading,
            document_id=document.id,
            passage_id=passage.id,
        )

    def _answers(self) -> dict[str, Answer]:
        opened = self.cite(1, first_sentence(LIBRARY, "افتُتحت مكتبة"), 0)
        seat = self.cite(1, first_sentence(ITU, "الاتحاد الدولي للاتصالات وكالة"), 1)
        summit = self.cite(2, first_sentence(ITU, "ونظّم الاتحاد"), 1)
        trap = self.cite(1, HOSTILE.split("\n\n")[1], 2)
        forged = replace(opened, quote="افتُتحت المكتبة في 17 أكتوبر 2003")
        both = "شاركت اليونسكو في إنشاء المكتبة [1]، وفي تنظيم القمة العالمية مع الاتحاد [2]."
        return {
            WHEN: answer(WHEN, "16 أكتوبر 2002", 0.93, (opened,)),
            WHERE: answer(WHERE, "جنيف", 0.71, (seat,)),
            UNESCO: answer(UNESCO, both, 0.64, (opened, summit), "صلة اليونسكو بالمكتبة والقمة"),
            HOSTILE_QUESTION: answer(
                HOSTILE_QUESTION, "<script>window.hurt=9</script> نصّ", 0.31, (trap,)
            ),
            FORGED: answer(FORGED, "17 أكتوبر 2003", 0.99, (forged,)),
        }

    def _abstention(self, question: str) -> Answer:
        near = list(self.passages.values())[1:4]
        hits = tuple(
            Hit(passage=p, source=d.source, score=0.4 - i / 10, dense=0.8, lexical=2.0)
            for i, (d, p) in enumerate(near)
        )
        return Answer(question, question, "", True, 0.12, (), hits)


def answer(
    question: str,
    text: str,
    confidence: float,
    citations: tuple[Citation, ...],
    query: str = "",
) -> Answer:
    """An answer that was found."""
    return Answer(question, query or question, text, False, confidence, citations, ())


def paged(source: str, text: str, title: str) -> Document:
    """A document whose pages begin at its blank lines."""
    starts = (0, *(m.end() for m in re.finditer(r"\n\n", text)))
    return Document(source=source, text=text, title=title, pages=starts[:3])


def cut(document: Document) -> tuple[Passage, ...]:
    """One passage for each paragraph after the title."""
    spans = [m.span() for m in re.finditer(r"\S[^\n]*(?:\n[^\n]+)*", document.text)][1:]
    return tuple(
        Passage.cut(
            document, span, document_id=document.id, heading=document.title, position=position
        )
        for position, span in enumerate(spans)
    )


def first_sentence(text: str, opening: str) -> str:
    """The sentence of ``text`` that begins with ``opening``."""
    start = text.index(opening)
    return text[start : text.index(".", start) + 1]
