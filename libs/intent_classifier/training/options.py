"""The labelled answers and questions from which the network learns which option of a campaign is meant."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from intent_classifier.tokens import Option, option_text

OPTIONS = Path(__file__).parents[1] / "options"
FEW_PHRASES = 0.6
"""How often an option is shown with a part of its phrases alone, as a campaign may well have forgotten the others."""
LEFT_OUT = 0.12
"""How often an option is left out: what meant it means none of the others then."""


@dataclass(frozen=True)
class Said:
    """What a caller says to a question with options, and which of these, by their places, he means."""

    text: str
    means: frozenset[int]


@dataclass(frozen=True)
class Block:
    """A question with its options, or the facts that answer callers' questions, and what callers say there."""

    author: str
    kind: Literal["choice", "yes_no", "facts"]
    ask: str
    options: tuple[Option, ...]
    said: tuple[Said, ...]

    @property
    def asks(self) -> bool:
        """Whether the callers ask, instead of answering."""
        return self.kind == "facts"

    @property
    def texts(self) -> tuple[str, ...]:
        """All its words."""
        return (self.ask, *(option_text(option) for option in self.options), *(one.text for one in self.said))


def load_blocks(directory: Path = OPTIONS) -> list[Block]:
    """Returns the blocks of all authors.

    Raises:
        ValueError: A line means an option that its block has not.
    """
    blocks = []
    for path in sorted(directory.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            options = tuple((name, tuple(phrases)) for name, phrases in row["options"])
            said = tuple(Said(text, frozenset(means)) for text, means in row["said"])
            if any(place >= len(options) for one in said for place in one.means):
                raise ValueError(f"{path.name}:{number}: no such option")
            blocks.append(Block(path.stem, row["kind"], row["ask"], options, said))
    return blocks


def shown_anew(block: Block, rng: random.Random) -> tuple[list[Option], dict[int, int]]:
    """Returns the options as another campaign might have them, and where those that are left stand among them."""
    places = list(range(len(block.options)))
    rng.shuffle(places)
    if block.kind != "yes_no" and len(places) > 2:
        places = [place for place in places if rng.random() >= LEFT_OUT] or places
    shown: list[Option] = []
    for place in places:
        name, phrases = block.options[place]
        if block.kind == "choice" and len(phrases) > 1 and rng.random() < FEW_PHRASES:
            phrases = tuple(rng.sample(phrases, rng.randint(1, len(phrases))))
        shown.append((name, phrases))
    return shown, {place: row for row, place in enumerate(places)}


def parts(blocks: Sequence[Block], size: int, rng: random.Random) -> Iterator[tuple[Block, list[Said]]]:
    """Yields parts of blocks without end, at most `size` of what is said there each, in random order."""
    while blocks:
        found = []
        for block in blocks:
            said = list(block.said)
            rng.shuffle(said)
            found += [(block, said[start : start + size]) for start in range(0, len(said), size)]
        rng.shuffle(found)
        yield from found
