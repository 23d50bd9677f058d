"""Training data for the reader: labels, negatives, spelling, the split, and a few steps."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest
import torch
from transformers import BertConfig, BertModel

from corpus.normalise import fold
from evals.datasets import Dataset, Question
from evals.reader_training.adapter import add_adapter, without_adapter
from evals.reader_training.augmentation import as_typed
from evals.reader_training.batches import Mixture, pools
from evals.reader_training.examples import Example, training_examples
from evals.reader_training.export import mixed
from evals.reader_training.measure import Judged, match, near_scope_auroc, rerank_figures
from evals.reader_training.negatives import (
    look_alikes,
    without_another_sentence,
    without_answer,
)
from evals.reader_training.split import held_out_articles, unseen
from evals.reader_training.train import Recipe, Training, parameter_groups
from qa.reader_network import ReaderNetwork
from tests.index.doubles import HashEmbedder
from tests.qa.test_reader_network import LETTERS, small_encoder, small_tokenizer

TEXT = (
    "تقع مدينة البتراء الأثرية في جنوب الأردن وتشتهر بعمارتها المنحوتة في الصخر. "
    "اكتشفها الرحالة السويسري يوهان بوركهارت عام 1812 للميلاد. "
    "اختيرت إحدى عجائب الدنيا السبع الجديدة في استطلاع عالمي كبير."
)
ANSWER = "يوهان بوركهارت"


def example(answer: str = ANSWER, language: str = "arabic") -> Example:
    start = TEXT.index(answer)
    question = "من الرحالة الذي اكتشف مدينة البتراء الأثرية؟"
    return Example(question, TEXT, (start, start + len(answer)), language, "البتراء")


def dataset(articles: int) -> Dataset:
    names = tuple(f"مقالة {n // 3}" for n in range(3 * articles))
    questions = tuple(Question(str(n), "س", n, ("ج",)) for n in range(len(names)))
    return Dataset("arcd-train", tuple(map(str, range(len(names)))), names, questions)


def test_the_held_out_fifth_is_of_whole_articles_and_stays_the_same() -> None:
    some = dataset(77)
    held = held_out_articles(some)
    assert len(held) == 16
    assert held == held_out_articles(some)
    assert held < set(some.articles)
    kept = unseen(some)
    assert kept.name == "arcd-train-held-out"
    assert kept.contexts == some.contexts
    assert {some.articles[question.context] for question in kept.questions} == held
    assert len(kept.questions) == 48


def test_training_never_meets_held_out_articles_or_xquad(tmp_path: Path) -> None:
    articles = [article(f"مقالة {n}", f"{TEXT} {n}", f"q{n}") for n in range(10)]
    (tmp_path / "train").mkdir()
    (tmp_path / "dev").mkdir()
    write(tmp_path / "train" / "tydi-korean-dev.json", articles[:1])
    write(tmp_path / "dev" / "arcd-train.json", articles)
    write(tmp_path / "dev" / "xquad-ar.json", [article("XQuAD", TEXT, "x")])
    found = training_examples(tmp_path).examples
    arabic = [e for e in found if e.language == "arabic"]
    assert len(arabic) == 8
    assert "XQuAD" not in {e.article for e in found}


def test_answers_with_a_wrong_offset_are_found_again_or_dropped(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "dev").mkdir()
    entries = [entry("a", ANSWER, 3), entry("b", "في", 0), entry("c", "ليس هنا", 0)]
    odd: dict[str, object] = {"title": "ا", "paragraphs": [{"context": TEXT, "qas": entries}]}
    write(tmp_path / "train" / "tydi-korean-dev.json", [odd])
    write(tmp_path / "dev" / "arcd-train.json", [article("ب", TEXT, "b")])
    found = training_examples(tmp_path)
    assert found.dropped == 2
    (kept,) = found.examples
    assert kept.answer is not None
    assert kept.passage[slice(*kept.answer)] == ANSWER


def article(title: str, text: str, key: str) -> dict[str, object]:
    paragraph = {"context": text, "qas": [entry(key, ANSWER, text.index(ANSWER))]}
    return {"title": title, "paragraphs": [paragraph]}


def entry(key: str, answer: str, start: int) -> dict[str, object]:
    return {"id": key, "question": "من؟", "answers": [{"text": answer, "answer_start": start}]}


def write(path: Path, articles: list[dict[str, object]]) -> None:
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")


def test_taking_the_answer_out_leaves_the_subject() -> None:
    emptied = without_answer(example())
    assert emptied is not None
    assert emptied.answer is None
    assert ANSWER not in emptied.passage
    assert "البتراء" in emptied.passage


def test_an_answer_that_is_said_twice_cannot_be_taken_out() -> None:
    twice = Example("س", TEXT + " " + ANSWER + " رحالة.", example().answer, "arabic", "ا")
    assert without_answer(twice) is None


@pytest.mark.parametrize("seed", range(6))
def test_other_sentences_go_and_the_answer_stays_where_it_is_said_to_be(seed: int) -> None:
    gapped = without_another_sentence(example(), Random(seed))
    assert gapped.answer is not None
    assert gapped.passage[slice(*gapped.answer)] == ANSWER
    assert len(gapped.passage) < len(TEXT)


@pytest.mark.parametrize("seed", range(20))
def test_other_spellings_fold_to_the_same_and_keep_the_answer(seed: int) -> None:
    typed = as_typed(example("الأثرية"), Random(seed))
    assert typed.answer is not None
    assert fold(typed.passage[slice(*typed.answer)]) == fold("الأثرية")
    assert fold(typed.passage) == fold(TEXT)
    assert fold(typed.question).rstrip("؟") == fold(example().question).rstrip("؟")


def test_look_alikes_are_of_the_language_and_lack_the_answer(tmp_path: Path) -> None:
    other = Example(
        "أين يقع الهرم؟", "يقع الهرم الأكبر في الجيزة بمصر.", (20, 25), "arabic", "الهرم"
    )
    foreign = Example("Who?", "Burckhardt found Petra.", (0, 10), "english", "Petra")
    found = look_alikes([example(), other, foreign], HashEmbedder(), tmp_path)
    assert found[0] == [other.passage]
    assert found[1] == [TEXT]
    assert found[2] == []


def test_a_silent_questions_passage_is_a_look_alike_and_needs_none(tmp_path: Path) -> None:
    silent = Example("كم طول السيق؟", "السيق ممر ضيق في الصخر الوردي.", None, "arabic", "البتراء")
    found = look_alikes([example(), silent], HashEmbedder(), tmp_path)
    assert found == [[silent.passage], []]


def test_batches_are_repeatable_and_their_labels_cover_the_answer() -> None:
    encoder = small_encoder()
    mixture = Mixture(arabic=2, gapped=0.0, unanswered=1.0, look_alike=0.0)
    _, batches = next(pools([example()], [[]], encoder, mixture))
    _, again = next(pools([example()], [[]], encoder, mixture))
    assert all(torch.equal(a.ids, b.ids) for a, b in zip(batches, again, strict=True))
    starts = torch.cat([batch.starts for batch in batches])
    assert sorted((starts >= 0).tolist()) == [False, False, True, True]
    tokens = small_tokenizer()
    for batch in batches:
        for ids, start, end in zip(batch.ids, batch.starts, batch.ends, strict=True):
            if start >= 0:
                letters = "".join(tokens.id_to_token(int(i)) or "" for i in ids[start : end + 1])
                assert letters.replace("▁", " ").strip() == ANSWER


def test_long_passages_are_cut_around_the_answer() -> None:
    text = "كلام " * 300 + TEXT
    start = text.index(ANSWER)
    long = Example("من؟", text, (start, start + len(ANSWER)), "arabic", "ا")
    encoder = small_encoder()
    mixture = Mixture(arabic=1, gapped=0, unanswered=0, look_alike=0, limit=64)
    for _, batches in islice(pools([long], [[]], encoder, mixture), 5):
        (batch,) = batches
        assert batch.ids.shape[1] <= 64
        assert 0 < int(batch.starts[0]) < int(batch.ends[0]) < batch.ids.shape[1] - 1


def test_training_learns_and_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    encoder = small_encoder()
    mixture = Mixture(arabic=4, unanswered=1.0, tokens=1_024)
    recipe = Recipe(minutes=0.03, rate=2e-3, frozen=0, mixture=mixture)
    training = Training(tiny_network(), recipe, tmp_path)
    training.run([example()], [[]], encoder, lambda _: {"figure": 1.0})
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert last["figure"] == 1.0
    assert last["examples"] > 0
    again = Training(tiny_network(), recipe, tmp_path)
    assert again.resume()
    for name, weight in training.network.state_dict().items():
        assert torch.equal(weight, again.network.state_dict()[name])
    frozen = tiny_network().state_dict()["encoder.embeddings.word_embeddings.weight"]
    assert torch.equal(
        frozen, training.network.state_dict()["encoder.embeddings.word_embeddings.weight"]
    )


def test_lower_layers_learn_more_slowly_and_the_lowest_not_at_all() -> None:
    network = tiny_network(layers=3)
    groups = parameter_groups(network, Recipe(rate=1.0, layer_decay=0.5, head_rate=7.0, frozen=1))
    rates = {id(weight): group["lr"] for group in groups for weight in group["params"]}
    found = {name: rates.get(id(weight)) for name, weight in network.named_parameters()}
    inside = "encoder.encoder.layer.{}.output.dense.weight"
    assert [found[inside.format(layer)] for layer in range(3)] == [None, 0.5, 1.0]
    assert found["span.weight"] == 7.0
    trained = {name for name, weight in network.named_parameters() if weight.requires_grad}
    assert trained == {name for name, rate in found.items() if rate is not None}
    assert not any("embeddings" in name for name in trained)


def test_other_languages_come_round_as_often_as_asked() -> None:
    encoder = small_encoder()
    mixture = Mixture(others=0.0, gapped=0, unanswered=0, look_alike=1.0)
    silent = Example("كم عمق السيق؟", TEXT, None, "arabic", "البتراء")
    examples = [example(), silent, example(language="korean")]
    _, batches = next(pools(examples, [[], [TEXT], []], encoder, mixture))
    starts = torch.cat([batch.starts for batch in batches])
    assert sorted((starts >= 0).tolist()) == [False, True]


def tiny_network(layers: int = 1) -> ReaderNetwork:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(LETTERS) + 5,
        hidden_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        pad_token_id=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return ReaderNetwork(BertModel(config, add_pooling_layer=False), 16)


def test_agreement_folds_arabic_and_the_raw_script_does_not() -> None:
    found = match("الأُردن", ["الاردن"])
    assert (found.f1, found.exact, found.raw_f1, found.raw_exact) == (1, 1, 0, 0)
    half = match("عام 1812", ["1812", "ليس هذا"])
    assert half.f1 == pytest.approx(2 / 3)
    assert half.exact == 0


def test_reranking_and_presence_figures() -> None:
    question = Question("1", "س", 5, ("ج",))
    first = Judged(question, (3, 5), (0.9, 0.8), (-1.0, 2.0))
    assert rerank_figures([first], float("inf"))["hit@1"].value == 0
    assert rerank_figures([first], 0.0)["nDCG@10"].value == 1
    missed = Judged(question, (3, 4), (0.9, 0.8), (-1.0, 2.0))
    assert rerank_figures([missed], 0.0)["nDCG@10"].value == 0
    assert near_scope_auroc([first, first]).value == 1


def test_mixed_weights_lie_between_the_base_and_the_mean() -> None:
    one = {"encoder.a": torch.ones(2), "span.b": torch.ones(2), "encoder.ids": torch.arange(2)}
    two = {name: 3 * weight for name, weight in one.items()}
    base = {name: 0 * weight for name, weight in one.items()}
    found = mixed([one, two], base, 0.25)
    assert found["encoder.a"].tolist() == [0.5, 0.5]
    assert found["span.b"].tolist() == [2, 2]
    assert found["encoder.ids"].tolist() == [0, 0]


def test_adapters_alone_are_trained_and_merge_into_the_matrices() -> None:
    network = tiny_network(layers=2).eval()
    names = set(network.state_dict())
    add_adapter(network, 2)
    groups = parameter_groups(network, Recipe(rate=1.0, layer_decay=1.0, head_rate=7.0, frozen=0))
    trained = {name for name, weight in network.named_parameters() if weight.requires_grad}
    assert {"lora_A" in name or "lora_B" in name for name in trained if "encoder" in name} == {True}
    assert sum(len(group["params"]) for group in groups) == len(trained)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "lora_B" in name:
                weight.normal_()
    merged = tiny_network(layers=2).eval()
    assert set(without_adapter(network.state_dict())) == names
    merged.load_state_dict(without_adapter(network.state_dict()))
    ids = torch.tensor([[5, 6, 7, 8]])
    read, again = (one(ids, torch.ones_like(ids), ids // 7) for one in (network, merged))
    fresh = tiny_network(layers=2).eval()(ids, torch.ones_like(ids), ids // 7)
    assert torch.allclose(read[0], again[0], atol=1e-5)
    assert not torch.allclose(read[0], fresh[0], atol=1e-2)


def test_weights_without_adapters_stay_as_they_are() -> None:
    state = tiny_network().state_dict()
    assert all(torch.equal(weight, state[name]) for name, weight in without_adapter(state).items())


def test_near_passages_by_letters_alone(tmp_path: Path) -> None:
    examples = [example(), replace(example(), passage="صخر البتراء المنحوتة", answer=None)]
    assert look_alikes(examples, None, tmp_path)[0] == ["صخر البتراء المنحوتة"]
    assert not list(tmp_path.iterdir())
