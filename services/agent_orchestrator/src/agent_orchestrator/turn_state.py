"""What the nodes of the workflow graph share in one turn."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from agent_orchestrator.conversation import Booking, TurnRecord
from agent_orchestrator.escalation import EscalationRecommendation
from agent_orchestrator.reply import ReplyLimits, ReplyUsage
from callwright_common.campaign import Campaign
from dialogue import DialogueState, Qualification, Reply, Route, TurnInput


@dataclass(frozen=True)
class TurnScope:
    """The turn and its surroundings; nodes read it, and fill `usage`."""

    call_id: str
    turn_id: str
    turn_input: TurnInput
    caller_text: str
    campaign: Campaign
    dialogue: DialogueState
    """Where the conversation stood before the turn, with what was really heard taken in."""
    history: tuple[TurnRecord, ...]
    booking: Booking | None
    now: datetime
    arrived_at: float
    """When the request arrived, on the monotonic clock."""
    limits: ReplyLimits
    usage: ReplyUsage


@dataclass(frozen=True)
class Speech:
    """What the chosen agent said."""

    reply: Reply
    pieces: tuple[str, ...]
    """The reply as it was streamed."""
    booking: Booking | None
    """The appointment of the call, if there is one by now."""
    first_piece_at: float
    ended_at: float


class TurnState(TypedDict, total=False):
    """The channels of the graph."""

    route: Route
    routed_at: float
    speech: Speech
    score: Qualification
    escalation: EscalationRecommendation
