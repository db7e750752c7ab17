"""What the matching heads learn: to tell which option is meant, or that none is."""

import random
from collections.abc import Sequence

import torch
from lines import Example
from network import EncoderWithHeads, Read, padded
from options import Block, Said, parts, shown_anew
from tokenizers import Tokenizer
from torch import Tensor

from intent_classifier.tokens import encoded_pair, option_text

SAID = 16
"""How much is said in a batch, which holds a part of one block."""
STRANGE = 2
"""So many of the lines of other callers, who mean nothing of it, are added."""
ANSWERING = ("provide_", "decides_", "wanted_", "affirm", "deny", "show_interest", "backchannel", "thanks", "distress")
ASKING = ("ask_", "objection_", "schedule_", "show_", "provide_need", "reschedule", "repeat_please", "support")
TOLD_BEFORE = 0.3
"""How often the agent says another sentence before his question."""


class Matcher:
    """Makes batches of blocks and tells how well a network matches them."""

    def __init__(
        self, tokenizer: Tokenizer, blocks: Sequence[Block], examples: Sequence[Example], rng: random.Random
    ) -> None:
        self.size = sum(len(block.said) for block in blocks)
        self._tokenizer, self._rng = tokenizer, rng
        self._parts = parts(blocks, SAID, rng)
        self._sentences = sorted({one.question for one in examples if one.question})
        self._no_answers = [one.text for one in examples if one.intents and not _is_any(one, ANSWERING)]
        self._no_questions = [one.text for one in examples if one.intents and not _is_any(one, ASKING)]

    def loss(self, model: EncoderWithHeads) -> Tensor:
        """Returns the mean loss of the next batch."""
        block, said = next(self._parts)
        strange = self._no_questions if block.asks else self._no_answers
        said = [*said, *(Said(self._rng.choice(strange), frozenset()) for _ in range(STRANGE))]
        options, stands = shown_anew(block, self._rng)
        heard = [encoded_pair(self._tokenizer, self._before(block), _as_heard(one.text, self._rng)) for one in said]
        shown = [encoded_pair(self._tokenizer, block.ask, option_text(option)) for option in options]
        head = model.questions if block.asks else model.answers
        told, offered = head.of_said(_read(model, heard)), head.of_offered(_read(model, shown))
        likeness = torch.cat([told[:, :-1] @ offered.T, told[:, -1:]], dim=1)
        return torch.nn.functional.cross_entropy(likeness, _wanted(said, stands, len(options)))

    def _before(self, block: Block) -> str:
        """Returns what the agent said before."""
        other = self._rng.choice(self._sentences) if self._rng.random() < TOLD_BEFORE or block.asks else ""
        return " ".join(part for part in (other, block.ask) if part)


def _read(model: EncoderWithHeads, rows: Sequence[tuple[list[int], list[int]]]) -> Read:
    with torch.autocast("cpu", torch.bfloat16):
        read = model.read(*padded(rows))
    return Read(read.pooled.float(), read.own.float())


def _wanted(said: Sequence[Said], stands: dict[int, int], count: int) -> Tensor:
    """Returns for each line which options it means, in equal shares; the last place stands for none."""
    wanted = torch.zeros(len(said), count + 1)
    for row, one in enumerate(said):
        places = [stands[place] for place in one.means if place in stands] or [count]
        wanted[row, places] = 1 / len(places)
    return wanted


def _as_heard(text: str, rng: random.Random) -> str:
    if rng.random() < 0.3:
        return "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '-@")
    return text


def _is_any(example: Example, starts: tuple[str, ...]) -> bool:
    return any(label.startswith(starts) for label in example.intents | example.also_ok)
