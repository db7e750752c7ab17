"""The objection handler: answers concerns, once and without pressing."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue.agents import objection_handler


class ObjectionHandlerAgent:
    """Takes a concern seriously and lets the caller decide."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Answers in free words."""
        scope = runtime.context
        reply = objection_handler.answer(scope.campaign, state["route"], slots=None, now=scope.now)
        return await self._speaker.reword(reply, runtime)
