"""Whole calls through the offline agent, turn by turn, with a calendar that is free on working days."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, Factor, load_campaign
from dialogue import (
    Action,
    Reply,
    RuleAnalyzer,
    decode_state,
    encode_state,
    initial_state,
    qualify,
    take_turn,
)
from vocabulary.qualification import FactorScore, QualificationScore
from vocabulary.turns import KeyPresses, Opening, Silence, Slot, TurnInput, Utterance

_SHIPPED = load_campaign(Path(__file__).parents[2] / "campaigns" / "sunline-solar.yaml")
SOLAR: Campaign = _SHIPPED.model_copy(
    update={
        "calendar": _SHIPPED.calendar.model_copy(update={"closed_on": ()}),
        "capture": _SHIPPED.capture.model_copy(update={"address": None}),
    }
)
"""The campaign that is shipped, with every week alike and no address asked for."""
RULES = RuleAnalyzer()
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("America/Denver"))
QUALIFIES = ("lower bills", "180 dollars", "I own it, just me", "in two months", "fifteen grand")
"""What a caller answers who may have an appointment."""
TIME_READ_OUT = (*QUALIFIES, "the first one")
"""After this a time waits for the caller's word."""
POOR = ("lower bills", "fifty dollars", "my father decides", "next year", "three thousand dollars")
"""What a caller answers of whom it is not clear that an appointment is of use to him."""
_T = TypeVar("_T")


def at_once(work: Coroutine[Any, Any, _T]) -> _T:
    """Returns what work comes to that waits for nothing, as with the rules."""
    try:
        work.send(None)
    except StopIteration as done:
        result: _T = done.value
        return result
    raise AssertionError("the rules wait for nothing")


def free_slots(now: datetime = MONDAY, days: int = 14) -> list[Slot]:
    """Returns hourly slots on the working days after now."""
    slots = []
    for ahead in range(1, days):
        day = now + timedelta(days=ahead)
        if day.weekday() < 5:
            for hour in (9, 10, 11, 13, 14, 15, 16):
                start = day.replace(hour=hour, minute=0)
                slots.append(Slot(f"{start:%m-%d-%H}", "", start, start))
    return slots


class SpokenCall:
    """One call: `say` what the caller says and look at what came of it."""

    def __init__(
        self,
        campaign: Campaign = SOLAR,
        *,
        call_id: str = "call-1",
        slots: list[Slot] | None = None,
        now: datetime = MONDAY,
    ) -> None:
        self.now = now
        self.campaign = campaign
        self.slots: list[Slot] | None = slots if slots is not None else free_slots(now)
        self.state = initial_state(call_id)
        self.replies: list[Reply] = []
        self.turn(Opening())

    def turn(self, turn_input: TurnInput) -> Reply:
        """Plays one turn; the state is encoded as it is between two turns of a real call."""
        work = take_turn(
            self.campaign,
            self.state,
            turn_input,
            analyzer=RULES,
            turn_id=f"t{len(self.replies)}",
            now=self.now,
            slots=self.slots,
        )
        reply = at_once(work)
        self.state = decode_state(encode_state(reply.state), reply.state.call_id)
        self.replies.append(reply)
        return reply

    def say(self, *utterances: str) -> Reply:
        """Says one thing after the other; returns the last reply."""
        for utterance in utterances:
            reply = self.turn(Utterance(utterance))
        return reply

    def press(self, keys: str) -> Reply:
        """Presses keys."""
        return self.turn(KeyPresses(keys))

    def stay_silent(self, count: int) -> Reply:
        """Says nothing."""
        return self.turn(Silence(count=count))

    @property
    def score(self) -> QualificationScore:
        """How well the lead qualifies now."""
        return qualify(self.campaign, self.state)

    def factor(self, factor: Factor) -> FactorScore:
        """Returns one factor of the score."""
        return next(one for one in self.score.factors if one.factor is factor)

    @property
    def actions(self) -> list[Action]:
        """All actions of the call so far."""
        return [action for reply in self.replies for action in reply.actions]

    def value(self, fact: str) -> str:
        """Returns the value of a captured fact."""
        return self.state.facts[fact].value
