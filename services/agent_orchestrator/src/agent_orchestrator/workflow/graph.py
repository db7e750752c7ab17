"""The workflow graph that answers one turn.

    START → analysis → router ─┬→ conversation ──────┐
                               ├→ qualification ─────┤
                               ├→ objection_handler ─┼→ scoring → END
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
from agent_orchestrator.agents.scheduler import SchedulerAgent
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.agents.turn import TurnScope, TurnState
from agent_orchestrator.workflow.analysis import CallerAnalysis
from agent_orchestrator.workflow.router import Router
from agent_orchestrator.workflow.scoring import LeadScoring, TurnResult
from dialogue.agents import ANSWERS
from dialogue.agents.answering import Answer
from vocabulary.enums import Agent
from vocabulary.exchange import TurnEvent


class Node(Protocol):
    """Does its part of a turn and returns what the nodes after it need."""

    async def __call__(self, state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        """Takes the channels and the turn with its surroundings."""
        ...


def agent_nodes(speaker: Speaker, appointments: Appointments) -> dict[Agent, Node]:
    """Returns the agents: those of the dialogue, of whom the scheduler also asks the calendar and books."""
    nodes = {agent: _answering(answer, speaker) for agent, answer in ANSWERS.items()}
    return nodes | {Agent.SCHEDULER: SchedulerAgent(speaker, appointments).answer}


def _answering(answer: Answer, speaker: Speaker) -> Node:
    """Returns the node of an agent that needs nothing but the turn to answer it."""

    async def node(state: TurnState, runtime: Runtime[TurnScope]) -> TurnState:
        scope = runtime.context
        return await speaker.reword(answer(scope.campaign, state["route"], slots=None, now=scope.now), runtime)

    return node


class Workflow:
    """The compiled graph; `nodes` are their names."""

    def __init__(
        self, analysis: CallerAnalysis, router: Router, agents: Mapping[Agent, Node], scoring: LeadScoring
    ) -> None:
        graph = StateGraph(TurnState, context_schema=TurnScope)
        graph.add_node("analysis", analysis.analyse)
        graph.add_node("router", router.route)
        graph.add_node("scoring", scoring.score)
        graph.add_edge(START, "analysis")
        graph.add_edge("analysis", "router")
        graph.add_conditional_edges("router", _chosen_agent, [agent.value for agent in agents])
        for agent, node in agents.items():
            graph.add_node(agent.value, node)
            graph.add_edge(agent.value, "scoring")
        graph.add_edge("scoring", END)
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
