from pathlib import Path

import numpy as np
import pytest

from evals.bench.peers.checkpoint import write_checkpoint
from index.default_model import default_model_folder
from index.tokens import TextTokenizer
from qa.engines import TorchEngine
from qa.pairs import PairEncoder, pad
from qa.reader_network import load_network
from qa.readers import weights_folder
from qa.settings import load_settings

QUESTION, PASSAGE = "كم يبلغ طول النيل؟", "يبلغ طول نهر النيل 6650 كيلومترا ويصب في البحر المتوسط."


def test_the_checkpoint_gives_the_scores_of_our_reader(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    base, weights = default_model_folder(load_settings().cache), weights_folder()
    write_checkpoint(base, weights / "reader.safetensors", tmp_path)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(tmp_path).eval()
    inputs = tokenizer(QUESTION, PASSAGE, return_tensors="pt")
    encoder = PairEncoder(TextTokenizer(base))
    (pair,) = encoder.windows(encoder.question(QUESTION), PASSAGE)
    ids, mask, types = pad([pair], encoder.padding)
    names = ("input_ids", "attention_mask", "token_type_ids")
    for name, ours in zip(names, (ids, mask, types), strict=True):
        np.testing.assert_array_equal(inputs[name].numpy(), ours)
    found = model(**inputs)
    expected, _ = TorchEngine(load_network(base, weights / "reader.safetensors"))(ids, mask, types)
    scores = np.stack([found.start_logits.detach(), found.end_logits.detach()], axis=-1)
    np.testing.assert_allclose(scores, expected, atol=1e-3)
