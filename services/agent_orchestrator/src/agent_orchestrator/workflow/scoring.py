"""The scoring after speech: how well the lead qualifies, what that means for the voice, and a look at free times.

It never speaks. What a model understood meanwhile is taken in first, and all of it takes effect from the next turn on.
"""

from dataclasses import dataclass, replace

from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.metrics import OrchestratorMetrics
from callwright_common.campaign import Campaign, Scoring
from dialogue import Reply, corrected, qualify
from vocabulary.enums import Agent, WorkflowState
from vocabulary.exchange import EscalationRecommendation
from vocabulary.qualification import QualificationScore

_SCHEDULING_NEAR_QUESTIONS = 2
_TOO_LATE = frozenset({WorkflowState.CLOSING, WorkflowState.HANDING_OFF, WorkflowState.COMPLETED, WorkflowState.FAILED})


@dataclass(frozen=True)
class TurnResult:
    """What a turn came to."""

    reply: Reply
    score: QualificationScore
    escalation: EscalationRecommendation


@dataclass(frozen=True)
class LeadScoring:
    """Judges where the conversation stands after a turn."""

    appointments: Appointments
    metrics: OrchestratorMetrics

    async def score(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Tells the score and what it means for the voice; fetches free times that are soon to be offered."""
        campaign = runtime.context.campaign
        reply = await _corrected(state["reply"], runtime.context)
        with self.metrics.step_seconds.labels(step="scoring").time():
            score = qualify(campaign, reply.state)
            advice = recommend(score.overall, campaign.scoring, reply.agent, reply.workflow_state)
            if reply.state.booked is None and offers_are_near(campaign, score.overall, reply):
                await self.appointments.free_slots(campaign)
        runtime.stream_writer(TurnResult(reply, score, advice))
        return {}


async def _corrected(reply: Reply, scope: TurnScope) -> Reply:
    """Returns the reply with the state after it as a model's opinion corrects it."""
    opinion = await scope.opinion() if scope.opinion is not None else None
    if opinion is None:
        return reply
    return replace(reply, state=corrected(scope.campaign, reply.state, opinion, turn_id=scope.turn_id, now=scope.now))


def recommend(score: float, scoring: Scoring, agent: Agent, state: WorkflowState) -> EscalationRecommendation:
    """Returns the recommendation for a score; a conversation that is about to end is not worth a new voice."""
    return EscalationRecommendation(state not in _TOO_LATE and score >= scoring.threshold, score, agent)


def offers_are_near(campaign: Campaign, score: float, reply: Reply) -> bool:
    """Returns whether appointments are soon to be offered: the score or the questions are nearly there."""
    scoring, state = campaign.scoring, reply.state
    if reply.workflow_state not in _TOO_LATE and score >= scoring.threshold - scoring.warm_up_margin:
        return True
    still_open = sum(one.id not in state.facts and one.id not in state.dropped for one in campaign.questions)
    return still_open <= _SCHEDULING_NEAR_QUESTIONS
