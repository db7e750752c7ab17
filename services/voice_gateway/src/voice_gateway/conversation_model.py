"""The values of a conversation as the gateway knows them: who speaks, what was said and heard, what a turn brings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Agent(StrEnum):
    """The agent that speaks."""

    CONVERSATION = "conversation"
    QUALIFICATION = "qualification"
    OBJECTION_HANDLER = "objection_handler"
    SCHEDULER = "scheduler"
    HANDOFF = "handoff"


class WorkflowState(StrEnum):
    """Where the conversation stands."""

    INITIALIZING = "initializing"
    GREETING = "greeting"
    QUALIFYING = "qualifying"
    HANDLING_OBJECTION = "handling_objection"
    SCHEDULING = "scheduling"
    CLOSING = "closing"
    HANDING_OFF = "handing_off"
    COMPLETED = "completed"
    FAILED = "failed"


class Tier(StrEnum):
    """The voice tier."""

    STANDARD = "standard"
    PREMIUM = "premium"


class ReplySource(StrEnum):
    """Who made the words of a reply."""

    ORCHESTRATOR = "orchestrator"
    DIRECT_MODEL = "direct_model"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The caller's words behind a factor."""

    turn_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class FactorScore:
    """One factor of the score; all numbers are 0 to 1."""

    factor: str
    value: float
    confidence: float
    weight: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How well the lead qualifies; 0 to 1."""

    overall: float
    threshold: float
    factors: tuple[FactorScore, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentTransition:
    """One agent handed the caller to another."""

    from_agent: Agent | None
    to_agent: Agent
    occurred_at: datetime
    trigger: str
    context_preserved: bool
    duration_seconds: float
    turn_id: str


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that the caller agreed to."""

    booking_id: str
    slot_id: str
    start_time: datetime
    end_time: datetime


@dataclass(frozen=True, slots=True)
class TurnEntry:
    """One turn as it really happened on the line."""

    turn_id: str
    caller_text: str
    reply_text: str
    heard_text: str
    source: ReplySource
    interrupted: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class WorkflowMirror:
    """The gateway's copy of the orchestrator's context, from which a lost one can be rebuilt.

    Attributes:
        revision: Grows with each completed turn or sync.
        agent: Who spoke last; None before the first turn.
        state: Where the conversation stands.
        score: The qualification so far.
        booking: Set once an appointment is confirmed.
        encoded: The whole context in the orchestrator's encoding, opaque here.
    """

    revision: int
    agent: Agent | None
    state: WorkflowState
    score: Score | None
    booking: Booking | None
    encoded: bytes


@dataclass(frozen=True, slots=True)
class Opening:
    """The call was connected and the agent speaks first."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """The caller said something."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller said nothing for a while; `count` is 1 for the first time in a row."""

    seconds: float
    count: int


@dataclass(frozen=True, slots=True)
class Digits:
    """The caller pressed keys."""

    digits: str


TurnInput = Opening | Utterance | Silence | Digits


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the orchestrator is told about the call with each turn."""

    campaign_id: str
    tier: Tier
    started_at: datetime
    caller_number: str
    agent: Agent | None


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One caller turn for the orchestrator."""

    call_id: str
    turn_id: str
    input: TurnInput
    base_revision: int
    unsynced: tuple[TurnEntry, ...]
    facts: CallFacts
    first_text_seconds: float


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a reply; the pieces joined are the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class SpeechCompleted:
    """Nothing more will be said in this turn."""

    text: str


@dataclass(frozen=True, slots=True)
class TransferRequested:
    """Connect the caller with a human once the reply was heard."""

    reason: str


@dataclass(frozen=True, slots=True)
class EndRequested:
    """Hang up once the reply was heard."""

    reason: str


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """An appointment was booked."""

    booking: Booking


CallAction = TransferRequested | EndRequested | AppointmentBooked


@dataclass(frozen=True, slots=True)
class EscalationAdvice:
    """Whether the premium voice is worth its money from the next reply on."""

    recommended: bool
    score: float
    threshold: float
    trigger_agent: Agent | None
    warm_up: bool


@dataclass(frozen=True, slots=True)
class TurnCompleted:
    """The turn is committed."""

    context: WorkflowMirror
    escalation: EscalationAdvice | None
    replayed: bool


TurnEvent = AgentTransition | Words | SpeechCompleted | CallAction | TurnCompleted


@dataclass(frozen=True, slots=True)
class CallResult:
    """How the orchestrator sums a call up."""

    outcome: str
    summary: str
    score: Score | None
