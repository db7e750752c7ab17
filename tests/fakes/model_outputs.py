"""What models write, well and badly, and what of it may reach the voice."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from callwright_common.campaign import Campaign, load_campaign
from dialogue import Reply, comparable_words, split_sentences
from fakes.spoken_calls import SOLAR, SpokenCall

EVALS = Path(__file__).parents[1] / "evals"
FOLDER = EVALS / "model_outputs"


@dataclass(frozen=True)
class Caller:
    """What was said before a model writes."""

    campaign: Campaign
    says: tuple[str, ...]

    @cached_property
    def reply(self) -> Reply:
        """What the rules say."""
        return SpokenCall(self.campaign).say(*self.says)


@dataclass(frozen=True)
class Output:
    """What a model wrote, and the sentences of it that may be said and are; None for all."""

    caller: str
    text: str
    keep: str

    def leaked(self, said: list[str], rules: Reply) -> list[str]:
        """Returns what was said that is neither to be kept nor the rules' own."""
        allowed = {*map(_plain, split_sentences(self.keep)), *(_plain(sentence.text) for sentence in rules.sentences)}
        return [sentence for sentence in said if _plain(sentence) not in allowed]

    def lost(self, said: list[str]) -> list[str]:
        """Returns what was to be said and was not."""
        heard = set(map(_plain, said))
        return [sentence for sentence in split_sentences(self.keep) if _plain(sentence) not in heard]


def _plain(sentence: str) -> tuple[str, ...]:
    return tuple(comparable_words(sentence))


@cache
def callers() -> dict[str, Caller]:
    """Returns the callers by their names."""
    files = [EVALS / "ledgerly.yaml", *sorted((EVALS / "campaigns").glob("*.yaml"))]
    known = {"solar": SOLAR, **{file.stem: load_campaign(file) for file in files}}
    rows = _read("callers").items()
    return {name: Caller(known[row.get("campaign", "solar")], tuple(row["says"])) for name, row in rows}


def outputs(name: str) -> list[Output]:
    """Returns the outputs of all files of a name; a bare text is kept as a whole where it is good, else not at all."""
    found = []
    for file in sorted(path.stem for path in FOLDER.glob(f"{name}*.yaml")):
        for caller, rows in _read(file).items():
            for row in rows:
                entry: dict[str, str] = row if isinstance(row, dict) else {"text": row}
                text = entry["text"]
                found.append(Output(caller, text, entry.get("keep", text if name.endswith("good") else "")))
    return found


async def streamed(text: str, size: int) -> AsyncGenerator[str, None]:
    """Yields a text in pieces of a size."""
    for start in range(0, len(text), size):
        yield text[start : start + size]


def _read(name: str) -> dict[str, Any]:
    rows: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows
