"""A call's context: all that a turn needs to know of the turns before, and nothing that lives in a process."""

from collections.abc import Iterable
from datetime import datetime

from agent_orchestrator.conversation import (
    Booking,
    CallAction,
    Tier,
    Transition,
    TurnRecord,
    Value,
)
from agent_orchestrator.escalation import EscalationRecommendation
from dialogue import DialogueState, initial_state

HISTORY_TURNS = 30
REPLAYABLE_TURNS = 4


class TurnTimings(Value):
    """Seconds that the steps of a turn took; `first_text` counts from the request's arrival."""

    load: float
    route: float
    first_text: float
    speech: float
    analysis: float
    total: float


class TokenUsage(Value):
    """Who made a reply and what it used."""

    provider: str
    model: str
    input_tokens: int
    output_tokens: int


class CompletedTurn(Value):
    """What a turn answered, kept so that the same turn sent again is answered the same."""

    turn_id: str
    revision: int
    """The revision that the turn made."""
    transition: Transition | None
    pieces: tuple[str, ...]
    """The reply as it was streamed."""
    actions: tuple[CallAction, ...]
    escalation: EscalationRecommendation
    timings: TurnTimings
    usage: TokenUsage


class CallOutcome(Value):
    """How a call ended."""

    outcome: str
    summary: str


class CallContext(Value):
    """The context of one call at one revision."""

    call_id: str
    campaign_id: str
    revision: int
    tier: Tier
    start_time: datetime | None
    lead_data: dict[str, str]
    dialogue: DialogueState
    """Agent, workflow state and captured facts, as the rules keep them."""
    dialogue_before: DialogueState | None = None
    """The dialogue as it was before the turn that was completed last."""
    history: tuple[TurnRecord, ...] = ()
    completed: tuple[CompletedTurn, ...] = ()
    booking: Booking | None = None
    outcome: CallOutcome | None = None
    """Set once the call has ended."""

    @property
    def last_turn_id(self) -> str:
        """The turn that was completed last; empty before the first."""
        return self.completed[-1].turn_id if self.completed else ""

    def dialogue_without(self, turn_id: str) -> DialogueState | None:
        """Returns the dialogue as if a turn had not been; None unless it is the last one and booked nothing.

        The agent of that turn goes on: its taking over has been told.
        """
        booked = self.completed and any(isinstance(action, Booking) for action in self.completed[-1].actions)
        if turn_id != self.last_turn_id or booked or self.dialogue_before is None:
            return None
        return self.dialogue_before.model_copy(update={"agent": self.dialogue.agent})

    def completed_turn(self, turn_id: str) -> CompletedTurn | None:
        """Returns what a recent turn answered, or None."""
        return next((turn for turn in self.completed if turn.turn_id == turn_id), None)

    def accepts(self, base_revision: int, told: Iterable[TurnRecord]) -> bool:
        """Tells whether a turn may go on from here: from this revision, or from one since which only told turns came.

        The latter is so when the gateway left a turn that was completed all the same: it tells what was heard of it.
        """
        told_ids = {entry.turn_id for entry in told}
        since = {turn.revision for turn in self.completed if turn.turn_id in told_ids}
        return base_revision <= self.revision and since.issuperset(range(base_revision + 1, self.revision + 1))

    def with_entries(self, entries: Iterable[TurnRecord]) -> "CallContext":
        """Returns the context with turns as they really happened: each replaces the one with its id or is appended."""
        history = list(self.history)
        places = {record.turn_id: index for index, record in enumerate(history)}
        for entry in entries:
            place = places.get(entry.turn_id)
            if place is None:
                places[entry.turn_id] = len(history)
                history.append(entry)
            else:
                history[place] = entry
        return self.model_copy(update={"history": tuple(history[-HISTORY_TURNS:])})


def new_context(
    call_id: str, campaign_id: str, tier: Tier, start_time: datetime | None, lead_data: dict[str, str]
) -> CallContext:
    """Returns the context of a call of which nothing has happened yet, at revision 0."""
    return CallContext(
        call_id=call_id,
        campaign_id=campaign_id,
        revision=0,
        tier=tier,
        start_time=start_time,
        lead_data=lead_data,
        dialogue=initial_state(call_id),
    )
