"""The handoff agent: hands the caller over to a human."""

from langgraph.runtime import Runtime

from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from dialogue.agents import handoff


class HandoffAgent:
    """Announces the human who takes over."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def answer(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Answers in the campaign's own words: what they promise, the gateway does once they were heard."""
        scope = runtime.context
        reply = handoff.answer(scope.campaign, state["route"], slots=None, now=scope.now)
        return await self._speaker.say(reply, runtime)
