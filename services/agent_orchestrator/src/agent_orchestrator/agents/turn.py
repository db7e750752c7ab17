"""What the nodes of the workflow graph share in one turn."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from callwright_common.campaign import Campaign
from dialogue import Analysis, CalendarChange, DialogueState, Reply, Route, SecondOpinion
from vocabulary.turns import Booking, TurnInput, TurnRecord


@dataclass(frozen=True)
class TurnScope:
    """The turn and its surroundings; nodes only read it.

    Attributes:
        turn_input: What the caller did.
        dialogue: Where the conversation stood before the turn, with what was really heard taken in.
        history: The turns before, as they were heard.
        context_preserved: Whether all that was known of the call is known here.
        now: When the turn began.
        arrived_at: The same on the monotonic clock, like the two limits.
        first_text_until: So long a model may take for its first sentence.
        complete_until: So long it may take for all.
        booking: What the call booked last; it may have been cancelled since.
        opinion: Waits for what a model makes of the caller's words; None where it is not asked.
        note: Stores, before the calendar is asked to change, that it is in doubt whether it has; returns the attempt's
            number.
    """

    call_id: str
    turn_id: str
    turn_input: TurnInput
    campaign: Campaign
    dialogue: DialogueState
    history: tuple[TurnRecord, ...]
    context_preserved: bool
    now: datetime
    arrived_at: float
    first_text_until: float
    complete_until: float
    note: Callable[[CalendarChange], Awaitable[int]]
    booking: Booking | None = None
    opinion: Callable[[], Awaitable[SecondOpinion | None]] | None = None


class TurnState(TypedDict, total=False):
    """The channels of the graph."""

    analysis: Analysis | None
    route: Route
    reply: Reply
