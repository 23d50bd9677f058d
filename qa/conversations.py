"""Conversations as they are kept: each one its owner's, with what readers thought of its turns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Literal, cast, get_args

from corpus.errors import DalilError
from corpus.normalise import fold
from qa.conversation_file import ConversationFile
from qa.turn import Turn, carried, from_json, to_json

Kind = Literal["right", "wrong", "wrong_source"]
"""What a reader says of a turn; "right" of an abstention: the texts do not answer indeed."""

MAX_TITLE = 120
MAX_COMMENT = 2_000
_FIRST_TITLE = 60  # characters of the first question that name a new conversation
_MOST_SOUGHT = 16  # words of one search
_HEADING = "id, title, collection, updated"


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation in a list.

    ``collection`` is the id of the one that its newest turn asked; ``updated`` is when that was:
    ISO 8601, in UTC.
    """

    id: str
    title: str
    collection: str
    updated: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader thought of the turn at ``place`` in ``Conversations.turns``, from 0."""

    place: int
    kind: Kind
    comment: str


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """A turn with its judgement. ``history`` are the queries of the answers before it, in order."""

    collection: str
    turn: Turn
    judgement: Judgement
    history: tuple[str, ...]


class Conversations:
    """All conversations, in one SQLite file; safe among threads and among processes.

    Nobody reaches another owner's conversation: its id is treated as one that does not exist.
    Asked for, that is empty or None; deleted, it is nothing; changed, a DalilError. Every method
    raises DalilError also when the file cannot be used. Turns of another version's form are left
    out as if they were not there, and count for no place.
    """

    def __init__(self, path: Path) -> None:
        self._file = ConversationFile(path)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def headings(self, owner: str, search: str = "", limit: int = 200) -> tuple[Heading, ...]:
        """The owner's conversations, the last changed first, at most ``limit``.

        ``search`` keeps those that hold each of its words in the title, a question or an answer,
        as parts of words too, whatever the spelling of hamzas and harakat.
        """
        sought = fold(carried(search)).split()[:_MOST_SOUGHT]
        held = (
            " AND (instr(folded, ?) OR EXISTS (SELECT 1 FROM turns"
            " WHERE conversation = conversations.id AND instr(turns.folded, ?)))"
        )
        query = (
            f"SELECT {_HEADING} FROM conversations WHERE owner = ?{held * len(sought)}"
            " ORDER BY changed DESC LIMIT ?"
        )
        twice = [word for word in sought for _ in range(2)]
        with self._file.reading() as db:
            rows = db.execute(query, (owner, *twice, max(0, limit))).fetchall()
        return tuple(Heading(*row) for row in rows)

    def heading(self, owner: str, id: str) -> Heading | None:
        """The conversation's heading, or None."""
        with self._file.reading() as db:
            return _heading(db, owner, id)

    def turns(self, owner: str, id: str) -> tuple[Turn, ...]:
        """The conversation's turns, oldest first."""
        with self._file.reading() as db:
            if _heading(db, owner, id) is None:
                return ()
            return tuple(_readable(db, id).values())

    def append(self, owner: str, id: str | None, collection: str, turn: Turn) -> str:
        """Keep a finished turn at the end of a conversation, and return the conversation's id.

        ``id`` None begins one, which the question names. ValueError for a turn that is pending.
        """
        kept = to_json(turn)
        with self._file.writing() as db:
            if id is None:
                id = token_urlsafe(12)
                title = _shortened(carried(turn.question))
                row = (id, owner, title, fold(title), collection, "", 0)
                db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            else:
                _require(db, owner, id)
            db.execute(
                "INSERT INTO turns SELECT ?, coalesce(max(number) + 1, 0), ?, ?, ?"
                " FROM turns WHERE conversation = ?",
                (id, collection, kept, _sought_in(turn), id),
            )
            db.execute(
                "UPDATE conversations SET collection = ?, updated = ?,"
                " changed = (SELECT max(changed) + 1 FROM conversations) WHERE id = ?",
                (collection, datetime.now(UTC).isoformat(timespec="seconds"), id),
            )
        return id

    def amend(self, owner: str, id: str, place: int, turn: Turn) -> None:
        """Keep ``turn`` in place of an earlier form of it, which stands at ``place``.

        The conversation keeps its place in the list, and the turn what was thought of it.
        DalilError when no turn of that question stands there; ValueError for a pending turn.
        """
        kept = to_json(turn)
        with self._file.writing() as db:
            _require(db, owner, id)
            number = _standing(db, id, place, turn.question)
            db.execute(
                "UPDATE turns SET turn = ?, folded = ? WHERE conversation = ? AND number = ?",
                (kept, _sought_in(turn), id, number),
            )

    def rename(self, owner: str, id: str, title: str) -> None:
        """Give a conversation another title, of which ``MAX_TITLE`` characters are kept.

        DalilError when it is empty. The conversation keeps its place in the list.
        """
        name = " ".join(carried(title).split())[:MAX_TITLE].rstrip()
        if not any(character.isprintable() and character != " " for character in name):
            raise DalilError(
                "The new title is empty.",
                "Give the conversation a name.",
                arabic="الاسم الجديد فارغ. اكتب للمحادثة اسمًا.",
            )
        with self._file.writing() as db:
            _require(db, owner, id)
            change = "UPDATE conversations SET title = ?, folded = ? WHERE id = ?"
            db.execute(change, (name, fold(name), id))

    def delete(self, owner: str, id: str) -> None:
        """Forget a conversation with its judgements; nothing to do where it does not exist."""
        with self._file.writing() as db:
            if _heading(db, owner, id):
                db.execute("DELETE FROM conversations WHERE id = ?", (id,))

    def judge(
        self, owner: str, id: str, place: int, kind: Kind, comment: str = "", question: str = ""
    ) -> None:
        """Keep what a reader thinks of the turn at ``place``, in place of an earlier judgement.

        DalilError when there is no such turn or kind, when it is not of ``question``, where that is
        given, or when the comment is over ``MAX_COMMENT``.
        """
        if kind not in get_args(Kind):
            raise DalilError(
                f"{kind!r} is no judgement: expected {', '.join(get_args(Kind))}.",
                arabic="هذا ليس من الآراء التي تُحفظ. اختر واحدًا ممّا تعرضه الصفحة.",
            )
        said = carried(comment).strip()
        if len(said) > MAX_COMMENT:
            raise DalilError(
                f"The comment has {len(said)} characters; the limit is {MAX_COMMENT}.",
                "Shorten it.",
                arabic=f"ما كتبته أطول ممّا يُقبل: عدد حروفه {len(said)}، والحدّ {MAX_COMMENT}. "
                "اختصره.",
            )
        with self._file.writing() as db:
            _require(db, owner, id)
            number = _standing(db, id, place, question)
            # A replaced row gets a new ordinal, so that the newest judgement comes last.
            db.execute(
                "REPLACE INTO judgements (conversation, number, kind, comment) VALUES (?, ?, ?, ?)",
                (id, number, kind, said),
            )

    def judgements(self, owner: str, id: str) -> tuple[Judgement, ...]:
        """What was thought of the conversation's turns, by place."""
        query = "SELECT number, kind, comment FROM judgements WHERE conversation = ?"
        with self._file.reading() as db:
            if _heading(db, owner, id) is None:
                return ()
            found = {number: (kind, said) for number, kind, said in db.execute(query, (id,))}
            numbers = list(_readable(db, id))
        return tuple(
            Judgement(place, *found[number])
            for place, number in enumerate(numbers)
            if number in found and found[number][0] in get_args(Kind)
        )

    def judged(self) -> Iterator[JudgedTurn]:
        """Every judged turn of all owners, for evaluation, the newest judgement last."""
        query = (
            "SELECT conversation, number, collection, kind, comment"
            " FROM judgements JOIN turns USING (conversation, number) ORDER BY ordinal"
        )
        with self._file.reading() as db:
            rows = db.execute(query).fetchall()
            found = [_judged(db, *row) for row in rows]
        yield from (one for one in found if one)


def _heading(db: sqlite3.Connection, owner: str, id: str) -> Heading | None:
    query = f"SELECT {_HEADING} FROM conversations WHERE owner = ? AND id = ?"
    row = db.execute(query, (owner, carried(id))).fetchone()
    return Heading(*row) if row else None


def _require(db: sqlite3.Connection, owner: str, id: str) -> None:
    if _heading(db, owner, id) is None:
        raise DalilError(
            "This conversation is not there any more.",
            "Choose another one, or begin a new one.",
            arabic="هذه المحادثة لم تعد موجودة. اختر غيرها، أو ابدأ محادثة جديدة.",
        )


def _readable(db: sqlite3.Connection, id: str) -> dict[int, Turn]:
    """The turns of a form that is known, by the numbers that they are kept under, in order."""
    query = "SELECT number, turn FROM turns WHERE conversation = ? ORDER BY number"
    rows = db.execute(query, (id,)).fetchall()
    return {number: turn for number, kept in rows if (turn := from_json(kept))}


def _standing(db: sqlite3.Connection, id: str, place: int, question: str) -> int:
    """The number that the turn at ``place``, from 0, is kept under.

    It must be of ``question``, where that is given: two pages may have added to it at once.
    """
    turns = list(_readable(db, id).items())
    if 0 <= place < len(turns):
        number, turn = turns[place]
        if not question or turn.question == carried(question):
            return number
    raise DalilError(
        f"The conversation has no turn {place}: it has {len(turns)}.",
        "Open it again.",
        arabic="هذا الجواب ليس في المحادثة المحفوظة. افتحها من جديد.",
    )


def _sought_in(turn: Turn) -> str:
    """The words by which the turn is found."""
    answer = turn.answer
    written = answer.written.sentences if answer and answer.written else ()
    said = (answer.text if answer else "", *(one.text for one in written))
    return fold(carried("\n".join((turn.question, *said))))


def _judged(
    db: sqlite3.Connection, id: str, number: int, collection: str, kind: str, comment: str
) -> JudgedTurn | None:
    turns = _readable(db, id)
    if number not in turns or kind not in get_args(Kind):
        return None
    before = [turn for earlier, turn in turns.items() if earlier < number]
    return JudgedTurn(
        collection=collection,
        turn=turns[number],
        judgement=Judgement(len(before), cast(Kind, kind), comment),
        history=tuple(turn.answer.query for turn in before if turn.answer),
    )


def _shortened(question: str) -> str:
    """The question on one line, cut behind a word."""
    line = " ".join(question.split())
    if len(line) <= _FIRST_TITLE:
        return line or "…"
    cut = line[: _FIRST_TITLE - 1]
    whole = cut if line[len(cut)] == " " else cut.rpartition(" ")[0] or cut
    return whole.rstrip() + "…"
