import numpy as np

from evals.bench.embedder import found
from evals.datasets import Dataset, Question


def test_what_is_found_is_counted_by_its_rank() -> None:
    passages = np.eye(3, dtype=np.float32)
    questions = (Question("a", "؟", 0, ("x",)), Question("b", "؟", 2, ("x",)))
    dataset = Dataset("d", ("", "", ""), ("", "", ""), questions)
    queries = np.array([[1, 0, 0], [0, 0.9, 0.5]], dtype=np.float32)
    assert found(passages, queries, dataset).startswith("81.5 ")  # (1 + 1 / log2(3)) / 2
