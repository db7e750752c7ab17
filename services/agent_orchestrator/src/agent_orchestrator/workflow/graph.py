"""The workflow graph that answers one turn.

    START → router ─┬→ conversation ──────┐
                    ├→ qualification ─────┤
                    ├→ objection_handler ─┼→ analysis → END
                    ├→ scheduler ─────────┤
                    └→ handoff ───────────┘

Nodes tell what happens to the `custom` stream, in the order of the contract. The state channels carry one turn's
values; the conversation itself is handed in as `context`, and no checkpointer is involved, because the turn as a whole
is stored by compare-and-set.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Protocol, cast

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from agent_orchestrator.agents.appointments import Appointments
from agent_orchestrator.agents.conversation import ConversationAgent
from agent_orchestrator.agents.handoff import HandoffAgent
from agent_orchestrator.agents.objection_handler import ObjectionHandlerAgent
from agent_orchestrator.agents.qualification import QualificationAgent
from agent_orchestrator.agents.scheduler import SchedulerAgent
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.workflow.analysis import LeadAnalysis, TurnResult
from agent_orchestrator.workflow.router import Router
from vocabulary.enums import Agent
from vocabulary.exchange import TurnEvent


class Node(Protocol):
    """Does its part of a turn and returns what the nodes after it need."""

    async def __call__(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Takes the channels and the turn with its surroundings."""
        ...


def agent_nodes(speaker: Speaker, appointments: Appointments) -> dict[Agent, Node]:
    """Returns the agents: one line each."""
    return {
        Agent.CONVERSATION: ConversationAgent(speaker).answer,
        Agent.QUALIFICATION: QualificationAgent(speaker).answer,
        Agent.OBJECTION_HANDLER: ObjectionHandlerAgent(speaker).answer,
        Agent.SCHEDULER: SchedulerAgent(speaker, appointments).answer,
        Agent.HANDOFF: HandoffAgent(speaker).answer,
    }


class Workflow:
    """The compiled graph; `nodes` are their names."""

    def __init__(self, router: Router, agents: Mapping[Agent, Node], analysis: LeadAnalysis) -> None:
        graph = StateGraph(TurnState, context_schema=TurnScope)
        graph.add_node("router", router.route)
        graph.add_node("analysis", analysis.analyse)
        graph.add_edge(START, "router")
        graph.add_conditional_edges("router", _chosen_agent, [agent.value for agent in agents])
        for agent, node in agents.items():
            graph.add_node(agent.value, node)
            graph.add_edge(agent.value, "analysis")
        graph.add_edge("analysis", END)
        self.nodes = tuple(graph.nodes)
        self._graph = graph.compile(name="turn")

    async def run(self, scope: TurnScope) -> AsyncGenerator[TurnEvent | TurnResult, None]:
        """Yields what happens in the turn as it happens, then the result.

        Closing the generator ends the turn, whatever it is doing.
        """
        stream = cast(
            "AsyncGenerator[TurnEvent | TurnResult, None]",
            self._graph.astream({}, context=scope, stream_mode="custom"),
        )
        async with aclosing(stream) as events:
            async for event in events:
                yield event


def _chosen_agent(state: TurnState) -> str:
    return state["route"].agent.value
