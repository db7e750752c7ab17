"""The router: decides, without asking a model for words, who answers."""

from dataclasses import dataclass

from langgraph.runtime import Runtime

from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.clock import Clock
from dialogue import route
from vocabulary.turns import AgentTransition


@dataclass(frozen=True)
class Router:
    """Chooses the agent of a turn."""

    clock: Clock
    metrics: OrchestratorMetrics

    async def route(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Returns who answers, and tells it where another agent spoke before."""
        scope = runtime.context
        with self.metrics.step_seconds.labels(step="route").time():
            campaign, dialogue, analysis = scope.campaign, scope.dialogue, state["analysis"]
            chosen = route(campaign, dialogue, scope.turn_input, analysis, turn_id=scope.turn_id, now=scope.now)
        before = scope.dialogue.agent if scope.dialogue.turns else None
        if chosen.agent is not before:
            runtime.stream_writer(
                AgentTransition(
                    from_agent=before,
                    to_agent=chosen.agent,
                    occur_time=scope.now,
                    trigger=chosen.trigger,
                    duration_seconds=max(0.0, self.clock.monotonic() - scope.arrived_at),
                    turn_id=scope.turn_id,
                    context_preserved=scope.context_preserved,
                )
            )
        return {"route": chosen}
