import pytest

from corpus.errors import DalilError
from evals.stemmers import STEMMERS, load_stemmer


def test_ours_and_none() -> None:
    assert load_stemmer("light10")("والمدرسه") == "مدرس"
    assert load_stemmer("none")("والمدرسه") == "والمدرسه"


@pytest.mark.parametrize("name", sorted(set(STEMMERS) - {"light10", "none"}))
def test_a_stemmer_that_is_not_installed_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str) -> object:
        raise ImportError(module)

    monkeypatch.setattr("evals.stemmers.import_module", missing)
    with pytest.raises(DalilError, match="is missing") as refused:
        load_stemmer(name)
    assert refused.value.hint.startswith("pip install ")
