"""The qualification agent: finds out whether the lead is worth a human's time."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue.agents import qualification


class QualificationAgent:
    """Takes up what the caller told and asks the next of the campaign's questions."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Answers in free words."""
        scope = runtime.context
        reply = qualification.answer(scope.campaign, state["route"], slots=None, now=scope.now)
        return await self._speaker.reword(reply, runtime)
