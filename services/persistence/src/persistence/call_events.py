"""What happens on a call, as immutable values.

The gateway that carries a call tells its events in the order of their sequence; everything that is known about a call
follows from them. Enum values are lower-case words, the same as in the tables.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ESCALATION_OUTCOMES = (
    "switched",
    "denied_call_limit",
    "denied_campaign_limit",
    "denied_global_limit",
    "budget_unavailable",
    "voice_failed",
    "lease_ended",
)
END_REASONS = (
    "agent_goodbye",
    "caller_hung_up",
    "transferred",
    "silence",
    "max_duration",
    "no_media",
    "operator",
    "drain_timeout",
    "gateway_lost",
    "failed",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in millionths of the currency's unit."""

    micros: int
    currency: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The caller's words that support a factor."""

    turn_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class FactorScore:
    """One factor of a score; all numbers are 0 to 1."""

    factor: str
    value: float
    confidence: float
    weight: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How well the lead qualifies; all numbers are 0 to 1."""

    overall: float
    threshold: float
    factors: tuple[FactorScore, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """The steps from the end of the caller's speech to the first audio; None for a step that did not happen."""

    end_of_turn: timedelta | None = None
    transcription: timedelta | None = None
    first_text: timedelta | None = None
    synthesis: timedelta | None = None
    first_audio: timedelta | None = None
    reply_audio: timedelta | None = None


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The call's first event."""

    campaign_id: str
    direction: str
    twilio_call_sid: str | None
    caller_number: str | None
    called_number: str | None
    gateway_id: str | None
    integration_enabled: bool


@dataclass(frozen=True, slots=True)
class TurnRecorded:
    """A turn that came to its end on the line."""

    turn_id: str
    occurred_at: datetime
    caller_text: str
    reply_text: str
    heard_text: str
    source: str | None
    agent: str | None
    tier: str
    interrupted: bool
    filler_played: bool
    partial: bool
    heard: timedelta | None
    reply_length: timedelta | None
    latency: TurnLatency


@dataclass(frozen=True, slots=True)
class AgentTransitioned:
    """Another agent took over; `from_agent` is None for the first one."""

    from_agent: str | None
    to_agent: str
    occurred_at: datetime
    trigger: str | None
    context_preserved: bool
    duration: timedelta | None
    turn_id: str | None


@dataclass(frozen=True, slots=True)
class ScoreChanged:
    """The lead's score is another one now."""

    score: Score
    turn_id: str | None


@dataclass(frozen=True, slots=True)
class TierEscalated:
    """A change of the voice tier was decided, or refused."""

    escalation_id: str
    turn_id: str | None
    trigger_agent: str | None
    qualification_score: float
    from_tier: str
    to_tier: str
    occurred_at: datetime
    cost_impact: Amount | None
    budget_check_passed: bool
    outcome: str
    reservation_id: str | None

    @property
    def tier_afterwards(self) -> str | None:
        """The tier in which the call goes on, or None where the outcome changes nothing."""
        if self.outcome == "voice_failed":
            return "standard"
        return self.to_tier if self.outcome in ("switched", "lease_ended") else None


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over."""

    end_reason: str
    outcome: str | None
    score: Score | None
    premium_cost: Amount | None
    summary: str | None
    workflow_context_id: str | None


@dataclass(frozen=True, slots=True)
class CallAlive:
    """The call still goes on."""


Detail = CallStarted | TurnRecorded | AgentTransitioned | ScoreChanged | TierEscalated | CallEnded | CallAlive


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One event of a call.

    Attributes:
        event_id: Made by the client; the same id is stored once.
        sequence: 1 for the call's first event, then without gaps.
        encoded: The event as it came over the wire, with fields that this build does not know.
    """

    event_id: str
    call_id: str
    sequence: int
    occurred_at: datetime
    kind: str
    detail: Detail
    encoded: bytes


def without_quotes(score: Score) -> Score:
    """Returns the score without the caller's words."""
    return replace(score, factors=tuple(replace(factor, evidence=()) for factor in score.factors))


def without_personal_data(detail: Detail) -> Detail:
    """Returns the event's detail without numbers and words of the caller, as it is kept of an erased caller's calls."""
    match detail:
        case CallStarted():
            return replace(detail, twilio_call_sid=None, caller_number=None, called_number=None)
        case TurnRecorded():
            return replace(detail, caller_text="", reply_text="", heard_text="")
        case ScoreChanged():
            return replace(detail, score=without_quotes(detail.score))
        case CallEnded():
            return replace(detail, summary=None, score=without_quotes(detail.score) if detail.score else None)
        case _:
            return detail
