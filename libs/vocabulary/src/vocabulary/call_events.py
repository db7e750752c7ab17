"""What happens on a call, as it is recorded: one event after the other, numbered without a gap."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, cast

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.money import Amount
from callwright_common.rpc.wire import from_timestamp, to_timestamp
from vocabulary.enums import Agent, CallDirection, EndReason, EscalationOutcome, LossReason, Outcome, Tier
from vocabulary.mirror import Mirror, OneOf, mirrors
from vocabulary.qualification import QualificationScore
from vocabulary.turns import AgentTransition, TurnRecord


@mirrors(pb.CallStarted)
@dataclass(frozen=True, slots=True)
class CallStarted(Mirror):
    """The call's first event; what is not known of the call is empty."""

    campaign_id: str = ""
    direction: CallDirection = CallDirection.UNKNOWN
    twilio_call_sid: str = ""
    caller_number: str = ""
    called_number: str = ""
    gateway_id: str = ""
    integration_enabled: bool = False


@mirrors(conversation.TurnLatency)
@dataclass(frozen=True, slots=True)
class TurnLatency(Mirror):
    """Seconds of each step from the end of the caller's speech to the reply's audio; None where it did not happen."""

    end_of_turn: float | None = None
    transcription: float | None = None
    first_text: float | None = None
    synthesis: float | None = None
    first_audio: float | None = None
    reply_audio: float | None = None

    def steps(self) -> dict[str, float]:
        """Returns the seconds of the steps that happened, in their order."""
        values = {step: getattr(self, step) for step in LATENCY_STEPS}
        return {step: value for step, value in values.items() if value is not None}


LATENCY_STEPS = tuple(step.name for step in fields(TurnLatency))
"""The steps from the end of the caller's speech to the reply's audio."""


@mirrors(conversation.TurnRecorded, renamed={"reply_seconds": "reply_length"})
@dataclass(frozen=True, slots=True)
class TurnRecorded(Mirror):
    """A turn came to its end on the line.

    Attributes:
        agent: Who answered; None without one.
        tier: The voice tier of the reply.
        heard_seconds: How much of the reply's audio was heard.
        reply_seconds: How much audio the reply had.
        partial: The reply ended before its last sentence because its stream failed.
        joined_into: The later turn that holds this turn's words, which went unanswered; empty for most turns.
    """

    turn: TurnRecord
    agent: Agent | None
    tier: Tier
    latency: TurnLatency
    heard_seconds: float
    reply_seconds: float
    filler_played: bool
    partial: bool
    joined_into: str = ""


@mirrors(pb.AgentTransitioned)
@dataclass(frozen=True, slots=True)
class AgentTransitioned(Mirror):
    """One agent handed the caller to another."""

    transition: AgentTransition


@mirrors(pb.ScoreChanged)
@dataclass(frozen=True, slots=True)
class ScoreChanged(Mirror):
    """The qualification changed with a turn."""

    score: QualificationScore
    turn_id: str


@mirrors(pb.TierEscalation)
@dataclass(frozen=True, slots=True)
class TierEscalation(Mirror):
    """A change of the voice tier was decided, or refused.

    Attributes:
        escalation_id: The decision.
        turn_id: The turn that led to it.
        trigger_agent: Whose turn that was; None where an operator asked.
        qualification_score: 0 to 1.
        cost_impact: The reserved money, or what was spent of it at the end of a lease.
        reservation_id: The budget's.
    """

    escalation_id: str
    turn_id: str
    trigger_agent: Agent | None
    qualification_score: float
    from_tier: Tier
    to_tier: Tier
    occur_time: datetime
    cost_impact: Amount | None
    budget_check_passed: bool
    outcome: EscalationOutcome
    reservation_id: str

    @property
    def tier_afterwards(self) -> Tier | None:
        """The tier in which the call goes on; None where it stays as it was."""
        match self.outcome:
            case EscalationOutcome.VOICE_FAILED:
                return Tier.STANDARD
            case EscalationOutcome.SWITCHED | EscalationOutcome.LEASE_ENDED:
                return self.to_tier
            case _:
                return None


@mirrors(pb.CallEnded)
@dataclass(frozen=True, slots=True)
class CallEnded(Mirror):
    """The call is over; `outcome` is None where nothing is known of it."""

    end_reason: EndReason
    outcome: Outcome | None
    score: QualificationScore | None
    premium_cost: Amount | None
    summary: str
    workflow_context_id: str
    disposition: str = ""
    call_back: str = ""


@mirrors(pb.CallAlive)
@dataclass(frozen=True, slots=True)
class CallAlive(Mirror):
    """The call goes on."""


@mirrors(pb.EventLost)
@dataclass(frozen=True, slots=True)
class EventLost(Mirror):
    """Stands in the place of an event that could not be delivered, until that comes."""

    reason: LossReason


Event = (
    CallStarted | TurnRecorded | AgentTransitioned | ScoreChanged | TierEscalation | CallEnded | CallAlive | EventLost
)

EVENTS: OneOf[Event] = OneOf(
    pb.CallEvent,
    "event",
    {
        "call_started": CallStarted,
        "turn_recorded": TurnRecorded,
        "agent_transitioned": AgentTransitioned,
        "score_changed": ScoreChanged,
        "tier_escalation": TierEscalation,
        "call_ended": CallEnded,
        "call_alive": CallAlive,
        "event_lost": EventLost,
    },
)


def without_personal_data(event: Event) -> Event:
    """Returns an event without numbers and words of the caller, as it is kept of an erased caller's calls."""
    match event:
        case CallStarted():
            return replace(event, twilio_call_sid="", caller_number="", called_number="")
        case TurnRecorded():
            return replace(event, turn=event.turn.without_words())
        case ScoreChanged():
            return replace(event, score=event.score.without_quotes())
        case CallEnded():
            return replace(event, summary="", call_back="", score=event.score.without_quotes() if event.score else None)
        case _:
            return event


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One event of a call.

    Attributes:
        event_id: Made by the client; the same id is stored once.
        sequence: 1 for the call's first event, then without gaps.
        event: What happened; None for a kind that is unknown here.
    """

    event_id: str
    call_id: str
    sequence: int
    occur_time: datetime
    event: Event | None

    @classmethod
    def from_proto(cls, message: pb.CallEvent) -> "CallEvent":
        """Returns the value of a message; times that its details leave out are the event's."""
        event = EVENTS.from_proto(_dated(message))
        return cls(message.event_id, message.call_id, message.sequence, from_timestamp(message.occur_time), event)

    def to_proto(self) -> pb.CallEvent:
        """Returns the message."""
        message = pb.CallEvent() if self.event is None else EVENTS.to_proto(self.event)
        message.event_id, message.call_id, message.sequence = self.event_id, self.call_id, self.sequence
        message.occur_time.CopyFrom(to_timestamp(self.occur_time))
        return cast("pb.CallEvent", message)


def _dated(message: pb.CallEvent) -> pb.CallEvent:
    """Returns an event whose details tell their time; those that leave it out get the event's."""
    name = message.WhichOneof("event")
    held_by = {"turn_recorded": ("turn",), "agent_transitioned": ("transition",), "tier_escalation": ()}
    if name not in held_by:
        return message
    dated = pb.CallEvent.FromString(message.SerializeToString())
    detail: Any = getattr(dated, name)
    for holder in held_by[name]:
        detail = getattr(detail, holder)
    if not detail.HasField("occur_time"):
        detail.occur_time.CopyFrom(message.occur_time)
    return dated
