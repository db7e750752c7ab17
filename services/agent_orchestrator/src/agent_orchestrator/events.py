"""What happens in a turn, in the order in which the gateway is told."""

from dataclasses import dataclass

from agent_orchestrator.call_context import CallContext, CompletedTurn
from agent_orchestrator.conversation import CallAction, Transition
from dialogue import Qualification


@dataclass(frozen=True)
class AgentChosen:
    """Another agent speaks from now on."""

    transition: Transition


@dataclass(frozen=True)
class ReplyPiece:
    """A sentence of the reply, with the space after it."""

    text: str


@dataclass(frozen=True)
class ReplySpoken:
    """Nothing more will be said in this turn."""

    text: str


@dataclass(frozen=True)
class ActionWanted:
    """The gateway is to do something after the reply was heard."""

    action: CallAction


@dataclass(frozen=True)
class TurnDone:
    """The turn is completed and stored."""

    turn: CompletedTurn
    context: CallContext
    score: Qualification
    replayed: bool


WorkflowEvent = AgentChosen | ReplyPiece | ReplySpoken | ActionWanted
TurnEvent = WorkflowEvent | TurnDone
