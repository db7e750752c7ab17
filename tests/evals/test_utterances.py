"""Utterances of real people through the offline agent: what is understood and which way the score moves."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from callwright_common.campaign import load_campaign
from dialogue import Book, summary
from fakes.spoken_calls import SpokenCall

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = yaml.safe_load((HERE / "utterances.yaml").read_text(encoding="utf-8"))
CAMPAIGNS = {
    "solar": load_campaign(HERE.parents[1] / "campaigns" / "sunline-solar.yaml"),
    "ledgerly": load_campaign(HERE / "ledgerly.yaml"),
}
ANSWERS = {
    "solar": [
        "The electric bill is too high.", "About 180 dollars", "I own it, just me.", "in two months",
        "fifteen thousand", "the first one", "yes please",
    ],
    "ledgerly": ["about eighty people", "yes, often", "about 5000 a year", "I decide", "in six weeks"],
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:50] for row in ROWS])
def test_an_utterance_is_understood(row: dict[str, Any]) -> None:
    call = SpokenCall(CAMPAIGNS[row["campaign"]])
    for answer in ANSWERS[row["campaign"]][: row["after"]]:
        call.say(answer)
    before, score = dict(call.state.facts), call.score.overall
    reply = call.say(row["text"])
    told = {name: fact.value for name, fact in call.state.facts.items() if before.get(name) != fact}
    assert row.get("facts", {}).items() <= told.items()
    assert row.get("trigger", reply.trigger) == reply.trigger
    assert row.get("says", "").lower() in reply.text.lower()
    assert row.get("request", "") in summary(call.campaign, call.state)
    assert any(isinstance(action, Book) for action in reply.actions) == row.get("books", False)
    if row.get("captures") == "nothing":
        assert told == {}
    if row.get("falls"):
        assert call.score.overall < score
    if row.get("rises"):
        assert call.score.overall > score
