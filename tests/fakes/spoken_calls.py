"""Whole calls through the offline agent, turn by turn, with a calendar that is free on working days."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, load_campaign
from dialogue import (
    Action,
    DialogueState,
    Opening,
    Qualification,
    Reply,
    Silence,
    Slot,
    TurnInput,
    Utterance,
    initial_state,
    qualify,
    take_turn,
)

SOLAR: Campaign = load_campaign(Path(__file__).parents[2] / "campaigns" / "sunline-solar.yaml")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("America/Denver"))


def free_slots(now: datetime = MONDAY, days: int = 14) -> list[Slot]:
    """Returns hourly slots on the working days after now."""
    slots = []
    for ahead in range(1, days):
        day = now + timedelta(days=ahead)
        if day.weekday() < 5:
            for hour in (9, 10, 11, 13, 14, 15, 16):
                start = day.replace(hour=hour, minute=0)
                slots.append(Slot(slot_id=f"{start:%m-%d-%H}", start=start))
    return slots


class SpokenCall:
    """One call: `say` what the caller says and look at what came of it."""

    def __init__(self, campaign: Campaign = SOLAR, *, call_id: str = "call-1", slots: list[Slot] | None = None) -> None:
        self.campaign = campaign
        self.slots = slots if slots is not None else free_slots()
        self.state = initial_state(call_id)
        self.replies: list[Reply] = []
        self.turn(Opening())

    def turn(self, turn_input: TurnInput) -> Reply:
        """Plays one turn; the state goes through JSON as it does between two turns of a real call."""
        reply = take_turn(
            self.campaign,
            self.state,
            turn_input,
            turn_id=f"t{len(self.replies)}",
            now=MONDAY,
            slots=self.slots,
        )
        self.state = DialogueState.model_validate_json(reply.state.model_dump_json())
        self.replies.append(reply)
        return reply

    def say(self, *utterances: str) -> Reply:
        """Says one thing after the other; returns the last reply."""
        for utterance in utterances:
            reply = self.turn(Utterance(utterance))
        return reply

    def stay_silent(self, count: int) -> Reply:
        """Says nothing."""
        return self.turn(Silence(count))

    @property
    def score(self) -> Qualification:
        """How well the lead qualifies now."""
        return qualify(self.campaign, self.state)

    @property
    def actions(self) -> list[Action]:
        """All actions of the call so far."""
        return [action for reply in self.replies for action in reply.actions]

    def value(self, fact: str) -> str:
        """Returns the value of a captured fact."""
        return self.state.facts[fact].value
