"""What is known about calls and appointments, as immutable values."""

from dataclasses import dataclass
from datetime import datetime

from persistence.call_events import AgentTransitioned, Amount, Score, TierEscalated, TurnRecorded


@dataclass(frozen=True, slots=True)
class Call:
    """One call without its turns; an end is None while the call goes on."""

    call_id: str
    status: str
    campaign_id: str
    direction: str
    twilio_call_sid: str | None
    caller_number: str | None
    called_number: str | None
    start_time: datetime
    end_time: datetime | None
    end_reason: str | None
    outcome: str | None
    summary: str | None
    score: Score | None
    current_agent: str | None
    current_tier: str
    agent_transition_count: int
    tier_escalation_trigger: str | None
    workflow_context_id: str | None
    premium_cost: Amount | None
    integration_enabled: bool


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that the caller agreed to."""

    booking_id: str
    slot_id: str
    call_id: str
    campaign_id: str
    start_time: datetime
    end_time: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CallHistory:
    """One call with all that follows from its events, each in the order in which it happened."""

    call: Call
    turns: tuple[TurnRecorded, ...]
    transitions: tuple[AgentTransitioned, ...]
    escalations: tuple[TierEscalated, ...]
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """The sums of a campaign's calls; no cost where no call had any."""

    call_count: int
    qualified_count: int
    booking_count: int
    escalation_count: int
    premium_cost: Amount | None
