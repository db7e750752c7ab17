"""The single utterances of `utterances.yaml`, said to the agent as it is shipped."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evals.agent import Agent, Heard

ROWS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
CAMPAIGNS = {"solar": "sunline-solar", "ledgerly": "ledgerly"}
ANSWERS = {
    "solar": [
        "The electric bill is too high.", "About 180 dollars", "I own it, just me.", "in two months",
        "fifteen thousand", "the first one", "yes please",
    ],
    "ledgerly": ["about eighty people", "yes, often", "about 5000 a year", "I decide", "in six weeks"],
}  # fmt: skip
"""What the caller answered before he said it."""


@dataclass(frozen=True)
class UtteranceResult:
    """An utterance and what of it was not as it must be."""

    text: str
    problems: tuple[str, ...]


async def run_utterance(agent: Agent, number: int) -> UtteranceResult:
    """Says one of the utterances where it belongs in a call."""
    row = ROWS[number]
    call = agent.call(f"utterance-{number + 1}", agent.campaigns[CAMPAIGNS[row["campaign"]]])
    before = await call.open()
    for answer in ANSWERS[row["campaign"]][: row["after"]]:
        before = await call.say(answer)
    heard = await call.say(row["text"])
    summary = (await call.end()).summary
    return UtteranceResult(row["text"], tuple(problems(row, before, heard, summary)))


def _booked(heard: Heard) -> bool:
    bookings = [action.booking for action in heard.actions if action.HasField("booking")]
    return any(not booking.HasField("cancel_time") for booking in bookings)


def problems(row: dict[str, Any], before: Heard, heard: Heard, summary: str) -> list[str]:
    """Returns what of an utterance's row is not so."""
    known = {fact.name: fact.value for fact in before.context.facts}
    told = {fact.name: fact.value for fact in heard.context.facts if known.get(fact.name) != fact.value}
    moved = heard.context.score.overall - before.context.score.overall
    checks = {
        "facts": row.get("facts", {}).items() <= told.items(),
        "trigger": row.get("trigger", heard.route.trigger) == heard.route.trigger,
        "says": row.get("says", "").lower() in heard.text.lower(),
        "request": row.get("request", "") in summary,
        "books": _booked(heard) == row.get("books", False),
        "captures": row.get("captures") != "nothing" or told == {},
        "falls": not row.get("falls") or moved < 0,
        "rises": not row.get("rises") or moved > 0,
    }
    return [name for name, right in checks.items() if not right]
