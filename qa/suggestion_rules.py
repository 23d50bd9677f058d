"""Questions that a sentence or a heading answers, made by rules from its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa import suggestion_words as known
from qa.suggestion_definitions import COUNTED_AS, counted_as, definitions
from qa.suggestion_subjects import Asking, agree, can_act, is_joined, is_verb, leans, names

_NOUNS_BEFORE_VERB = 6
_MOST_CLAUSE = 40

_LIST_MARK = re.compile(r"^(?:[-*•–—]|\(?\d{1,3}[.)\-–])\s+")
_LABEL = re.compile(rf"^({known.WORD}(?: {known.WORD}){{0,4}}): (.+)$")
_QUOTES = re.compile(r"[«»\"“”|]")


@dataclass(frozen=True, slots=True)
class _Rule:
    """«verb X mark» answers «lead verb X after؟»."""

    lead: str
    mark: re.Pattern[str]
    after: str = ""


def _rules(lead: str, mark: str, verbs: str, after: str = "") -> dict[str, list[_Rule]]:
    rule = _Rule(lead, re.compile(rf"{known.SUBJECT} {mark}"), after)
    return {verb: [rule] for verb in verbs.split()}


def _joined(*tables: dict[str, list[_Rule]]) -> dict[str, list[_Rule]]:
    return {
        verb: [rule for table in tables for rule in table.get(verb, [])]
        for table in tables
        for verb in table
    }


_BY_VERB = _joined(
    _rules("متى", known.TIME, " ".join(sorted(known.HAPPENED))),
    _rules("على يد من", "على يد ", " ".join(sorted(known.HAPPENED))),
    _rules("متى", known.TIME, "يحتفل"),
    _rules(
        "أين",
        known.PLACE,
        "يقع تقع توجد يوجد انعقد انعقدت يعيش تعيش ينتشر تنتشر ينمو تنمو يصب",
    ),
    _rules("من أين", r"من(?!\w)", "ينبع تنبع"),
    _rules("إلى متى", rf"إلى {known.TIME}", "يعود تعود يرجع ترجع"),
    _rules("فيم", rf"في (?!{known.TIME})", "يستخدم تستخدم يستعمل تستعمل"),
    _rules("لماذا", r"(?:بسبب|نتيجة|لأن|لأنه|لأنها)(?!\w)", "يحدث تحدث حدث حدثت"),
    _rules("متى", r"(?:عندما|حينما|حين)(?!\w)", "يحدث تحدث"),
    _rules("كم", known.NUMBER, "بلغ بلغت يبلغ تبلغ"),
    _rules("بكم", rf"ب(?:نحو|حوالي|قرابة|أكثر من|{known.NUMBER})", "تقدر قدرت يقدر"),
    _rules("مم", r"من(?!\w)", "يتكون تتكون يتألف تتألف يعاني تعاني"),
    _rules(
        "إلى ماذا",
        r"إلى(?!\w)",
        "يهدف تهدف يسعى تسعى ينقسم تنقسم يؤدي تؤدي يشير تشير يرمز ترمز يحتاج تحتاج",
    ),
    _rules("على ماذا", r"على(?!\w)", "يعتمد تعتمد ينص تنص نص نصت يحتوي تحتوي يشتمل تشتمل"),
    _rules("بماذا", r"(?:باسم|بأن|بأنه|بأنها|بلقب)(?!\w)", "يعرف تعرف عرف عرفت اشتهر اشتهرت لقب"),
    _rules("بماذا", r"(?:بال|بأن|بوجود|بكون|بكثر|بقدر)", "يتميز تتميز يمتاز تمتاز"),
    _rules("ماذا", known.SEVERAL, "يضم تضم يشمل تشمل"),
    _rules("عمّ", r"عن(?!\w)", "ينتج تنتج ينجم تنجم"),
    _rules("لماذا", r"بهذا الاسم", "سمي سميت", "بهذا الاسم"),
)
_CLAUSE_END = r"(?=[،؛.:]|$| (?:التي|الذي|الذين|حيث|لأن|بينما|ثم|كما)(?!\w))"
_FRONTED = re.compile(rf"^و?{known.TIME} (?P<v>\w{{3,}}) {known.SUBJECT}{_CLAUSE_END}")
_ACTED = re.compile(
    rf"^(?P<v>\w{{3,}}) (?P<x>(?:{'|'.join(sorted(known.AGENTS))})(?: {known.WORD}){{1,7}}?)"
    rf" {known.TIME}{_CLAUSE_END}"
)
_OTHER_YEAR = re.compile(r"^(?:م|ه)?/\d+(?:م|ه)?")
_AFTER_TIME = re.compile(
    rf" (?P<more>{known.WORD}(?: {known.WORD}){{0,7}}?)(?:{_CLAUSE_END}|(?= ل[تإي]\w{{3}}))"
)
_CHAIRED = re.compile(rf"^و?(?P<v>[يت]?ترأس|يرأس)ت? {known.SUBJECT} {known.TITLE}")
_MADE = re.compile(
    rf"^(?P<v>{'|'.join(sorted(known.MADE))}) (?P<who>{known.WORD}(?: {known.WORD}){{0,4}}?)"
    rf" (?P<x>(?:{'|'.join(sorted(known.WORKS))}) {known.WORD}(?: {known.WORD}){{0,4}}?)"
    rf"(?= (?:{known.TIME}|في|من|على|التي|الذي|ب\w+|بين|وقد|ثم)(?!\w)|[،؛.:]|$)"
)
_OWN_MEASURE = re.compile(
    rf"^{known.SUBJECT} (?P<v>يبلغ|تبلغ|بلغ|بلغت) "
    rf"(?P<of>طول|ارتفاع|عدد|مساحت|عمق|وزن|عرض|قطر|كتلت|عدد سكان|سرعت)(?:ه|ها) {known.NUMBER}"
)
_YEAR = re.compile(r"^(?:م|ه)?/\d+(?:م|ه)?")
_AFTER_TIME = re.compile(
    rf" (?P<more>{known.WORD}(?: {known.WORD}){{0,7}}?)(?:{_CLAUSE_END}|(?= ل[تإي]\w{{3}}))"
)
_CHAIRED = re.compile(rf"^و?(?P<v>[يت]?ترأس|يرأس)ت? {known.SUBJECT} {known.TITLE}")
_MADE = re.compile(
    rf"^(?P<v>{'|'.join(sorted(known.MADE))}) (?P<who>{known.WORD}(?: {known.WORD}){{0,4}}?)"
    rf" (?P<x>(?:{'|'.join(sorted(known.WORKS))}) {known.WORD}(?: {known.WORD}){{0,4}}?)"
    rf"(?= (?:{known.TIME}|في|من|على|التي|الذي|ب\w+|بين|وقد|ثم)(?!\w)|[،؛.:]|$)"
)
_OWN_MEASURE = re.compile(
    rf"^{known.SUBJECT} (?P<v>يبلغ|تبلغ|بلغ|بلغت) "
    rf"(?P<of>طول|ارتفاع|عدد|مساحت|عمق|وزن|عرض|قطر|كتلت|عدد سكان|سرعت)(?:ه|ها) {known.NUMBER}"
)
_YEAR = re.compile(r"(?<= )(?:في )?(?P<year>(?:عام|سنة) \d{3,4})(?!\d)")
_QUESTION = re.compile(r"^(?:ما|متى|أين|كيف|لماذا|كم|من|هل|ماذا|أي|أية|بم|مم)(?: [^\s؟?]+){2,9}؟$")
_ASKED = re.compile(r"^(?:س|سؤال|السؤال)\s?\d{0,3}\s?[:.)/-]\s*(?P<asked>.+)$")
_HEADING = re.compile(
    rf"^(?:\d{{1,2}}[.)\-] )?(?:أهم |أبرز )?(?P<of>{'|'.join(known.SOUGHT)}) (?P<x>.+)$"
)
_HEADING_ALONE = re.compile(rf"^(?:\d{{1,2}}[.)\-] )?ال(?P<of>{'|'.join(known.SOUGHT)})$")


def askings(sentence: str, title: str = "", opening: bool = False) -> Iterator[Asking]:
    """What a sentence in plain spelling answers. ``opening`` says that it is its text's first."""
    if "|" in sentence:
        return
    bare = _LIST_MARK.sub("", known.PARENTHESES.sub("", sentence).replace("*", ""))
    bare = " ".join(bare.split()).rstrip(".؛…")
    if asked := _ASKED.match(bare):
        yield from heading_askings(asked["asked"], title)
        return
    if label := _LABEL.match(bare):
        yield from _after_label(label[1], label[2])
    clauses = [clause for clause in known.JOINT.split(bare) if len(clause.split()) <= _MOST_CLAUSE]
    for place, clause in enumerate(clauses):
        if _QUOTES.search(clause):
            continue
        yield from _of_verb(clause)
        if place == 0:
            yield from _of_nouns(clause, title, opening)


def heading_askings(heading: str, title: str) -> Iterator[Asking]:
    """What a heading in plain spelling promises to tell; one that asks is its own question."""
    if (found := _HEADING.match(heading)) and names(found["x"]):
        yield Asking(f"ما {found['of']} {found['x']}؟", found["x"], "heading")
    if _QUESTION.match(heading) and not leans(heading):
        yield Asking(heading, heading, "heading")
    alone = _HEADING_ALONE.match(heading)
    # Behind another noun, a sound plural and the five nouns would change their endings.
    declined = re.match(r"\w+ون(?!\w)|(?:أبو|أخو|ذو) ", title)
    if alone and names(title) and not declined:
        yield Asking(f"ما {alone['of']} {title}؟", title, "heading")


def _of_verb(clause: str) -> Iterator[Asking]:
    """A clause that opens with its verb, or with when it happened."""
    clause = known.OPENING.sub("", clause)
    if found := _FRONTED.match(clause):
        verb = found["v"]
        acts = verb in known.HAPPENED or found["x"].split(maxsplit=1)[0] in known.AGENTS
        if acts and can_act(verb) and names(found["x"]) and agree(verb, found["x"]):
            yield Asking(f"متى {verb} {found['x']}؟", found["x"], "متى")
    for pattern in (_CHAIRED, _MADE):
        if (found := pattern.match(clause)) and names(found["x"]):
            who = found.groupdict().get("who")
            if who is None or names(who, lone=True):
                yield Asking(f"من {found['v'].removesuffix('ت')} {found['x']}؟", found["x"], "من")
    joined = clause[:1] in {"و", "ف"} and clause.split(maxsplit=1)[0] not in known.OWN_WAW_VERBS
    acted = _ACTED.match(clause[joined:])
    if acted and names(acted["x"]) and can_act(acted["v"]):
        yield Asking(f"متى {acted['v']} {acted['x']}؟", acted["x"], "متى")
    first, _, rest = clause.partition(" ")
    verb = first if first in _BY_VERB else first[1:] if first[:1] in {"و", "ف"} else first
    yield from _answered(verb, "", rest)


def _of_nouns(clause: str, title: str, opening: bool) -> Iterator[Asking]:
    """A clause that opens with the subject: «X هو …», «X تأسس عام …»."""
    clause = re.sub(r"^(?:و(?=ال)|إن |أما )", "", known.OPENING.sub("", clause))
    parts = clause.split()
    if parts and parts[0] in COUNTED_AS:
        yield from counted_as(clause)
    if not parts or is_joined(parts[0]) or is_verb(parts[0]):
        return
    for place in range(1, min(_NOUNS_BEFORE_VERB, len(parts) - 1) + 1):
        if place < len(parts) and parts[place] in _BY_VERB:
            subject = " ".join(parts[:place])
            # Behind an indefinite noun, a verb only describes it: «أنهار تنبع من …».
            if parts[place - 1].startswith(("ال", "لل")) or " بن " in subject or subject in title:
                yield from _answered(parts[place], subject, " ".join(parts[place + 1 :]))
            break
    if (found := _OWN_MEASURE.match(clause)) and names(found["x"]):
        of = re.sub("ت$", "ة", found["of"])
        yield Asking(f"كم {found['v']} {of} {found['x']}؟", found["x"], "كم")
    yield from definitions(clause, title, opening)


def _answered(verb: str, before: str, rest: str) -> Iterator[Asking]:
    """The questions of the rules for ``verb``; ``before`` is a subject that stands before it."""
    for rule in _BY_VERB.get(verb, ()):
        # With its subject before it, the verb is followed by the mark at once.
        found = rule.mark.match(f"{before} {rest}" if before else rest)
        if not found or (before and found["x"] != before):
            continue
        subject = re.sub(
            r" (?:رسميا|نحو|حوالي|تقريبا|اليوم|حاليا|الآن|عادة|غالبا)$", "", found["x"]
        )
        if rule.mark.pattern.endswith(known.TIME) and verb in known.NEEDS_OBJECT:
            subject += _completed(verb, found.string[found.end() :])
        named = subject.removeprefix("ب") if verb == "يحتفل" else subject
        if not names(named) or not agree(verb, subject):
            continue
        year = _YEAR.search(rest, 0, 120) if rule.lead == "كم" else None
        words = [rule.lead, verb, subject, rule.after, year["year"] if year else ""]
        yield Asking(" ".join(filter(None, words)) + "؟", subject, rule.lead)


def _completed(verb: str, after: str) -> str:
    """What follows the time, where the verb says nothing without it."""
    after = _OTHER_YEAR.sub("", after)
    following = after.split()[:1]
    if not following or after[:1] in {"،", ":"}:
        return ""
    joined = following[0] in known.PARTICLES or following[0].startswith(("و", "بال", "لل"))
    if joined and verb not in known.COMPLETED_BY_PREPOSITION:
        return ""
    more = _AFTER_TIME.match(after)
    # What is too long to ask for leaves nothing to ask.
    return f" {more['more']}" if more else " في"


def _after_label(label: str, said: str) -> Iterator[Asking]:
    """«X: بُني في القرن الثاني»: the label is the subject of the verb."""
    verb, _, rest = said.partition(" ")
    if verb in _BY_VERB and not _QUOTES.search(label):
        yield from _answered(verb, label, rest)
