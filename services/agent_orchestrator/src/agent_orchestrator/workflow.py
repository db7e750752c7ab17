"""The workflow graph that answers one turn.

    START → router ─┬→ conversation ──────┐
                    ├→ qualification ─────┤
                    ├→ objection_handler ─┼→ analysis → END
                    ├→ scheduler ─────────┤
                    └→ handoff ───────────┘

The router understands the caller's words by rules and decides without a model call who answers. The chosen agent alone
writes to the `custom` stream. Analysis runs once all has been said: it never speaks, and what it finds takes effect
from the next turn on. The state channels carry one turn's values; the conversation itself is handed in as `context`,
and no checkpointer is involved, because the turn as a whole is stored by compare-and-set.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agent_orchestrator.agents import Agents
from agent_orchestrator.appointments import Appointments
from agent_orchestrator.escalation import EscalationRecommendation, recommend
from agent_orchestrator.events import WorkflowEvent
from agent_orchestrator.turn_state import Speech, TurnScope, TurnState
from callwright_common.clock import Clock
from dialogue import Agent, Qualification, qualify, route

_SCHEDULING_NEAR_QUESTIONS = 2


@dataclass(frozen=True)
class TurnResult:
    """What a turn came to."""

    speech: Speech
    score: Qualification
    escalation: EscalationRecommendation
    trigger: str
    routed_at: float


class Workflow:
    """The compiled graph."""

    def __init__(self, agents: Agents, appointments: Appointments, clock: Clock) -> None:
        self._appointments = appointments
        self._clock = clock
        graph = StateGraph(TurnState, context_schema=TurnScope)
        graph.add_node("router", self._route)
        graph.add_node("conversation", agents.conversation)
        graph.add_node("qualification", agents.qualification)
        graph.add_node("objection_handler", agents.objection_handler)
        graph.add_node("scheduler", agents.scheduler)
        graph.add_node("handoff", agents.handoff)
        graph.add_node("analysis", self._analyse)
        graph.add_edge(START, "router")
        graph.add_conditional_edges("router", _chosen_agent, [agent.value for agent in Agent])
        for agent in Agent:
            graph.add_edge(agent.value, "analysis")
        graph.add_edge("analysis", END)
        self._graph = graph.compile(name="turn")

    async def run(self, scope: TurnScope) -> AsyncGenerator[WorkflowEvent | TurnResult, None]:
        """Yields what the agent says and wants as it happens, then the result.

        Closing the generator ends the turn, whatever it is doing.
        """
        stream = cast(
            "AsyncGenerator[tuple[str, Any], None]",
            self._graph.astream({}, context=scope, stream_mode=["custom", "values"]),
        )
        final: TurnState = {}
        async with aclosing(stream) as parts:
            async for mode, part in parts:
                if mode == "custom":
                    yield part
                else:
                    final = part
        yield TurnResult(
            final["speech"], final["score"], final["escalation"], final["route"].trigger, final["routed_at"]
        )

    async def _route(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        scope = runtime.context
        chosen = route(scope.campaign, scope.dialogue, scope.turn_input, turn_id=scope.turn_id, now=scope.now)
        return {"route": chosen, "routed_at": self._clock.monotonic()}

    async def _analyse(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Scores what is known after the turn, judges the voice, and fetches free times that are soon to be offered."""
        campaign, reply = runtime.context.campaign, state["speech"].reply
        score = qualify(campaign, reply.state)
        open_questions = sum(
            question.id not in reply.state.facts and question.id not in reply.state.dropped
            for question in campaign.questions
        )
        near = score.overall >= campaign.scoring.threshold - campaign.scoring.warm_up_margin
        if reply.state.booked is None and (near or open_questions <= _SCHEDULING_NEAR_QUESTIONS):
            await self._appointments.free_slots(campaign)
        return {
            "score": score,
            "escalation": recommend(score.overall, campaign.scoring, reply.agent, reply.workflow_state),
        }


def _chosen_agent(state: TurnState) -> str:
    return state["route"].agent.value
