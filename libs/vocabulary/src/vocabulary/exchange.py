"""What the gateway and the orchestrator tell each other of a call: requests, the events of a turn, the context."""

from dataclasses import dataclass
from typing import cast

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from vocabulary.enums import Agent, EndReason, Outcome, WorkflowState
from vocabulary.mirror import Mirror, OneOf, mirrors
from vocabulary.qualification import CapturedFact, QualificationScore
from vocabulary.turns import (
    CALL_ACTIONS,
    TURN_INPUTS,
    AgentTransition,
    Booking,
    CallAction,
    Sentence,
    TurnInput,
    TurnRecord,
)


@mirrors(conversation.WorkflowContext)
@dataclass(frozen=True, slots=True)
class WorkflowContext(Mirror):
    """Where a call's conversation stands.

    Attributes:
        revision: Grows with each completed turn or sync, and whenever a turn notes what it asks of the calendar.
        agent: Who spoke last; None before the first turn.
        last_turn_id: The turn that was completed last.
        booking: The appointment that was booked last; it may have been cancelled since.
        history: The most recent turns, oldest first.
        dialogue_state: The dialogue's state in the encoding of the dialogue library, opaque to everybody else.
    """

    call_id: str
    campaign_id: str
    revision: int
    agent: Agent | None
    state: WorkflowState
    facts: tuple[CapturedFact, ...] = ()
    score: QualificationScore | None = None
    last_turn_id: str = ""
    booking: Booking | None = None
    history: tuple[TurnRecord, ...] = ()
    dialogue_state: bytes = b""


@mirrors(conversation.EscalationRecommendation)
@dataclass(frozen=True, slots=True)
class EscalationRecommendation(Mirror):
    """Whether the premium voice is worth its money from the next reply on, with the score and the agent that say so."""

    recommended: bool
    score: float
    trigger_agent: Agent | None


@mirrors(pb.SpeechCompleted)
@dataclass(frozen=True, slots=True)
class SpeechCompleted(Mirror):
    """Nothing more will be said in this turn."""


@mirrors(pb.TurnCompleted)
@dataclass(frozen=True, slots=True)
class TurnCompleted(Mirror):
    """The turn is committed."""

    context: WorkflowContext
    escalation: EscalationRecommendation


TurnEvent = AgentTransition | Sentence | SpeechCompleted | CallAction | TurnCompleted
"""What happens in a turn, in the order that the contract gives."""

_TURN_EVENTS: OneOf[TurnEvent] = OneOf(
    pb.ProcessTurnResponse,
    "event",
    {
        "agent_transition": AgentTransition,
        "sentence": Sentence,
        "speech_completed": SpeechCompleted,
        "turn_completed": TurnCompleted,
    },
)


def event_from_proto(message: pb.ProcessTurnResponse) -> TurnEvent | None:
    """Returns the event of a response; None for kinds that are unknown here."""
    if message.WhichOneof("event") == "call_action":
        return CALL_ACTIONS.from_proto(message.call_action)
    return _TURN_EVENTS.from_proto(message)


def event_to_proto(event: TurnEvent) -> pb.ProcessTurnResponse:
    """Returns the response that tells an event."""
    if isinstance(event, CallAction):
        return pb.ProcessTurnResponse(call_action=CALL_ACTIONS.to_proto(event))
    return cast("pb.ProcessTurnResponse", _TURN_EVENTS.to_proto(event))


@mirrors(
    pb.ProcessTurnRequest,
    renamed={"first_text_seconds": "first_text_timeout"},
    converted={"input": (TURN_INPUTS.from_proto, TURN_INPUTS.to_proto)},
)
@dataclass(frozen=True, slots=True)
class TurnRequest(Mirror):
    """One turn to be answered.

    Attributes:
        base_revision: The revision of the context that the gateway saw last; 0 before the first turn.
        unsynced_entries: What happened on the line since then.
        first_text_seconds: How long the first words may take; None means the orchestrator's own limit.
        dialogue_state: Where a fallback that answered since then left the dialogue, opaque; empty if none did.
    """

    call_id: str
    turn_id: str
    campaign_id: str
    input: TurnInput
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...] = ()
    first_text_seconds: float | None = None
    dialogue_state: bytes = b""


@mirrors(pb.SyncCallStateRequest)
@dataclass(frozen=True, slots=True)
class SyncRequest(Mirror):
    """The gateway's view of a call; `mirror` is the last context that it saw, with the turns that it knows.

    Attributes:
        dialogue_state: As in `TurnRequest`.
    """

    call_id: str
    campaign_id: str
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...] = ()
    mirror: WorkflowContext | None = None
    dialogue_state: bytes = b""


@mirrors(pb.EndCallRequest)
@dataclass(frozen=True, slots=True)
class EndRequest(Mirror):
    """The end of a call, and what happened on the line since the last turn.

    Attributes:
        dialogue_state: As in `TurnRequest`.
        campaign_id: Set where no context of the call was seen; the call is ended even if there is none.
    """

    call_id: str
    reason: EndReason
    unsynced_entries: tuple[TurnRecord, ...] = ()
    dialogue_state: bytes = b""
    campaign_id: str = ""


@mirrors(pb.EndCallResponse)
@dataclass(frozen=True, slots=True)
class CallResult(Mirror):
    """How a call is summed up.

    Attributes:
        outcome: What came of it.
        summary: Some sentences for a human; of personal data, only what he needs to do what the caller asks for.
        score: How well the lead qualifies.
        disposition: The id in the campaign's list under which the call is sorted.
        call_back: When the caller wants to be called back, in words; empty without such a wish.
    """

    outcome: Outcome
    summary: str
    score: QualificationScore | None
    disposition: str = ""
    call_back: str = ""
