"""The scale benchmark, at sizes that take no time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.passages import passages
from corpus.readers import read_document
from evals.bench.scale import run
from evals.bench.scale_report import growth, plot, table, values
from evals.bench.scale_steps import exact_rows
from evals.bench.scale_texts import Texts
from evals.bench.scale_vectors import MadeVectors
from tests.index.doubles import HashEmbedder

THINGS = ("القمر", "البحر", "النيل", "الصحراء", "المدينة", "الجبل", "الوادي", "السوق", "البيت")
POOL = [
    [
        f"يقع {thing} الكبير في الجهة {side} من البلاد القديمة."
        for side in ("الأولى", "الثانية", "الثالثة", "الرابعة")
    ]
    for thing in THINGS
]
QUESTIONS = [f"أين يقع {thing}؟" for thing in THINGS]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts(POOL)


@pytest.fixture(scope="module")
def made(texts: Texts) -> MadeVectors:
    some = [p for text in texts.documents(40) for p in cut(text)]
    return MadeVectors.fit(HashEmbedder(), some, [s for a in POOL for s in a], QUESTIONS)


def cut(text: str) -> list[str]:
    from corpus.document import Document

    return [passage.text for passage in passages(Document("", text))]


@pytest.mark.parametrize("count", [1, 7, 40])
def test_files_have_as_many_passages_as_asked_for(texts: Texts, count: int, tmp_path: Path) -> None:
    files = texts.write(tmp_path, count)
    paths = sorted(tmp_path.rglob("*.txt"))
    assert len(paths) == files
    documents = [read_document(path, path.name) for path in paths]
    found = [passage for document in documents for passage in passages(document)]
    assert len(found) == count
    known = {sentence for article in POOL for sentence in article}
    assert {line for passage in found for line in passage.text.split("\n")} <= known


def test_another_edition_is_another_text_and_the_same_is_the_same(texts: Texts) -> None:
    assert texts.document(5) == Texts(POOL).document(5)
    assert len({texts.document(5), texts.document(6), texts.document(5, edition=1)}) == 3


def test_vectors_are_real_where_they_are_known_and_near_it_elsewhere(
    texts: Texts, made: MadeVectors
) -> None:
    model = HashEmbedder()
    known = list(made.known)[:3]
    np.testing.assert_array_equal(made.embed_passages(known), model.embed_passages(known))
    others = [p for number in range(100, 120) for p in cut(texts.document(number))]
    vectors = made.embed_passages(others)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(vectors, made.embed_passages(others))
    cosines = vectors @ model.embed_passages(others).T
    assert np.diag(cosines).mean() > cosines.mean() + 0.02
    assert made.likeness()["own"] > 0.9


def test_saved_vectors_are_the_same(made: MadeVectors, tmp_path: Path) -> None:
    made.save(tmp_path / "v.npz")
    loaded = MadeVectors.load(tmp_path / "v.npz")
    assert loaded.fingerprint == made.fingerprint != replace(made, slope=made.slope + 1).fingerprint
    np.testing.assert_array_equal(loaded.embed_queries(QUESTIONS), made.embed_queries(QUESTIONS))
    text = "\n".join(POOL[0])
    np.testing.assert_array_equal(loaded.embed_passages([text]), made.embed_passages([text]))


def test_exact_rows_are_those_of_plain_arithmetic() -> None:
    random = np.random.default_rng(1)
    rows, queries = (random.normal(size=(n, 8)).astype(np.float32) for n in (45_000, 3))
    np.testing.assert_array_equal(
        exact_rows(rows, queries, 10), np.argsort(-(queries @ rows.T), axis=1)[:, :10]
    )


def test_a_power_law_has_its_exponent() -> None:
    assert growth({n: 3 * n**1.5 for n in (10, 100, 1_000)}) == pytest.approx(1.5)
    assert growth({10: 1.0}) is None


def test_all_is_measured_and_a_second_run_measures_nothing(
    texts: Texts, made: MadeVectors, tmp_path: Path
) -> None:
    made.save(tmp_path / "v.npz")
    said: list[str] = []
    for _ in range(2):
        runs = run(
            tmp_path, [30, 60], texts, tmp_path / "v.npz", compared=3, keep=False, say=said.append
        )
    assert len(said) == 10
    assert [runs[size]["build"]["passages"] for size in (30, 60)] == [30, 60]
    assert runs[60]["search"]["recall@10"] == {"FAISS": 1, "dense": 1, "search": 1}
    assert runs[60]["update"]["embedded"] > 0
    disk = runs[60]["build"]["disk"]
    assert disk["all"] >= sum(disk.values()) - disk["all"] > 0
    seconds = runs[60]["build"]["seconds"]
    assert min(seconds.values()) >= 0
    assert sum(seconds.values()) == pytest.approx(2 * seconds["all"])
    lines = list(table(runs))
    assert {line.count("|") for line in lines} == {5}
    assert values(runs, "disk, MiB")[60] > values(runs, "disk, MiB")[30]
    plot(runs, tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
