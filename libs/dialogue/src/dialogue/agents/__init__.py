"""What is said: the five agents, with the drafts, answers and offers of times that they share."""

from dialogue.agents import conversation, handoff, objection_handler, qualification, scheduler
from dialogue.agents.answering import Answer
from vocabulary.enums import Agent

ANSWERS: dict[Agent, Answer] = {
    Agent.CONVERSATION: conversation.answer,
    Agent.QUALIFICATION: qualification.answer,
    Agent.OBJECTION_HANDLER: objection_handler.answer,
    Agent.SCHEDULER: scheduler.answer,
    Agent.HANDOFF: handoff.answer,
}
"""The agents, a line each: the nodes of the orchestrator's graph, and who answers where there is no graph."""
