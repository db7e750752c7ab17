"""The conversation agent: greets, answers questions, says goodbye."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue.agents import conversation


class ConversationAgent:
    """Leads the talk wherever no other agent is called for."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Answers in free words, but for the opening, the end of a call and what is promised."""
        scope = runtime.context
        reply = conversation.answer(scope.campaign, state["route"], slots=None, now=scope.now)
        return await self._speaker.reword(reply, runtime)
