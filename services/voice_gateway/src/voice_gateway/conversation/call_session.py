"""What the gateway knows of one call that it carries."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

from callwright_common.campaign import Campaign
from vocabulary.call_events import TierEscalation, TurnRecorded
from vocabulary.enums import Agent, EndReason, SyncStatus, Tier, WorkflowState
from vocabulary.exchange import EndRequest, SyncRequest, WorkflowContext
from vocabulary.qualification import QualificationScore
from vocabulary.turns import MAX_TOLD_TURNS, AgentTransition, Question, TurnRecord

_MAX_TRANSITIONS = 200
_MAX_KEPT_TURNS = 50


@dataclass(slots=True)
class IntegrationContext:
    """How the call and the orchestrator get on; requests that failed count in a row."""

    sync_status: SyncStatus = SyncStatus.SYNCED
    error_count: int = 0
    fallback_active: bool = False


@dataclass(slots=True)
class CallSession:
    """One call.

    Attributes:
        call_id: Ours; `twilio_call_sid` is Twilio's.
        integration_enabled: Whether the agents answer; fixed when the call starts.
        workflow_context_id: The orchestrator's context of the call, its call id; empty before the first answer.
        mirror: The last context that the orchestrator told.
        dialogue_state: Where the dialogue stands, as the orchestrator or the last fallback told it; opaque here.
        open_question: What the caller heard himself asked last.
        unsynced: What happened on the line since the mirror's revision, oldest first.
        history: The last turns as they happened.
        turns: The same as recorded.
        playing: The turn whose reply is being heard, as it began.
    """

    call_id: str
    twilio_call_sid: str
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
    score: QualificationScore | None = None
    mirror: WorkflowContext | None = None
    dialogue_state: bytes = b""
    open_question: Question | None = None
    unsynced: dict[str, TurnRecord] = field(default_factory=dict)
    turns: deque[TurnRecorded] = field(default_factory=lambda: deque(maxlen=_MAX_KEPT_TURNS))
    playing: TurnRecorded | None = None
    turn_count: int = 0
    ended: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def revision(self) -> int:
        """The revision of the context that the gateway saw last; 0 before the first turn."""
        return 0 if self.mirror is None else self.mirror.revision

    @property
    def history(self) -> tuple[TurnRecord, ...]:
        """The last turns as they happened, oldest first."""
        return tuple(recorded.turn for recorded in self.turns)

    @property
    def own_dialogue_state(self) -> bytes:
        """Where a fallback left the dialogue since the orchestrator told its state; empty if none answered."""
        told = b"" if self.mirror is None else self.mirror.dialogue_state
        return b"" if self.dialogue_state == told else self.dialogue_state

    def end_request(self, reason: EndReason) -> EndRequest:
        """Returns what the orchestrator is told at the end of the call."""
        unseen = self.campaign.id if self.mirror is None else ""
        return EndRequest(self.call_id, reason, tuple(self.unsynced.values()), self.own_dialogue_state, unseen)

    def sync_request(self) -> SyncRequest:
        """Returns the gateway's view of the call."""
        return SyncRequest(
            call_id=self.call_id,
            campaign_id=self.campaign.id,
            base_revision=self.revision,
            unsynced_entries=tuple(self.unsynced.values()),
            mirror=None if self.mirror is None else replace(self.mirror, history=self.history),
            dialogue_state=self.own_dialogue_state,
        )

    def note_turn(self, recorded: TurnRecorded) -> None:
        """Notes a turn that is over; the orchestrator is told with its next request."""
        turn = recorded.turn
        self.playing = None
        self.turn_count += 1
        self.turns.append(recorded)
        self.unsynced[turn.turn_id] = turn
        while len(self.unsynced) > MAX_TOLD_TURNS:
            del self.unsynced[next(iter(self.unsynced))]
        if turn.heard_text:
            self.open_question = turn.asked
        if self.integration.sync_status is SyncStatus.SYNCED:
            self.integration.sync_status = SyncStatus.PENDING
        self.notify()

    def note_escalation(self, escalation: TierEscalation) -> None:
        """Notes what became of a wish to change the voice tier."""
        self.tier = escalation.tier_afterwards or self.tier
        self.notify()

    def accept(self, context: WorkflowContext, told: tuple[TurnRecord, ...], now: datetime) -> bool:
        """Takes over the orchestrator's context after it was told some turns; returns whether the score changed."""
        self.mirror = context
        self.dialogue_state = context.dialogue_state
        self.workflow_context_id = self.call_id
        self.workflow_state = context.state
        self.current_agent = context.agent or self.current_agent
        self.last_state_sync = now
        for turn in told:
            if self.unsynced.get(turn.turn_id) == turn:
                del self.unsynced[turn.turn_id]
        self.integration.sync_status = SyncStatus.PENDING if self.unsynced else SyncStatus.SYNCED
        self.integration.error_count = 0
        changed = context.score is not None and context.score != self.score
        if changed:
            self.score = context.score
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
