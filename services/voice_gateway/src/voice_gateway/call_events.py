"""What is recorded of a call, and the one place that numbers it.

The gateway is the only writer of a call's events, so the sequence has one source: the recorder of the call. A number is
used up only when the spool took the event, so that the sequence has no gap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from callwright_common.clock import Clock
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from voice_gateway.conversation_model import Agent, AgentTransition, Score, Tier, TurnEntry

_logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The media stream of a call is open."""

    campaign_id: str
    twilio_call_sid: str
    caller_number: str
    called_number: str
    gateway_id: str
    integration_enabled: bool


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """Seconds of each step from the end of the caller's speech to the reply's audio; None where it did not happen."""

    end_of_turn: float | None = None
    transcription: float | None = None
    first_text: float | None = None
    synthesis: float | None = None
    first_audio: float | None = None
    reply_audio: float | None = None


@dataclass(frozen=True, slots=True)
class TurnRecorded:
    """A turn came to its end on the line."""

    entry: TurnEntry
    agent: Agent | None
    tier: Tier
    latency: TurnLatency
    heard_seconds: float
    reply_seconds: float
    filler_played: bool
    partial: bool


@dataclass(frozen=True, slots=True)
class AgentTransitioned:
    """One agent handed the caller to another."""

    transition: AgentTransition


@dataclass(frozen=True, slots=True)
class ScoreChanged:
    """The qualification changed with a turn."""

    score: Score
    turn_id: str


@dataclass(frozen=True, slots=True)
class TierEscalation:
    """A change of the voice tier was decided, or refused; `outcome` is from the contract's closed set."""

    escalation_id: str
    turn_id: str
    trigger_agent: Agent | None
    score: float
    from_tier: Tier
    to_tier: Tier
    occurred_at: datetime
    cost_micros: int
    currency: str
    budget_check_passed: bool
    outcome: str
    reservation_id: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over."""

    end_reason: str
    outcome: str
    summary: str
    score: Score | None
    premium_micros: int
    currency: str
    workflow_context_id: str


@dataclass(frozen=True, slots=True)
class CallAlive:
    """The call goes on."""


Event = CallStarted | TurnRecorded | AgentTransitioned | ScoreChanged | TierEscalation | CallEnded | CallAlive


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """An event with its identity and its place in the call."""

    event_id: str
    call_id: str
    sequence: int
    occurred_at: datetime
    event: Event


class EventSpool(Protocol):
    """Takes encoded events in order."""

    def append(self, payload: bytes) -> bool:
        """Takes an event; returns False if there is no room."""
        ...


class CallEventRecorder:
    """Numbers the events of one call and hands them to the spool."""

    def __init__(self, call_id: str, spool: EventSpool, encode: Callable[[NumberedEvent], bytes], clock: Clock) -> None:
        self._call_id = call_id
        self._spool = spool
        self._encode = encode
        self._clock = clock
        self._sequence = 0

    @property
    def sequence(self) -> int:
        """The number of the last event that was taken; 0 before the first."""
        return self._sequence

    def record(self, event: Event) -> bool:
        """Records an event; returns False, and logs it, if the spool has no room."""
        numbered = NumberedEvent(new_id(), self._call_id, self._sequence + 1, self._clock.now(), event)
        if not self._spool.append(self._encode(numbered)):
            _logger.error("call event lost, the spool is full", call_id=self._call_id, kind=type(event).__name__)
            return False
        self._sequence += 1
        return True
