"""Whether a call is worth the premium voice."""

from agent_orchestrator.conversation import Value
from callwright_common.campaign import Scoring
from dialogue import Agent, WorkflowState

_TOO_LATE = frozenset({WorkflowState.CLOSING, WorkflowState.HANDING_OFF, WorkflowState.COMPLETED, WorkflowState.FAILED})


class EscalationRecommendation(Value):
    """What the gateway is told about the voice from the next reply on."""

    recommended: bool
    score: float
    threshold: float
    trigger_agent: Agent
    warm_up: bool


def recommend(score: float, scoring: Scoring, agent: Agent, state: WorkflowState) -> EscalationRecommendation:
    """Returns the recommendation for a score; a conversation that is about to end is not worth a new voice."""
    worthwhile = state not in _TOO_LATE
    return EscalationRecommendation(
        recommended=worthwhile and score >= scoring.threshold,
        score=score,
        threshold=scoring.threshold,
        trigger_agent=agent,
        warm_up=worthwhile and score >= scoring.threshold - scoring.warm_up_margin,
    )
