"""What readers thought of answers in the chat, as questions to measure by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from corpus.document import content_id
from corpus.errors import DalilError
from corpus.normalise import fold
from evals.datasets import Dataset, Question
from evals.silence import says_silence
from qa.answer import Answer
from qa.conversations import Conversations, JudgedTurn
from qa.settings import Settings

_MOST_WORDS = 15  # a longer comment talks about the answer, and is none
_REFERENCE = re.compile(r"\s*\[\d{1,3}\]")


def load_feedback(settings: Settings, collection: str) -> list[JudgedTurn]:
    """The judgements on answers from the collection with that id, the newest last.

    Raises DalilError when there is none.
    """
    path = settings.conversations
    judged: list[JudgedTurn] = []
    if path.exists():
        conversations = Conversations(path)
        judged = list(conversations.judged())
        conversations.close()
    found = [one for one in judged if one.collection == collection]
    if not found:
        counts = Counter(one.collection for one in judged)
        others = ", ".join(f"{name} ({count})" for name, count in counts.most_common())
        raise DalilError(
            f"There is no feedback yet on answers from the index {settings.index_folder}"
            + (f", only on the collections {others}." if others else "."),
            "Open the chat (dalil chat), ask, and say under the answers which are right; "
            f"or measure another index: --index {settings.data / 'indexes' / 'ID'}",
        )
    return found


def from_feedback(judged: Iterable[JudgedTurn]) -> Dataset:
    """Questions with the answers that readers accept, for the index that was asked.

    ``judged`` has the newest judgement last, which wins where a question comes again. Judgements
    that say nothing of the expected answer give no question.
    """
    questions = (_question(one) for one in _newest(judged))
    return Dataset("feedback", (), (), tuple(question for question in questions if question))


def unscored(judged: Iterable[JudgedTurn]) -> int:
    """How many judgements give no question, those apart that a newer one has replaced."""
    return sum(_question(one) is None for one in _newest(judged))


def _newest(judged: Iterable[JudgedTurn]) -> list[JudgedTurn]:
    found: dict[str, JudgedTurn] = {}
    for one in judged:
        found[_key(_asked(one))] = one
    return list(found.values())


def _key(question: str) -> str:
    """Equal for questions that differ in spelling alone; the same in every run."""
    return content_id(" ".join(fold(question).split()))


def _asked(judged: JudgedTurn) -> str:
    """The question as it stands alone."""
    answer = judged.turn.answer
    return answer.query if judged.history and answer else judged.turn.question


def _question(judged: JudgedTurn) -> Question | None:
    expected = _expected(judged)
    if expected is None:
        return None
    text = _asked(judged)
    return Question(_key(text), text, -1, expected, kind=judged.judgement.kind)


def _expected(judged: JudgedTurn) -> tuple[str, ...] | None:
    """The accepted answers, none where the texts do not say; None where nobody can tell."""
    answer = judged.turn.answer
    if answer is None:  # it failed: the search that would stand alone is not known
        return None
    if judged.judgement.kind != "right":
        comment = " ".join(judged.judgement.comment.split())
        if not _is_answer(comment):
            return None
        return () if says_silence(comment) else (comment,)
    if answer.abstained:  # of a withheld answer nobody saw whether it was right
        return None if judged.turn.withheld else ()
    return _accepted(answer)


def _accepted(answer: Answer) -> tuple[str, ...]:
    """Each short answer, and all of them together as they were shown."""
    whole = " ".join(_REFERENCE.sub("", answer.text).split())
    shorts = [c.answer or c.quote for c in answer.citations]
    return tuple(dict.fromkeys((*shorts, whole)))


def _is_answer(comment: str) -> bool:
    words = comment.split()
    has_letters = any(character.isalnum() for character in comment)
    return has_letters and len(words) <= _MOST_WORDS and not re.search("[?؟]", comment)
