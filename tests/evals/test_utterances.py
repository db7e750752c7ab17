"""Utterances of real people through the offline agent: what is understood and which way the score moves."""

from typing import Any

import pytest

from dialogue import Book, summary
from evals.data import load_campaigns
from evals.utterances import ANSWERS, CAMPAIGNS, ROWS
from fakes.spoken_calls import SpokenCall

LOADED = load_campaigns()


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:50] for row in ROWS])
def test_an_utterance_is_understood(row: dict[str, Any]) -> None:
    call = SpokenCall(LOADED[CAMPAIGNS[row["campaign"]]])
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
