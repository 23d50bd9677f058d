"""The forest gives scikit-learn's probabilities, and comes back from its file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier

from corpus.errors import DalilError
from qa.calibration import Calibration, Signs
from qa.forest import Forest

_RANDOM = np.random.default_rng(0)
_ROWS = _RANDOM.normal(size=(300, 11))
_GROWN = RandomForestClassifier(25, min_samples_leaf=3, random_state=0).fit(
    _ROWS, _ROWS[:, 0] + _ROWS[:, 1] * _ROWS[:, 2] > 0.3
)
_FOREST = Forest.grown(_GROWN)


@given(st.lists(st.floats(-4, 4, width=32), min_size=11, max_size=11))
def test_it_gives_what_scikit_learn_gives(row: list[float]) -> None:
    expected = _GROWN.predict_proba([row])[0, 1]
    assert _FOREST.probability(row) == pytest.approx(expected, abs=1e-6)


def test_a_calibration_keeps_its_forest(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    calibration = Calibration(Signs(relevance=1), Signs(), 0.0, {"balanced": 0.4}, _FOREST)
    calibration.save(path)
    again = Calibration.load(path)
    for row in _ROWS[:50].tolist():
        signs = Signs(*row)
        assert again.probability(signs) == calibration.probability(signs)
        assert again.score(signs) == signs.relevance
    assert again.thresholds == {"balanced": 0.4}


@pytest.mark.parametrize("damage", [b"", b"not a forest"])
def test_a_forest_that_is_missing_or_broken_is_said_to_be(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "calibration.json"
    Calibration(Signs(), Signs(), 0.0, {}, _FOREST).save(path)
    forest = path.with_suffix(".safetensors")
    if damage:
        forest.write_bytes(damage)
    else:
        forest.unlink()
    with pytest.raises(DalilError, match="calibration"):
        Calibration.load(path)
