from pathlib import Path

import numpy as np
import pytest

from corpus.errors import DalilError
from index.embedder import Embedder, load_embedder, model_name
from tests.index.doubles import HashEmbedder

TEXTS = ["عُقد المنتدى في جنيف.", "Geneva 2017", "كلمة " * 2_000, "؟"]


@pytest.fixture(params=["default", "folder", "double"])
def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> Embedder:
    if request.param == "default":
        return request.getfixturevalue("model")  # type: ignore[no-any-return]
    if request.param == "folder":
        return load_embedder(str(request.getfixturevalue("tiny_model")), tmp_path)
    return HashEmbedder()


def test_every_embedder_keeps_the_contract(embedder: Embedder) -> None:
    for embed in (embedder.embed_queries, embedder.embed_passages):
        vectors = embed(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dim)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(embed(TEXTS[1:2])[0], vectors[1], atol=1e-4)
    assert embedder.name
    assert embedder.fingerprint


def test_the_default_model_knows_meaning_across_words_and_languages(model: Embedder) -> None:
    (query,) = model.embed_queries(["How many people live in Cairo?"])
    near, far = model.embed_passages(
        ["عدد سكان القاهرة عشرة ملايين نسمة.", "طبخت أمي الأرز مع اللحم."]
    )
    assert query @ near > query @ far


def test_fingerprints_tell_models_apart(model: Embedder, tiny_model: Path, tmp_path: Path) -> None:
    tiny = load_embedder(str(tiny_model), tmp_path)
    assert tiny.fingerprint != model.fingerprint
    assert tiny.fingerprint == load_embedder(str(tiny_model), tmp_path).fingerprint
    assert model_name(str(tiny_model)) == tiny.name == "tiny"
    assert model_name("default") == model.name


@pytest.mark.parametrize("name", ["no/such-model", "/no/such/folder"])
def test_a_model_that_is_not_there_is_a_clear_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="could not be loaded"):
        load_embedder(name, tmp_path)


def test_a_folder_that_is_no_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DalilError, match="could not be loaded"):
        load_embedder(str(tmp_path), tmp_path)


def test_batches_change_no_vector(model: Embedder) -> None:
    texts = [*TEXTS, "سطر قصير", "كلمة " * 40, "كلمة " * 200, "", "رقم ١٢٣"]
    together = model.embed_passages(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(model.embed_passages([text])[0], vector, atol=1e-5)


def test_a_remembered_question_is_not_changed_by_who_asked_before(embedder: Embedder) -> None:
    first = embedder.embed_queries(["؟"])
    expected = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(embedder.embed_queries(["؟"]), expected)
    np.testing.assert_allclose(embedder.embed_queries(["؟", "نعم"])[0], expected[0], atol=1e-5)
