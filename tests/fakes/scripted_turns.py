"""An orchestrator in memory, for calls in virtual time: what comes when, and where it breaks."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from voice_gateway.conversation_model import (
    Agent,
    CallAction,
    CallFacts,
    CallResult,
    EscalationAdvice,
    Score,
    SpeechCompleted,
    TurnCompleted,
    TurnEntry,
    TurnEvent,
    TurnRequest,
    Words,
    WorkflowMirror,
    WorkflowState,
)

from callwright_common.errors import AbortedError, ServiceError


@dataclass
class Script:
    """How one turn is answered.

    Attributes:
        pieces: The pieces of the reply, each with the seconds that pass before it.
        error: Breaks the stream behind the pieces.
        completes_after: Seconds from the last piece to the commit.
        stores_when_left: A turn that is left ahead of its commit is stored all the same.
    """

    pieces: Sequence[tuple[float, str]] = ((0.0, "All right. "), (0.0, "What else?"))
    error: ServiceError | None = None
    completes_after: float = 0.0
    stores_when_left: bool = False
    action: CallAction | None = None
    recommended: bool = False


@dataclass
class ScriptedOrchestrator:
    """Answers turns by scripts, in order; the last script stays. It keeps revisions as the service does."""

    scripts: list[Script] = field(default_factory=lambda: [Script()])
    requests: list[TurnRequest] = field(default_factory=list)
    syncs: int = 0
    revision: int = 0
    history: dict[str, TurnEntry] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)

    async def process_turn(self, request: TurnRequest, timeout: float) -> AsyncGenerator[TurnEvent, None]:
        self.requests.append(request)
        told = {entry.turn_id for entry in request.unsynced}
        since = {revision for turn_id, revision in self.stored.items() if turn_id in told}
        if not since.issuperset(range(request.base_revision + 1, self.revision + 1)):
            raise AbortedError("REVISION_MISMATCH", "the context has moved on")
        self.history.update({entry.turn_id: entry for entry in request.unsynced})
        script = self.scripts[0] if len(self.scripts) == 1 else self.scripts.pop(0)
        try:
            for pause, piece in script.pieces:
                await asyncio.sleep(pause)
                yield Words(piece)
            if script.error is not None:
                raise script.error
            yield SpeechCompleted("".join(piece for _, piece in script.pieces))
            if script.action is not None:
                yield script.action
            await asyncio.sleep(script.completes_after)
        except (asyncio.CancelledError, GeneratorExit):
            if script.stores_when_left:
                self._store(request)
            raise
        self._store(request)
        advice = EscalationAdvice(script.recommended, 0.8, 0.7, Agent.QUALIFICATION, warm_up=False)
        yield TurnCompleted(self._mirror(), advice, replayed=False)

    async def sync_call_state(
        self,
        call_id: str,
        base_revision: int,
        unsynced: Sequence[TurnEntry],
        facts: CallFacts,
        mirror: WorkflowMirror | None,
        timeout: float,
    ) -> WorkflowMirror:
        self.syncs += 1
        self.revision += 1
        return self._mirror()

    async def end_call(self, call_id: str, reason: str, unsynced: Sequence[TurnEntry], timeout: float) -> CallResult:
        return CallResult("qualified", "A lead.", None)

    def _store(self, request: TurnRequest) -> None:
        self.revision += 1
        self.stored[request.turn_id] = self.revision

    def _mirror(self) -> WorkflowMirror:
        return WorkflowMirror(
            self.revision, Agent.QUALIFICATION, WorkflowState.QUALIFYING, Score(0.4, 0.7), None, b"opaque"
        )
