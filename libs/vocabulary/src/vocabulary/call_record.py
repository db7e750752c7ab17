"""What is known of a call once it is recorded."""

from dataclasses import dataclass
from datetime import datetime

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.money import Amount
from vocabulary.call_events import TierEscalation, TurnRecorded
from vocabulary.enums import Agent, CallDirection, CallStatus, EndReason, Outcome, Tier
from vocabulary.mirror import Mirror, mirrors
from vocabulary.qualification import QualificationScore
from vocabulary.turns import AgentTransition, Booking


@mirrors(pb.Call)
@dataclass(frozen=True, slots=True)
class Call(Mirror):
    """One call without its turns; texts that are not known are empty, and an end is None while the call goes on.

    Of a call that was erased at `erase_time`, nothing is known of what was said.
    """

    call_id: str
    status: CallStatus
    campaign_id: str
    direction: CallDirection
    twilio_call_sid: str
    caller_number: str
    called_number: str
    start_time: datetime
    end_time: datetime | None
    end_reason: EndReason | None
    outcome: Outcome | None
    summary: str
    score: QualificationScore | None
    current_agent: Agent | None
    current_tier: Tier
    agent_transition_count: int
    tier_escalation_trigger: Agent | None
    workflow_context_id: str
    premium_cost: Amount | None
    integration_enabled: bool
    gateway_id: str
    disposition: str = ""
    call_back: str = ""
    erase_time: datetime | None = None


@mirrors(pb.GetCallResponse)
@dataclass(frozen=True, slots=True)
class CallHistory(Mirror):
    """One call with all that follows from its events, each in the order in which it happened."""

    call: Call
    turns: tuple[TurnRecorded, ...] = ()
    transitions: tuple[AgentTransition, ...] = ()
    escalations: tuple[TierEscalation, ...] = ()
    bookings: tuple[Booking, ...] = ()

    @property
    def turn_count(self) -> int:
        """How many turns the call had; one whose words went into a later turn is counted with that."""
        return sum(not turn.joined_into for turn in self.turns)


@mirrors(pb.DispositionCount)
@dataclass(frozen=True, slots=True)
class DispositionCount(Mirror):
    """How many calls are sorted under a disposition."""

    disposition: str
    call_count: int


@mirrors(pb.GetCampaignReportResponse)
@dataclass(frozen=True, slots=True)
class CampaignReport(Mirror):
    """The sums of a campaign's calls; no cost where no call had any."""

    call_count: int
    qualified_count: int
    booking_count: int
    escalation_count: int
    premium_cost: Amount | None
    dispositions: tuple[DispositionCount, ...] = ()
