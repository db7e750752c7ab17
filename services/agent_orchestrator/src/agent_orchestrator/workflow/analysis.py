"""The analysis: understands what the caller said or pressed."""

from dataclasses import dataclass

from langgraph.runtime import Runtime

from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.metrics import OrchestratorMetrics
from dialogue import Analyzer, understood


@dataclass(frozen=True)
class CallerAnalysis:
    """Understands the caller, given what he was asked."""

    analyzer: Analyzer
    metrics: OrchestratorMetrics

    async def analyse(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Returns what the caller's words or keys tell; None for an opening and for silence."""
        scope = runtime.context
        with self.metrics.step_seconds.labels(step="analysis").time():
            analysis = await understood(self.analyzer, scope.campaign, scope.dialogue, scope.turn_input, now=scope.now)
        return {"analysis": analysis}
