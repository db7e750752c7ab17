"""Whether words over the agent's speech are those of one who only listens, by what many authors wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from dialogue import Listening, back_channel

UTTERANCES = Path(__file__).parents[3] / "libs" / "intent_classifier" / "utterances"


def lines() -> list[dict[str, Any]]:
    files = sorted(UTTERANCES.rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_most_of_what_listeners_say_is_known_and_hardly_anything_else_is_taken_for_it() -> None:
    listening = [line["text"] for line in lines() if line["intents"] == ["backchannel"]]
    other = [line["text"] for line in lines() if "backchannel" not in [*line["intents"], *line.get("also_ok", [])]]
    assert len(listening) > 200
    assert sum(back_channel(text) is not None for text in listening) / len(listening) >= 0.8
    assert sum(back_channel(text) is Listening.LISTENS for text in other) / len(other) <= 0.001


@pytest.mark.parametrize("text", ["yes", "Yeah, yeah.", "sure", "of course", "That's right.", "Sounds good.", "oh yes"])
def test_what_agrees_may_be_an_answer(text: str) -> None:
    assert back_channel(text) is Listening.AGREES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "stop",
        "wait",
        "huh",
        "Hm?",
        "uh uh",
        "What?",
        "sorry",
        "okay bye",
        "okay, 20",
        "yes but",
        "hello",
        "thanks",
    ],
)
def test_what_wants_to_be_heard_is_none(text: str) -> None:
    assert back_channel(text) is None


def test_a_long_run_of_sounds_takes_no_time() -> None:
    assert back_channel("mm " * 10_000) is None
    assert back_channel("m" * 10_000 + "x") is None
