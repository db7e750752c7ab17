"""What goes into a turn and what comes out of it."""

from dataclasses import dataclass, field

from dialogue.qualification.capture import Captured
from dialogue.state import Agent, DialogueState, WorkflowState
from dialogue.understanding.utterances import Understanding


@dataclass(frozen=True)
class Opening:
    """The call was connected; the agent speaks first."""


@dataclass(frozen=True)
class Utterance:
    """The caller said something; `text` is as transcribed."""

    text: str


@dataclass(frozen=True)
class Silence:
    """The caller said nothing for a while; `count` is 1 for the first silence in a row."""

    count: int = 1


@dataclass(frozen=True)
class Keys:
    """The caller pressed keys: one or more of 0-9, *, #."""

    digits: str


TurnInput = Opening | Utterance | Silence | Keys


@dataclass(frozen=True)
class Transfer:
    """Connect the caller with a human after the reply was heard."""

    reason: str


@dataclass(frozen=True)
class EndCall:
    """Hang up after the reply was heard."""

    reason: str


@dataclass(frozen=True)
class Book:
    """Book a slot; the reply takes it for granted that this succeeds."""

    slot_id: str


Action = Transfer | EndCall | Book


@dataclass(frozen=True)
class Route:
    """Who answers a turn, decided without any model call.

    Attributes:
        agent: The agent that is to speak.
        workflow_state: The stage that the conversation enters.
        trigger: Why, from a closed set, for example `objection_raised`.
        needs_slots: Whether the reply needs the free times of the calendar.
        state: The state with what the utterance told already taken in.
        heard: What the utterance told; None for an opening, silence or keys.
        captured: The facts it told.
        turn_id: The turn.
        turn_input: What happened.
    """

    agent: Agent
    workflow_state: WorkflowState
    trigger: str
    needs_slots: bool
    state: DialogueState
    turn_id: str
    turn_input: TurnInput
    heard: Understanding | None = None
    captured: tuple[Captured, ...] = field(default=())


@dataclass(frozen=True)
class Reply:
    """What is said in a turn and where the conversation stands after it.

    Attributes:
        sentences: What to say, sentence by sentence, fit to be spoken.
        state: The state after the turn.
        agent: Who speaks.
        workflow_state: The stage after the turn.
        trigger: Why this agent speaks, from a closed set.
        actions: What to do: book before the reply is spoken, transfer or hang up after it was heard.
    """

    sentences: tuple[str, ...]
    state: DialogueState
    agent: Agent
    workflow_state: WorkflowState
    trigger: str
    actions: tuple[Action, ...] = ()

    @property
    def text(self) -> str:
        """The whole reply."""
        return " ".join(self.sentences)
