"""A real gRPC server that speaks the orchestrator's contract, with faults on demand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright_common.errors import AbortedError, UnavailableError
from callwright_common.metrics import new_registry
from callwright_common.rpc.server import serve
from callwright_common.rpc.wire import to_timestamp


@dataclass
class Plan:
    """How one turn is answered.

    Attributes:
        sentences: The reply's sentences.
        asks: What those ask that end with a question mark.
        delay: Seconds before the first sentence.
        die_after: Fails after so many sentences; None does not fail.
        pause: Seconds before each further sentence.
        hang_after: Waits for ever after so many sentences; None does not hang.
        completes: Whether the turn is completed after its words.
        loses_end: Fails after its words; the turn is stored all the same.
    """

    sentences: list[str] = field(default_factory=lambda: ["All right.", "What else?"])
    asks: conversation.Question | None = None
    delay: float = 0.0
    pause: float = 0.0
    die_after: int | None = None
    hang_after: int | None = None
    actions: list[conversation.CallAction] = field(default_factory=list)
    transition_to: "conversation.Agent.ValueType | None" = None
    recommended: bool = False
    score: float = 0.4
    completes: bool = True
    loses_end: bool = False
    wrong_revision: bool = False


class FakeOrchestrator(pb_grpc.AgentOrchestratorServiceServicer):
    """Answers turns by plans, in order; the last plan stays."""

    def __init__(self, *plans: Plan) -> None:
        self.plans = list(plans) or [Plan()]
        self.requests: list[pb.ProcessTurnRequest] = []
        self.syncs: list[pb.SyncCallStateRequest] = []
        self.ended: list[pb.EndCallRequest] = []
        self.revision = 0
        self.end_failures = 0
        self.was_asked = asyncio.Event()
        self.was_cancelled = asyncio.Event()
        self.address = ""

    async def ProcessTurn(self, request: pb.ProcessTurnRequest, context: Any) -> AsyncIterator[pb.ProcessTurnResponse]:
        self.requests.append(request)
        self.was_asked.set()
        plan = self.plans[0] if len(self.plans) == 1 else self.plans.pop(0)
        if plan.wrong_revision:
            raise AbortedError("REVISION_MISMATCH", "the context has moved on")
        try:
            async for response in self._answer(request, plan):
                yield response
        except (asyncio.CancelledError, GeneratorExit):
            self.was_cancelled.set()
            raise

    async def _answer(self, request: pb.ProcessTurnRequest, plan: Plan) -> AsyncIterator[pb.ProcessTurnResponse]:
        if plan.transition_to is not None:
            yield pb.ProcessTurnResponse(
                agent_transition=conversation.AgentTransition(
                    to_agent=plan.transition_to,
                    occur_time=to_timestamp(datetime.now(UTC)),
                    trigger=conversation.TRANSITION_TRIGGER_LEAD_ENGAGED,
                    context_preserved=True,
                    turn_id=request.turn_id,
                )
            )
        await asyncio.sleep(plan.delay)
        for count, text in enumerate(plan.sentences):
            await self._fault(plan, count)
            await asyncio.sleep(plan.pause if count else 0)
            asks = plan.asks if text.endswith("?") else None
            yield pb.ProcessTurnResponse(sentence=conversation.Sentence(text=text, asks=asks))
        await self._fault(plan, len(plan.sentences))
        yield pb.ProcessTurnResponse(speech_completed=pb.SpeechCompleted())
        for action in plan.actions:
            yield pb.ProcessTurnResponse(call_action=action)
        if not plan.completes:
            await asyncio.Event().wait()
        self.revision += 1
        if plan.loses_end:
            raise UnavailableError("CUT", "the line was cut")
        yield pb.ProcessTurnResponse(
            turn_completed=pb.TurnCompleted(
                context=self._context(request.call_id, plan.score, request.turn_id),
                escalation=conversation.EscalationRecommendation(recommended=plan.recommended, score=plan.score),
            )
        )

    @staticmethod
    async def _fault(plan: Plan, count: int) -> None:
        if plan.die_after == count:
            raise UnavailableError("DIED", "the server died")
        if plan.hang_after == count:
            await asyncio.Event().wait()

    def _context(self, call_id: str, score: float, turn_id: str = "") -> conversation.WorkflowContext:
        return conversation.WorkflowContext(
            call_id=call_id,
            revision=self.revision,
            agent=conversation.AGENT_QUALIFICATION,
            state=conversation.WORKFLOW_STATE_QUALIFYING,
            score=conversation.QualificationScore(overall=score, threshold=0.7),
            last_turn_id=turn_id,
        )

    async def SyncCallState(self, request: pb.SyncCallStateRequest, context: Any) -> pb.SyncCallStateResponse:
        self.syncs.append(request)
        self.revision += 1
        return pb.SyncCallStateResponse(context=self._context(request.call_id, 0.4))

    async def GetWorkflowContext(
        self, request: pb.GetWorkflowContextRequest, context: Any
    ) -> pb.GetWorkflowContextResponse:
        return pb.GetWorkflowContextResponse(context=self._context(request.call_id, 0.4))

    async def WatchCall(self, request: pb.WatchCallRequest, context: Any) -> AsyncIterator[pb.WatchCallResponse]:
        yield pb.WatchCallResponse(context=self._context(request.call_id, 0.4))

    async def EndCall(self, request: pb.EndCallRequest, context: Any) -> pb.EndCallResponse:
        self.ended.append(request)
        if len(self.ended) <= self.end_failures:
            raise UnavailableError("AWAY", "the context store is away")
        return pb.EndCallResponse(outcome=conversation.OUTCOME_QUALIFIED, summary="A lead.")


@asynccontextmanager
async def orchestrator(*plans: Plan) -> AsyncIterator[FakeOrchestrator]:
    """Runs a fake orchestrator; `address` tells where."""
    fake = FakeOrchestrator(*plans)

    def add(server: Any) -> None:
        pb_grpc.add_AgentOrchestratorServiceServicer_to_server(fake, server)

    async with serve("127.0.0.1:0", new_registry(), add, [], grace_seconds=0) as server:
        fake.address = f"127.0.0.1:{server.port}"
        yield fake
