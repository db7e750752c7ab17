"""What the gateway knows of one call that it carries."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from callwright_common.campaign import Campaign
from voice_gateway.call_events import TurnRecorded
from voice_gateway.conversation_model import (
    Agent,
    AgentTransition,
    CallFacts,
    Score,
    Tier,
    TurnEntry,
    WorkflowMirror,
    WorkflowState,
)

_MAX_TRANSITIONS = 200
_MAX_LIVE_TURNS = 50
_MAX_UNSYNCED = 50


class SyncStatus(StrEnum):
    """Whether the orchestrator knows what happened on the line."""

    SYNCED = "synced"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(slots=True)
class IntegrationContext:
    """How the call and the orchestrator get on."""

    sync_status: SyncStatus = SyncStatus.SYNCED
    error_count: int = 0
    fallback_active: bool = False


@dataclass(slots=True)
class CallSession:
    """One call.

    Attributes:
        call_id: Ours; `call_sid` is Twilio's.
        integration_enabled: Whether the agents answer; fixed when the call starts.
        workflow_context_id: The orchestrator's context of the call, its call id; empty before the first answer.
        unsynced: What happened on the line since the mirror's revision, oldest first.
        turns: The last turns as recorded.
        playing: The turn whose reply is being heard, as it began.
    """

    call_id: str
    call_sid: str
    campaign: Campaign
    caller_number: str
    called_number: str
    started_at: datetime
    started_monotonic: float
    integration_enabled: bool
    escalation_enabled: bool
    workflow_context_id: str = ""
    current_agent: Agent | None = None
    agent_transition_history: deque[AgentTransition] = field(default_factory=lambda: deque(maxlen=_MAX_TRANSITIONS))
    workflow_state: WorkflowState = WorkflowState.INITIALIZING
    last_state_sync: datetime | None = None
    integration: IntegrationContext = field(default_factory=IntegrationContext)
    tier: Tier = Tier.STANDARD
    score: Score | None = None
    mirror: WorkflowMirror | None = None
    unsynced: dict[str, TurnEntry] = field(default_factory=dict)
    history: deque[TurnEntry] = field(default_factory=lambda: deque(maxlen=_MAX_LIVE_TURNS))
    turns: deque[TurnRecorded] = field(default_factory=lambda: deque(maxlen=_MAX_LIVE_TURNS))
    playing: TurnRecorded | None = None
    turn_count: int = 0
    ended: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def revision(self) -> int:
        """The revision of the context that the gateway saw last; 0 before the first turn."""
        return 0 if self.mirror is None else self.mirror.revision

    def facts(self) -> CallFacts:
        """Returns what the orchestrator is told about the call."""
        return CallFacts(self.campaign.id, self.tier, self.started_at, self.caller_number, self.current_agent)

    def note_heard(self, entry: TurnEntry) -> None:
        """Notes what was heard of a turn; the orchestrator is told with its next request."""
        self.unsynced[entry.turn_id] = entry
        while len(self.unsynced) > _MAX_UNSYNCED:
            del self.unsynced[next(iter(self.unsynced))]
        if self.integration.sync_status is SyncStatus.SYNCED:
            self.integration.sync_status = SyncStatus.PENDING
        self.history.append(entry)

    def accept(self, mirror: WorkflowMirror, told: tuple[TurnEntry, ...], now: datetime) -> bool:
        """Takes over the orchestrator's context after it was told some entries; returns whether the score changed."""
        self.mirror = mirror
        self.workflow_context_id = self.call_id
        self.workflow_state = mirror.state
        self.current_agent = mirror.agent or self.current_agent
        self.last_state_sync = now
        for entry in told:
            if self.unsynced.get(entry.turn_id) == entry:
                del self.unsynced[entry.turn_id]
        self.integration.sync_status = SyncStatus.PENDING if self.unsynced else SyncStatus.SYNCED
        self.integration.error_count = 0
        changed = mirror.score is not None and mirror.score != self.score
        if changed:
            self.score = mirror.score
        self.notify()
        return changed

    def note_failure(self) -> None:
        """Notes that the orchestrator did not answer a request."""
        self.integration.error_count += 1
        self.integration.sync_status = SyncStatus.FAILED

    def notify(self) -> None:
        """Wakes those who watch the call."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_changed(self) -> None:
        """Waits for the next change of the call."""
        await self._changed.wait()
