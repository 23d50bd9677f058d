from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import PassageSize
from evals.collections import Collection, context_of, open_collection
from evals.datasets import Dataset, Question, source_of
from index.progress import Silent
from tests.evals.doubles import MOON, NILE, SEA, collected
from tests.index.doubles import HashEmbedder


def texts_at(collection: Collection, rows: np.ndarray) -> list[str]:
    found = collection.index.generation.store.passages_at(rows)
    return [passage.text for passage, _ in found]


def asked(collection: Collection, name: str) -> Question:
    return next(q for q in collection.dataset.questions if q.id == name)


def test_contexts_become_files_letter_for_letter(tmp_path: Path) -> None:
    contexts = ("سطر أول.\r\nسطر ثان.", "\ufeffبعلامة.", "سطر\u2028آخر.\rوثالث.")
    dataset = Dataset("odd", contexts, ("", "", ""), ())
    collected(dataset, tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.suffix != ".index")
    written = [(folder / source_of(n)).read_bytes().decode() for n in range(3)]
    assert written == list(contexts)


def test_a_half_written_context_is_written_again(squad: Dataset, tmp_path: Path) -> None:
    collected(squad, tmp_path)
    (folder,) = (path for path in tmp_path.iterdir() if path.suffix != ".index")
    (folder / source_of(0)).write_text(MOON[:10], encoding="utf-8")
    rebuilt = collected(squad, tmp_path)
    assert MOON in texts_at(rebuilt, np.arange(3))


def test_a_unit_is_a_context_where_there_are_contexts(collection: Collection) -> None:
    moon = asked(collection, "moon")
    assert collection.relevant(moon) == {source_of(0)}
    best = collection.index.search(moon.text)[0]
    assert collection.unit(best) == source_of(0)
    assert context_of(best.source) == 0


def test_a_unit_is_a_passage_where_there_are_files(own_form: Collection) -> None:
    best = own_form.index.search("يدور القمر حول الأرض في سبعة وعشرين يوماً")[0]
    assert own_form.unit(best) == best.passage.id
    assert best.passage.id in own_form.relevant(asked(own_form, "both"))


def test_gold_rows_and_other_rows_part_the_index(collection: Collection) -> None:
    moon, sea = asked(collection, "moon"), asked(collection, "sea")
    assert texts_at(collection, collection.gold_rows(moon)) == [MOON]
    assert set(texts_at(collection, collection.other_rows(moon))) == {SEA, NILE}
    assert len(collection.gold_rows(sea)) == 0
    assert len(collection.other_rows(sea)) == 3


def test_all_passages_of_the_gold_context_go_when_it_goes(squad: Dataset, tmp_path: Path) -> None:
    """Else a neighbour's words would stand in for the answer that was taken away."""
    small = collected(squad, tmp_path, words=7)
    moon = asked(small, "moon")
    assert len(small.index.vectors) == 6
    assert " ".join(texts_at(small, small.gold_rows(moon))) == MOON
    assert not any("القمر" in text for text in texts_at(small, small.other_rows(moon)))


def test_in_files_only_the_passages_that_hold_the_whole_span_are_gold(
    own_form: Collection,
) -> None:
    both = texts_at(own_form, own_form.gold_rows(asked(own_form, "both")))
    assert sorted(both) == sorted([MOON.split(". ")[1], NILE.split(". ")[1]])
    assert len(own_form.gold_rows(asked(own_form, "near"))) == 0


def test_without_spans_the_passages_that_say_the_answer_are_gold(own_form: Collection) -> None:
    for answers, expected in [(("سبعه وعشرين يوما", "لا أحد"), 1), (("6650",), 1), (("ناقة",), 0)]:
        question = Question("t", "س", -1, answers)
        assert len(own_form.gold_rows(question)) == expected


def test_an_index_is_kept_for_the_texts_the_model_and_the_size(
    squad: Dataset, tmp_path: Path
) -> None:
    def opened(model: HashEmbedder, dataset: Dataset = squad, words: int = 150) -> int:
        open_collection(dataset, model, tmp_path, PassageSize(words, 0), Silent())
        return len(model.embedded)

    assert opened(HashEmbedder()) == 3
    assert opened(HashEmbedder()) == 0
    assert opened(HashEmbedder("other")) == 3
    assert opened(HashEmbedder(), words=7) == 6
    changed = replace(squad, contexts=(*squad.contexts[:2], NILE + " وهو أطول الأنهار."))
    assert opened(HashEmbedder(), changed) == 3
    assert opened(HashEmbedder()) == 0


@pytest.mark.parametrize("name", ["moon", "nile"])
def test_every_question_of_the_set_finds_its_text(collection: Collection, name: str) -> None:
    question = asked(collection, name)
    found = [collection.unit(hit) for hit in collection.index.search(question.text)]
    assert found[0] in collection.relevant(question)
