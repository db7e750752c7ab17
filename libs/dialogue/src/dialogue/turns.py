"""What is decided in a turn and what comes out of it."""

from dataclasses import dataclass, field

from dialogue.analysis import Analysis
from dialogue.language import FIRST_LANGUAGE
from dialogue.moments import ANY_TIME, Moment
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import EndCall, Question, Sentence, Transfer, TurnInput

_FREE_STATES = frozenset({WorkflowState.GREETING, WorkflowState.QUALIFYING, WorkflowState.HANDLING_OBJECTION})
_DECISIVE = frozenset(
    {
        TransitionTrigger.DO_NOT_CALL, TransitionTrigger.HUMAN_REQUESTED, TransitionTrigger.SUPPORT_REQUESTED,
        TransitionTrigger.VOICEMAIL, TransitionTrigger.WRONG_NUMBER, TransitionTrigger.REFUSED,
        TransitionTrigger.GOODBYE, TransitionTrigger.CONTACT_DISCUSSED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Book:
    """Book a slot; the reply takes it for granted that this succeeds."""

    slot_id: str


@dataclass(frozen=True)
class Cancel:
    """Cancel the booked appointment; the reply takes it for granted that this succeeds."""


Action = Transfer | EndCall | Book | Cancel


@dataclass(frozen=True)
class Captured:
    """A fact of this turn and whether it replaces what the caller had said before."""

    fact: Fact
    corrected: bool = False


@dataclass(frozen=True)
class Route:
    """Who answers a turn, decided without any model call.

    Attributes:
        agent: The agent that is to speak.
        workflow_state: The stage that the conversation enters.
        trigger: Why.
        needs_slots: Whether the reply needs the free times of the calendar.
        wish: When the caller wants to be met, open unless all that he said about it was understood.
        lookup: The days whose free times the reply needs beside the soonest ones.
        state: The state with what the caller told already taken in.
        turn_id: The turn.
        turn_input: What happened.
        analysis: What the caller's words or keys tell; None for an opening and for silence.
        captured: The facts they told.
    """

    agent: Agent
    workflow_state: WorkflowState
    trigger: TransitionTrigger
    needs_slots: bool
    state: DialogueState
    turn_id: str
    turn_input: TurnInput
    analysis: Analysis | None = None
    captured: tuple[Captured, ...] = field(default=())
    wish: Moment = ANY_TIME
    lookup: Moment = ANY_TIME


@dataclass(frozen=True)
class Reply:
    """What is said in a turn and where the conversation stands after it.

    Attributes:
        sentences: What to say, sentence by sentence, fit to be spoken; one of them tells what is asked.
        state: The state after the turn.
        agent: Who speaks.
        workflow_state: The stage after the turn.
        trigger: Why this agent speaks.
        actions: What to do: book or cancel before the reply is spoken, transfer or hang up after it was heard.
        tells_of_change: Whether it tells what became of a change of the calendar that was in doubt.
    """

    sentences: tuple[Sentence, ...]
    state: DialogueState
    agent: Agent
    workflow_state: WorkflowState
    trigger: TransitionTrigger
    actions: tuple[Action, ...] = ()
    tells_of_change: bool = False

    @property
    def text(self) -> str:
        """The whole reply."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def decisive(self) -> bool:
        """Whether it must be done and said in the rules' words, whatever else was said."""
        return bool(self.actions) or self.tells_of_change or self.trigger in _DECISIVE

    @property
    def may_be_reworded(self) -> bool:
        """Whether a model may find the words.

        Whatever commits the company stays in the rules' own: the opening with its disclosure, offered and booked times,
        the goodbye, the hand-over to a human; and so does what a plain yes or no decides.
        """
        if self.state.language != FIRST_LANGUAGE:
            return False  # what a model may say is told apart in the first language alone
        fixed = self.trigger in {TransitionTrigger.CALL_STARTED, TransitionTrigger.SILENCE}
        fixed = fixed or (self.asks is not None and self.asks.expectation is not Expectation.ANSWER)
        return not fixed and not self.decisive and self.workflow_state in _FREE_STATES

    @property
    def asks(self) -> Question | None:
        """What the caller's next words are taken as an answer to."""
        return next((sentence.asks for sentence in self.sentences if sentence.asks is not None), None)
