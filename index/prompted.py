"""What every embedder does with texts before its network sees them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from corpus.normalise import plain
from index.embedder import Vectors

_QUERIES = 16  # a question's vector is wanted by the search, and again as the reader compares


class PromptedEmbedder(ABC):
    """Gives texts in plain spelling (without tashkeel and tatweel, with ASCII digits) and their
    prompt to the network, and remembers the latest questions' vectors.
    """

    def __init__(self, query_prompt: str, passage_prompt: str) -> None:
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._latest: dict[str, Vectors] = {}

    @property
    def prompts(self) -> tuple[str, str]:
        """What stands before a question, and before a passage."""
        return self._query_prompt, self._passage_prompt

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape ``(n, dim)``; the latest are remembered, one by one."""
        if len(texts) == 1:
            return self._one_query(texts[0]).copy()
        return self._embed(list(map(plain, texts)), self._query_prompt)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape ``(n, dim)``."""
        return self._embed(list(map(plain, texts)), self._passage_prompt)

    def _one_query(self, text: str) -> Vectors:
        if text not in self._latest:
            made = self._embed([plain(text)], self._query_prompt)
            while len(self._latest) >= _QUERIES:
                del self._latest[next(iter(self._latest))]
            self._latest[text] = made
        return self._latest[text]

    @abstractmethod
    def _embed(self, texts: list[str], prompt: str) -> Vectors:
        """Vectors of plain texts, each with ``prompt`` before it."""
