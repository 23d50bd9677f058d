"""Owners kept apart: any run of operations against a plain model of what each one should see."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from corpus.errors import DalilError
from qa.conversations import Conversations, Judgement, Kind
from qa.turn import Turn
from tests.qa.kept_turns import abstained, cited

OWNERS = ("ليلى", "sami", "")
owners = st.sampled_from(OWNERS)
collections = st.sampled_from(("own", "bundled"))
kinds: st.SearchStrategy[Kind] = st.sampled_from(("right", "wrong", "wrong_source"))
turns = st.sampled_from(
    (cited("متى؟", "أمس"), abstained("كم؟"), Turn("من؟", failure="gone"), cited("أين؟", "هنا"))
)


@dataclass
class Told:
    """What should be kept of one conversation."""

    owner: str
    title: str
    collection: str
    turns: list[Turn]
    judged: dict[int, Judgement] = field(default_factory=dict)


class Owners(RuleBasedStateMachine):
    ids: Bundle[str] = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.kept = Conversations(Path(self.folder.name) / "c.sqlite")
        self.told: dict[str, Told] = {}  # the last changed last

    def teardown(self) -> None:
        self.kept.close()
        self.folder.cleanup()

    def mine(self, owner: str, id: str) -> Told | None:
        told = self.told.get(id)
        return told if told and told.owner == owner else None

    @rule(target=ids, owner=owners, collection=collections, turn=turns)
    def begin(self, owner: str, collection: str, turn: Turn) -> str:
        id = self.kept.append(owner, None, collection, turn)
        assert id not in self.told
        self.told[id] = Told(owner, turn.question, collection, [turn])
        return id

    @rule(target=ids, id=st.sampled_from(("", "unknown", "' OR 1=1 --")))
    def invent(self, id: str) -> str:
        return id

    @rule(owner=owners, id=ids, collection=collections, turn=turns)
    def append(self, owner: str, id: str, collection: str, turn: Turn) -> None:
        if told := self.mine(owner, id):
            assert self.kept.append(owner, id, collection, turn) == id
            told.turns.append(turn)
            told.collection = collection
            self.told[id] = self.told.pop(id)
        else:
            with pytest.raises(DalilError):
                self.kept.append(owner, id, collection, turn)

    @rule(owner=owners, id=ids, title=st.sampled_from(("عنوان", "title")))
    def rename(self, owner: str, id: str, title: str) -> None:
        if told := self.mine(owner, id):
            self.kept.rename(owner, id, title)
            told.title = title
        else:
            with pytest.raises(DalilError):
                self.kept.rename(owner, id, title)

    @rule(owner=owners, id=ids, place=st.integers(-1, 3), kind=kinds)
    def judge(self, owner: str, id: str, place: int, kind: Kind) -> None:
        told = self.mine(owner, id)
        if told and 0 <= place < len(told.turns):
            self.kept.judge(owner, id, place, kind, kind.upper())
            told.judged[place] = Judgement(place, kind, kind.upper())
        else:
            with pytest.raises(DalilError):
                self.kept.judge(owner, id, place, kind)

    @rule(owner=owners, id=ids)
    def delete(self, owner: str, id: str) -> None:
        self.kept.delete(owner, id)
        if self.mine(owner, id):
            del self.told[id]

    @rule()
    def reopen(self) -> None:
        self.kept.close()
        self.kept = Conversations(Path(self.folder.name) / "c.sqlite")

    @rule(owner=owners, id=ids)
    def look(self, owner: str, id: str) -> None:
        told = self.mine(owner, id)
        found = self.kept.heading(owner, id)
        assert (found and (found.id, found.title)) == (told and (id, told.title))
        assert self.kept.turns(owner, id) == tuple(told.turns if told else ())
        judged = sorted(told.judged.items()) if told else []
        assert self.kept.judgements(owner, id) == tuple(one for _, one in judged)

    @invariant()
    def everyone_sees_their_own(self) -> None:
        for owner in OWNERS:
            mine = [(id, told) for id, told in self.told.items() if told.owner == owner]
            assert [(one.id, one.title, one.collection) for one in self.kept.headings(owner)] == [
                (id, told.title, told.collection) for id, told in reversed(mine)
            ]
            found = {one.id for one in self.kept.headings(owner, "متي")}
            assert found == {
                id
                for id, told in mine
                if any("متى" in said for said in (told.title, *(t.question for t in told.turns)))
            }
        assert len(list(self.kept.judged())) == sum(len(t.judged) for t in self.told.values())


Owners.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestOwners = Owners.TestCase
