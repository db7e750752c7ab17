"""What the gateway and the orchestrator tell each other of a call: requests, the events of a turn, the context."""

from dataclasses import dataclass

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.wire import seconds, to_duration
from vocabulary.enums import AGENTS, END_REASONS, OUTCOMES, WORKFLOW_STATES, Agent, EndReason, Outcome, WorkflowState
from vocabulary.qualification import CapturedFact, QualificationScore
from vocabulary.turns import (
    AgentTransition,
    Booking,
    CallAction,
    EndCall,
    Opening,
    Sentence,
    Transfer,
    TurnInput,
    TurnRecord,
    action_from_proto,
    action_to_proto,
    input_from_proto,
    input_to_proto,
)


@dataclass(frozen=True, slots=True)
class WorkflowContext:
    """Where a call's conversation stands.

    Attributes:
        revision: Grows by one with each completed turn or sync.
        agent: Who spoke last; None before the first turn.
        state: The stage of the conversation.
        facts: What the caller told about himself.
        score: The qualification so far.
        last_turn_id: The turn that was completed last.
        booking: Set once an appointment is confirmed.
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

    @classmethod
    def from_proto(cls, message: conversation.WorkflowContext) -> "WorkflowContext":
        """Returns the value of a message."""
        return cls(
            call_id=message.call_id,
            campaign_id=message.campaign_id,
            revision=message.revision,
            agent=AGENTS.from_proto(message.agent),
            state=WORKFLOW_STATES.required(message.state),
            facts=tuple(map(CapturedFact.from_proto, message.facts)),
            score=QualificationScore.from_proto(message.score) if message.HasField("score") else None,
            last_turn_id=message.last_turn_id,
            booking=Booking.from_proto(message.booking) if message.HasField("booking") else None,
            history=tuple(map(TurnRecord.from_proto, message.history)),
            dialogue_state=message.dialogue_state,
        )

    def to_proto(self) -> conversation.WorkflowContext:
        """Returns the message."""
        return conversation.WorkflowContext(
            call_id=self.call_id,
            campaign_id=self.campaign_id,
            revision=self.revision,
            agent=AGENTS.to_proto(self.agent),
            state=WORKFLOW_STATES.to_proto(self.state),
            facts=[fact.to_proto() for fact in self.facts],
            score=self.score.to_proto() if self.score else None,
            last_turn_id=self.last_turn_id,
            booking=self.booking.to_proto() if self.booking else None,
            history=[record.to_proto() for record in self.history],
            dialogue_state=self.dialogue_state,
        )


@dataclass(frozen=True, slots=True)
class EscalationRecommendation:
    """Whether the premium voice is worth its money from the next reply on; numbers are 0 to 1."""

    recommended: bool
    score: float
    threshold: float
    trigger_agent: Agent | None
    warm_up: bool

    @classmethod
    def from_proto(cls, message: conversation.EscalationRecommendation) -> "EscalationRecommendation":
        """Returns the value of a message."""
        return cls(
            message.recommended,
            message.score,
            message.threshold,
            AGENTS.from_proto(message.trigger_agent),
            message.warm_up,
        )

    def to_proto(self) -> conversation.EscalationRecommendation:
        """Returns the message."""
        return conversation.EscalationRecommendation(
            recommended=self.recommended,
            score=self.score,
            threshold=self.threshold,
            trigger_agent=AGENTS.to_proto(self.trigger_agent),
            warm_up=self.warm_up,
        )


@dataclass(frozen=True, slots=True)
class SpeechCompleted:
    """Nothing more will be said in this turn."""


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The turn is committed."""

    context: WorkflowContext
    escalation: EscalationRecommendation


TurnEvent = AgentTransition | Sentence | SpeechCompleted | CallAction | TurnCompleted
"""What happens in a turn, in the order that the contract gives."""


def event_from_proto(message: pb.ProcessTurnResponse) -> TurnEvent | None:
    """Returns the event of a response; None for kinds that are unknown here."""
    match message.WhichOneof("event"):
        case "agent_transition":
            return AgentTransition.from_proto(message.agent_transition)
        case "sentence":
            return Sentence.from_proto(message.sentence)
        case "speech_completed":
            return SpeechCompleted()
        case "call_action":
            return action_from_proto(message.call_action)
        case "turn_completed":
            return TurnCompleted(
                WorkflowContext.from_proto(message.turn_completed.context),
                EscalationRecommendation.from_proto(message.turn_completed.escalation),
            )
        case _:
            return None


def event_to_proto(event: TurnEvent) -> pb.ProcessTurnResponse:
    """Returns the response that tells an event."""
    match event:
        case AgentTransition():
            return pb.ProcessTurnResponse(agent_transition=event.to_proto())
        case Sentence():
            return pb.ProcessTurnResponse(sentence=event.to_proto())
        case SpeechCompleted():
            return pb.ProcessTurnResponse(speech_completed=pb.SpeechCompleted())
        case Transfer() | EndCall() | Booking():
            return pb.ProcessTurnResponse(call_action=action_to_proto(event))
        case TurnCompleted(context, escalation):
            return pb.ProcessTurnResponse(
                turn_completed=pb.TurnCompleted(context=context.to_proto(), escalation=escalation.to_proto())
            )


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One turn to be answered.

    Attributes:
        base_revision: The revision of the context that the gateway saw last; 0 before the first turn.
        unsynced_entries: What happened on the line since then.
        first_text_seconds: How long the first words may take; None means the orchestrator's own limit.
    """

    call_id: str
    turn_id: str
    campaign_id: str
    input: TurnInput
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...] = ()
    first_text_seconds: float | None = None

    @classmethod
    def from_proto(cls, message: pb.ProcessTurnRequest) -> "TurnRequest":
        """Returns the value of a message that was checked."""
        limited = message.HasField("first_text_timeout")
        return cls(
            call_id=message.call_id,
            turn_id=message.turn_id,
            campaign_id=message.campaign_id,
            input=input_from_proto(message.input) or Opening(),
            base_revision=message.base_revision,
            unsynced_entries=tuple(map(TurnRecord.from_proto, message.unsynced_entries)),
            first_text_seconds=seconds(message.first_text_timeout) if limited else None,
        )

    def to_proto(self) -> pb.ProcessTurnRequest:
        """Returns the message."""
        first_text = self.first_text_seconds
        return pb.ProcessTurnRequest(
            call_id=self.call_id,
            turn_id=self.turn_id,
            campaign_id=self.campaign_id,
            input=input_to_proto(self.input),
            base_revision=self.base_revision,
            unsynced_entries=[record.to_proto() for record in self.unsynced_entries],
            first_text_timeout=None if first_text is None else to_duration(first_text),
        )


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """The gateway's view of a call; `mirror` is the last context that it saw, with the turns that it knows."""

    call_id: str
    campaign_id: str
    base_revision: int
    unsynced_entries: tuple[TurnRecord, ...] = ()
    mirror: WorkflowContext | None = None

    @classmethod
    def from_proto(cls, message: pb.SyncCallStateRequest) -> "SyncRequest":
        """Returns the value of a message that was checked."""
        return cls(
            call_id=message.call_id,
            campaign_id=message.campaign_id,
            base_revision=message.base_revision,
            unsynced_entries=tuple(map(TurnRecord.from_proto, message.unsynced_entries)),
            mirror=WorkflowContext.from_proto(message.mirror) if message.HasField("mirror") else None,
        )

    def to_proto(self) -> pb.SyncCallStateRequest:
        """Returns the message."""
        return pb.SyncCallStateRequest(
            call_id=self.call_id,
            campaign_id=self.campaign_id,
            base_revision=self.base_revision,
            unsynced_entries=[record.to_proto() for record in self.unsynced_entries],
            mirror=self.mirror.to_proto() if self.mirror else None,
        )


@dataclass(frozen=True, slots=True)
class EndRequest:
    """The end of a call, and what happened on the line since the last turn."""

    call_id: str
    reason: EndReason
    unsynced_entries: tuple[TurnRecord, ...] = ()

    @classmethod
    def from_proto(cls, message: pb.EndCallRequest) -> "EndRequest":
        """Returns the value of a message that was checked."""
        return cls(
            message.call_id,
            END_REASONS.required(message.reason),
            tuple(map(TurnRecord.from_proto, message.unsynced_entries)),
        )

    def to_proto(self) -> pb.EndCallRequest:
        """Returns the message."""
        return pb.EndCallRequest(
            call_id=self.call_id,
            reason=END_REASONS.to_proto(self.reason),
            unsynced_entries=[record.to_proto() for record in self.unsynced_entries],
        )


@dataclass(frozen=True, slots=True)
class CallResult:
    """How a call is summed up: what came of it, and a sentence or two for a human, without personal data."""

    outcome: Outcome
    summary: str
    score: QualificationScore | None

    @classmethod
    def from_proto(cls, message: pb.EndCallResponse) -> "CallResult":
        """Returns the value of a message."""
        score = QualificationScore.from_proto(message.score) if message.HasField("score") else None
        return cls(OUTCOMES.required(message.outcome), message.summary, score)

    def to_proto(self) -> pb.EndCallResponse:
        """Returns the message."""
        return pb.EndCallResponse(
            outcome=OUTCOMES.to_proto(self.outcome),
            summary=self.summary,
            score=self.score.to_proto() if self.score else None,
        )
