"""A call that a gateway carries now, as operators see it."""

from dataclasses import dataclass
from datetime import datetime

from callwright.voice_gateway.v1 import voice_gateway_pb2 as pb
from vocabulary.call_events import TurnRecorded
from vocabulary.enums import Agent, SyncStatus, Tier, WorkflowState
from vocabulary.mirror import Mirror, mirrors
from vocabulary.qualification import QualificationScore


@mirrors(pb.Integration)
@dataclass(frozen=True, slots=True)
class Integration(Mirror):
    """How a call and the orchestrator get on.

    Attributes:
        enabled: The agents answer; else the direct model answers the whole call.
        error_count: Requests that failed in a row.
        fallback_active: A fallback answered the last turn.
    """

    enabled: bool
    sync_status: SyncStatus
    last_sync_time: datetime | None
    error_count: int
    fallback_active: bool


@mirrors(pb.LiveCall)
@dataclass(frozen=True, slots=True)
class LiveCall(Mirror):
    """One call; `turns` are its last ones, oldest first, the one that is being heard included."""

    call_id: str
    twilio_call_sid: str
    campaign_id: str
    start_time: datetime
    agent: Agent | None
    state: WorkflowState
    tier: Tier
    score: QualificationScore | None
    turn_count: int
    turns: tuple[TurnRecorded, ...]
    integration: Integration
