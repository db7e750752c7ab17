"""A call's context: all that a turn needs to know of the turns before, and nothing that lives in a process."""

from collections.abc import Iterable
from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from dialogue import CalendarChange, DialogueState, encode_state, in_doubt, initial_state
from vocabulary.enums import WorkflowState
from vocabulary.exchange import CallResult, EscalationRecommendation, SpeechCompleted, TurnEvent, WorkflowContext
from vocabulary.qualification import CapturedFact, Evidence, QualificationScore
from vocabulary.turns import AgentTransition, Booking, Contact, EndCall, Sentence, Transfer, TurnRecord

HISTORY_TURNS = 30
REPLAYABLE_TURNS = 4
NOTED_REVISIONS = 8


class _Stored(BaseModel):
    """An immutable value that is stored as JSON; NaN, infinities and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class CompletedTurn(_Stored):
    """What a turn answered, kept so that the same turn sent again is answered the same.

    Attributes:
        revision: The revision that the turn made.
    """

    turn_id: str
    revision: int
    transition: AgentTransition | None = None
    sentences: tuple[Sentence, ...]
    booking: Booking | None = None
    transfer: Transfer | None = None
    end_call: EndCall | None = None
    escalation: EscalationRecommendation

    def events(self) -> list[TurnEvent]:
        """Returns what was told in the turn before it was completed, in the order of the contract."""
        told = [self.transition, *self.sentences, SpeechCompleted(), self.booking, self.transfer, self.end_call]
        return [event for event in told if event is not None]


class CallContext(_Stored):
    """The context of one call at one revision.

    Attributes:
        dialogue: Agent, workflow state and captured facts, as the dialogue keeps them.
        last_turn_id: The turn that was completed last; empty before the first.
        preserved: Whether all that was known of the call is known here; false once the dialogue was lost.
        history: The turns as they were heard, oldest first.
        completed: What the last turns answered.
        contact_in_doubt: Whether it is not known which contact is kept with the booking.
        result: Set once the call has ended; nothing that was said is kept any longer.
        untold_contact: Whom a call that has ended booked with, until the calendar knows it.
        noted: The last revisions that noted, ahead of a turn's own, that the calendar is asked for something; nobody is
            told of them.
    """

    call_id: str
    campaign_id: str
    revision: int = 0
    dialogue: DialogueState
    last_turn_id: str = ""
    preserved: bool = True
    history: tuple[TurnRecord, ...] = ()
    completed: tuple[CompletedTurn, ...] = ()
    booking: Booking | None = None
    contact_in_doubt: bool = False
    result: CallResult | None = None
    untold_contact: Contact | None = None
    noted: tuple[int, ...] = ()

    def completed_turn(self, turn_id: str) -> CompletedTurn | None:
        """Returns what a recent turn answered, or None."""
        return next((turn for turn in self.completed if turn.turn_id == turn_id), None)

    def accepts(self, base_revision: int, told: Iterable[TurnRecord]) -> bool:
        """Tells whether a turn may go on from here: from this revision, or from one since which only told turns came.

        The latter is so when the gateway left a turn that was completed all the same, or had noted what it was about to
        do: it tells what was heard of it.
        """
        told_ids = {entry.turn_id for entry in told}
        since = {*self.noted, *(turn.revision for turn in self.completed if turn.turn_id in told_ids)}
        return base_revision <= self.revision and since.issuperset(range(base_revision + 1, self.revision + 1))

    def noting(self, change: CalendarChange | None) -> "CallContext":
        """Returns the context at a revision of its own, in which it is in doubt whether a change was done."""
        revision = self.revision + 1
        noted = (*self.noted, revision)[-NOTED_REVISIONS:]
        dialogue = self.dialogue if change is None else in_doubt(self.dialogue, change)
        return self.model_copy(update={"revision": revision, "noted": noted, "dialogue": dialogue})

    def with_booking(self, booking: Booking | None, *, contact_in_doubt: bool | None = None) -> "CallContext":
        """Returns the context with what the call booked last."""
        in_doubt = self.contact_in_doubt if contact_in_doubt is None else contact_in_doubt
        return self.model_copy(update={"booking": booking, "contact_in_doubt": in_doubt})

    def with_entries(self, entries: Iterable[TurnRecord]) -> "CallContext":
        """Returns the context with turns as they really happened: each replaces the one with its id or is appended."""
        history = {record.turn_id: record for record in self.history}
        history |= {entry.turn_id: entry for entry in entries}
        return self.model_copy(update={"history": tuple(history.values())[-HISTORY_TURNS:]})

    def after(self, turn: CompletedTurn, record: TurnRecord, dialogue: DialogueState) -> "CallContext":
        """Returns the context after a completed turn."""
        return self.with_entries([record]).model_copy(
            update={
                "revision": turn.revision,
                "dialogue": dialogue,
                "last_turn_id": turn.turn_id,
                "completed": (*self.completed, turn)[-REPLAYABLE_TURNS:],
            }
        )

    def ended(self, result: CallResult, *, untold: Contact | None = None) -> "CallContext":
        """Returns the context of the call once it is over: what came of it, without anything that was said.

        Args:
            result: What came of it.
            untold: Whom it booked with, as long as the calendar may not know it.
        """
        dialogue = self.dialogue.model_copy(update={"workflow_state": WorkflowState.COMPLETED})
        score = result.score.without_quotes() if result.score is not None else None
        update = {
            "revision": self.revision + 1,
            "dialogue": dialogue.without_personal_data(),
            "history": (),
            "completed": (),
            "booking": replace(self.booking, contact=None) if self.booking is not None else None,
            "result": replace(result, score=score),
            "untold_contact": untold,
        }
        return self.model_copy(update=update)

    def with_contact_told(self) -> "CallContext":
        """Returns the context of an ended call at a revision of its own, once the calendar knows whom it is with."""
        return self.model_copy(update={"revision": self.revision + 1, "untold_contact": None})

    def told(self, score: QualificationScore) -> WorkflowContext:
        """Returns the context as everybody may see it."""
        dialogue = self.dialogue
        return WorkflowContext(
            call_id=self.call_id,
            campaign_id=self.campaign_id,
            revision=self.revision,
            agent=dialogue.agent if dialogue.turns else None,
            state=dialogue.workflow_state,
            facts=tuple(
                CapturedFact(fact.name, fact.value, fact.confidence, Evidence(fact.turn_id, fact.quote))
                for fact in dialogue.facts.values()
            ),
            score=score,
            last_turn_id=self.last_turn_id,
            booking=self.booking,
            history=self.history,
            dialogue_state=encode_state(dialogue),
        )


def new_context(call_id: str, campaign_id: str) -> CallContext:
    """Returns the context of a call of which nothing has happened yet, at revision 0."""
    return CallContext(call_id=call_id, campaign_id=campaign_id, dialogue=initial_state(call_id))
