"""Our own questions: what their card promises, letter by letter."""

import json
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest

from corpus import bundled_texts
from corpus.passages import passages
from corpus.readers import read_document
from evals.command import OWN_SET
from evals.datasets import load_lines

SHA256 = "b62af16afa926a671dc1701338e97d77886d839adca5d5bfb6ebf70ec03cd27a"
"""A changed question makes earlier figures incomparable: say so in the changelog, then renew."""


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    return [json.loads(line) for line in OWN_SET.read_text(encoding="utf-8").split("\n") if line]


def test_the_questions_are_frozen() -> None:
    assert sha256(OWN_SET.read_bytes()).hexdigest() == SHA256


def test_there_are_enough_of_every_kind_in_both_halves(entries: list[dict[str, Any]]) -> None:
    assert len(entries) >= 200
    counts = Counter(entry[name] for entry in entries for name in ("kind", "style"))
    least = {"near_scope": 70, "careless": 30, "english": 15, "two_passages": 20, "follow_up": 20}
    for name, count in least.items():
        assert counts[name] >= count, name
    halves = {(entry["split"], entry[n]) for entry in entries for n in ("kind", "style")}
    assert all((split, name) in halves for split in ("dev", "test") for name in least)
    assert {entry["split"] for entry in entries} == {"dev", "test"}


def test_the_halves_share_no_question(entries: list[dict[str, Any]]) -> None:
    asked = [(tuple(entry["history"]), entry["question"]) for entry in entries]
    assert len(set(asked)) == len(asked)
    assert len({entry["id"] for entry in entries}) == len(entries)
    dev, test = (load_lines(OWN_SET, bundled_texts(), split=s) for s in ("dev", "test"))
    assert len(dev.questions) + len(test.questions) == len(entries)
    assert {q.id for q in dev.questions}.isdisjoint(q.id for q in test.questions)


def test_every_span_stands_where_it_says(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        for gold in entry["answers"]:
            text = (bundled_texts() / gold["source"]).read_bytes().decode("utf-8")
            end = gold["start"] + len(gold["text"])
            assert gold["text"].strip() == gold["text"] != "", entry["id"]
            assert text[gold["start"] : end] == gold["text"], entry["id"]


def test_every_span_lies_whole_in_a_passage() -> None:
    """Else no search could find it, and the question would count for nothing."""
    cut = {
        path.name: [(p.start, p.end) for p in passages(read_document(path, path.name))]
        for path in bundled_texts().iterdir()
    }
    for question in load_lines(OWN_SET, bundled_texts()).questions:
        for region in question.regions:
            assert region.end is not None
            assert any(
                start <= region.start and region.end <= end for start, end in cut[region.source]
            ), question.id


def test_kinds_are_what_they_are_called(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        name, kind = entry["id"], entry["kind"]
        assert bool(entry["answers"]) is (kind != "near_scope"), name
        assert bool(entry["history"]) is (kind == "follow_up"), name
        if kind == "two_passages":
            assert len(entry["answers"]) >= 2, name
        arabic = any("\u0621" <= letter <= "\u064a" for letter in entry["question"])
        assert arabic is (entry["style"] != "english"), name
