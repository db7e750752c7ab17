"""What a recogniser writes large, and the full stop that it sets or not, change nothing of what was understood."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import DialogueState, LearnedAnalyzer
from dialogue.analysis import Analysis
from dialogue.contact import PERSONAL
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall
from intent_classifier import IntentClassifier
from vocabulary.turns import Utterance

LINES = Path(__file__).parents[3] / "libs/intent_classifier/utterances"
QUALIFIES = (
    "My electric bill is too high.", "About 180 dollars a month.", "I own it, I decide alone.", "In two months.",
    "fifteen thousand dollars",
)  # fmt: skip


def lines() -> list[str]:
    files = sorted(LINES.glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    asked_nothing = [text.strip(" .!") for text in texts if "?" not in text]
    return asked_nothing[:: len(asked_nothing) // 100]


def states() -> Iterator[DialogueState]:
    call = SpokenCall()
    yield call.state
    for line in QUALIFIES:
        call.say(line)
    yield call.state


def written(line: str) -> list[str]:
    """Returns the ways in which a recogniser writes a line."""
    first, rest = line[:1], line[1:]
    return [f"{first.lower()}{rest}", f"{first.upper()}{rest}.", f"{line.lower()}!", line.upper()]


def without_names(analysis: Analysis) -> Analysis:
    """Returns what was found but for names, which capitals tell, and the words themselves."""
    facts = tuple(replace(fact, quote="") for fact in analysis.facts if fact.name not in PERSONAL)
    withdrawn = tuple(replace(fact, quote="") for fact in analysis.withdrawn)
    stated = tuple(name for name in analysis.stated if name not in PERSONAL)
    heard = replace(analysis, quote="", words="", recognised=False)
    return replace(heard, facts=facts, stated=stated, withdrawn=withdrawn)


@pytest.fixture(scope="module")
def shipped() -> Iterator[LearnedAnalyzer]:
    """The analyzer with what was learned."""
    with IntentClassifier() as classifier:
        yield LearnedAnalyzer(classifier)


@pytest.mark.parametrize("state", [*states()], ids=["opening", "times offered"])
async def test_a_line_is_understood_alike_however_it_is_written(shipped: LearnedAnalyzer, state: DialogueState) -> None:
    differing = []
    for line in lines():
        found = [await shipped.analyse(SOLAR, state, Utterance(text), now=MONDAY) for text in written(line)]
        if any(without_names(one) != without_names(found[0]) for one in found):
            differing.append(line)
    assert not differing
