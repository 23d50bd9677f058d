"""An encoder that makes one vector of a text. This module imports torch."""

from torch import Tensor, nn


class PooledEncoder(nn.Module):
    """A BERT-like encoder from its word embeddings on, with mean pooling."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        """Vectors of length one, ``(batch, width)``, of word embeddings ``(batch, tokens, width)``.

        ``mask`` is 1 on tokens and 0 on padding.
        """
        hidden = self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1).float()
        return nn.functional.normalize((hidden * kept).sum(dim=1) / kept.sum(dim=1), dim=-1)
