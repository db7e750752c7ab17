"""An orchestrator in memory, for calls in virtual time: what comes when, and where it breaks."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from callwright_common.errors import AbortedError, ServiceError
from vocabulary.enums import Agent, Outcome, WorkflowState
from vocabulary.exchange import (
    CallResult,
    EndRequest,
    EscalationRecommendation,
    SpeechCompleted,
    SyncRequest,
    TurnCompleted,
    TurnEvent,
    TurnRequest,
    WorkflowContext,
)
from vocabulary.qualification import QualificationScore
from vocabulary.turns import CallAction, Question, Sentence, TurnRecord


@dataclass
class Script:
    """How one turn is answered.

    Attributes:
        sentences: The sentences of the reply, each with the seconds that pass before it.
        asks: What those ask that end with a question mark.
        error: Breaks the stream behind the sentences.
        completes_after: Seconds from the last sentence to the commit.
        stores_when_left: A turn that is left ahead of its commit is stored all the same.
        dialogue_state: The state that the commit tells.
    """

    sentences: Sequence[tuple[float, str]] = ((0.0, "All right."), (0.0, "What else?"))
    asks: Question | None = None
    error: ServiceError | None = None
    completes_after: float = 0.0
    stores_when_left: bool = False
    action: CallAction | None = None
    recommended: bool = False
    dialogue_state: bytes = b""


@dataclass
class ScriptedOrchestrator:
    """Answers turns by scripts, in order; the last script stays. It keeps revisions as the service does."""

    scripts: list[Script] = field(default_factory=lambda: [Script()])
    requests: list[TurnRequest] = field(default_factory=list)
    syncs: list[SyncRequest] = field(default_factory=list)
    revision: int = 0
    history: dict[str, TurnRecord] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)

    async def process_turn(self, request: TurnRequest, timeout: float) -> AsyncGenerator[TurnEvent, None]:
        self.requests.append(request)
        told = {record.turn_id for record in request.unsynced_entries}
        since = {revision for turn_id, revision in self.stored.items() if turn_id in told}
        if not since.issuperset(range(request.base_revision + 1, self.revision + 1)):
            raise AbortedError("REVISION_MISMATCH", "the context has moved on")
        self.history.update({record.turn_id: record for record in request.unsynced_entries})
        script = self.scripts[0] if len(self.scripts) == 1 else self.scripts.pop(0)
        try:
            for pause, text in script.sentences:
                await asyncio.sleep(pause)
                yield Sentence(text, script.asks if text.endswith("?") else None)
            if script.error is not None:
                raise script.error
            yield SpeechCompleted()
            if script.action is not None:
                yield script.action
            await asyncio.sleep(script.completes_after)
        except (asyncio.CancelledError, GeneratorExit):
            if script.stores_when_left:
                self._store(request)
            raise
        self._store(request)
        context = self._context(request.call_id, request.campaign_id, request.turn_id, script.dialogue_state)
        yield TurnCompleted(context, EscalationRecommendation(script.recommended, 0.8, Agent.QUALIFICATION))

    async def sync_call_state(self, request: SyncRequest, timeout: float) -> WorkflowContext:
        self.syncs.append(request)
        self.revision += 1
        return self._context(request.call_id, request.campaign_id, "", b"")

    async def end_call(self, request: EndRequest, timeout: float) -> CallResult:
        return CallResult(Outcome.QUALIFIED, "A lead.", None)

    def _store(self, request: TurnRequest) -> None:
        self.revision += 1
        self.stored[request.turn_id] = self.revision

    def _context(self, call_id: str, campaign_id: str, turn_id: str, dialogue_state: bytes) -> WorkflowContext:
        return WorkflowContext(
            call_id=call_id,
            campaign_id=campaign_id,
            revision=self.revision,
            agent=Agent.QUALIFICATION,
            state=WorkflowState.QUALIFYING,
            score=QualificationScore(0.4, 0.7),
            last_turn_id=turn_id,
            dialogue_state=dialogue_state,
        )
