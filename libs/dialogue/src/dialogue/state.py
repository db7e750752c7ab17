"""Where a conversation stands, as a plain value."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dialogue.confidence import CLEAR, LIKELY
from dialogue.language import FIRST_LANGUAGE, WORDINGS, speaking
from dialogue.moments import Moment
from vocabulary.enums import Agent, Expectation, ReplySource, WorkflowState
from vocabulary.turns import Question, Slot

ABOUT_TIMES = frozenset({Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION, Expectation.DAY_OR_LEAVE})
"""What asks for the time of an appointment."""
ASKS_WHEN = ABOUT_TIMES | {Expectation.CALLBACK_TIME}
"""What asks for a time, of an appointment or a call."""
NEVER_HAD = 2
"""So many wishes in a row for times that the calendar never has tell that none of its times suits."""
OFFERS_A_CALL = frozenset({Expectation.CALLBACK_OFFER, Expectation.CALL_OR_APPOINTMENT, Expectation.ANOTHER_DAY})
OF_A_CALL = OFFERS_A_CALL | {Expectation.CALLBACK_TIME}
"""What asks whether or when to call."""
"""What asks whether a call is wanted."""
BARE_YES = 3
"""As many words has a yes of somebody in grief that tells nothing besides."""
_NAMED = frozenset({Expectation.ANSWER, Expectation.CONTACT_DETAIL})
"""What is asked for by a name of its own."""
_MAX_NAMES = 200
"""More questions and objections than a campaign can have."""
_MAX_COUNT = 99
_MAX_REFUSED = 60


@dataclass(frozen=True)
class Fact:
    """Something that the caller tells about himself.

    Attributes:
        name: The id of the question that it answers, or `caller_name`, `company`, `phone`, `email`, `address`, `role`,
            `callback_time`.
        value: How to speak of it.
        number: The sum, number or months, if it is one.
        degree: 0 to 1, how much it speaks for the lead by the campaign's ranges; None if it says nothing about that.
        confidence: 0 to 1, how clearly it was said.
        quote: The caller's words.
        spelled: Whether it was said letter by letter.
        spelled_part: The part of a name that was, if it shows.
        turn_id: The turn in which it was said, once it is noted.
    """

    name: str
    value: str
    number: float | None = None
    degree: float | None = None
    confidence: float = 1.0
    quote: str = ""
    spelled: bool = False
    spelled_part: str = ""
    turn_id: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether it is to be said back as something that may have been misunderstood."""
        return self.confidence < LIKELY

    @property
    def is_clear(self) -> bool:
        """Whether it was plainly said."""
        return self.confidence > CLEAR


SignalKind = Literal[
    "interest", "appointment", "question", "doubt", "objection", "refusal", "postponed", "booked", "cancelled"
]  # fmt: skip


class Signal(BaseModel):
    """Something the caller did that tells how serious he is."""

    model_config = ConfigDict(frozen=True)

    kind: SignalKind
    turn_id: str
    quote: str


class CalendarChange(BaseModel):
    """A change of the calendar that the caller wanted and of which he has to be told what became of it.

    Attributes:
        kind: What was wanted.
        slot: The time that was to be booked, or whose appointment was to be cancelled.
        turn_id: The turn in which it was wanted.
        done: Whether the calendar did it; None as long as that is not known.
        told: Whether the caller knows that it is not known.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["book", "move", "cancel"]
    slot: Slot
    turn_id: str
    done: bool | None = None
    told: bool = False


class CloseReason(StrEnum):
    """Why the conversation was closed."""

    GOODBYE = "goodbye"
    DECLINED = "declined"
    DO_NOT_CALL = "do_not_call"
    ABUSE = "abuse"
    WRONG_NUMBER = "wrong_number"
    VOICEMAIL = "voicemail"
    POSTPONED = "postponed"
    TRANSFERRED = "transferred"
    SILENCE = "silence"
    NOT_UNDERSTOOD = "not_understood"


class DialogueState(BaseModel):
    """Where a conversation stands.

    Attributes:
        call_id: The call; it seeds the choice of words.
        language: The language that is spoken; none is the campaign's first.
        agent: The agent that spoke last.
        workflow_state: The stage of the conversation.
        turns: How many replies were given.
        facts: What the caller told, by name.
        signals: What the caller did that tells how serious he is, the most recent 40.
        asked: How often each question was asked.
        dropped: The questions that were given up.
        expecting: What the last reply asked the caller for, None for nothing.
        pending: The id of the qualifying question that is open.
        last_fact: The name of the fact captured last, which a correction refers to.
        objections: How often each objection was raised.
        wants_appointment: Whether the caller asked for an appointment.
        foreign: The language that the caller speaks or asks for and the agents do not, by its ISO 639-1 code.
        grieves: Whether the caller spoke of a death or an illness: he is met with no cheer.
        bereaved: Whether he spoke of a death: nothing is sold to him unless he asks for it himself.
        screened: Whether somebody in between is on the line, who asks who calls and why.
        matter: What else than a purchase the caller rings about, until he goes on with one.
        offered: The times that were offered last.
        chosen: The time that waits for the caller's confirmation.
        booked: The time that was booked; None while that is in doubt.
        taken_back: The booked time that was cancelled last, until something is booked again.
        change: The change of the calendar of which the caller is still to be told what became of it.
        wished_hours: The earliest and latest time of day that were wished for last, on whatever day.
        wished_days: The first and last day of the span that was spoken of last: "next week".
        named_day: The day that was wished for last, where that had nothing: another one may be offered beside it.
        ruled_out: What does not suit the caller by all that he said about when; no such time is offered.
        proposed: When the caller would have time, for a call or for what is not clear yet.
        zone: The caller's time zone if he told one, by its entry in the time zone database.
        hours_told: Whether the caller was told when appointments can be had at all.
        out_of_hours: How often in a row a time was wished for that the calendar never has.
        refused_slots: The ids of times that are not to be offered again.
        refused_offers: How often in a row all times that were offered were refused.
        failures: How many utterances in a row were not understood.
        missed_times: How often in a row what was said to times was not understood.
        read_backs: How often the details were read back in a row.
        callback_asked: Whether the caller has answered once when to call him back.
        out_of_reach: Why the caller cannot have what is sold, by the intent that told it.
        in_writing: Whether the caller wants something sent to him.
        unheard: How often in a row the caller did not hear the reply.
        speak_slowly: Whether the caller hears badly.
        abuse: How often the caller was abusive.
        checked: The intents that were asked for because what the caller said left doubt; each is asked for once.
        may_want_erasure: Whether what was checked last may have been a wish to be forgotten; an answer to that tells.
        suspected: The intents that a model found afterwards in what the caller said last, to be asked for next.
        caller_number: The number at which the caller is on the line; empty where it is withheld.
        begun_email: What was told of an e-mail address ahead of its @; the rest is asked for.
        offered_details: The details of himself that the caller offered or told once he had booked, asked or not.
        withheld: The details of himself that the caller was asked for and did not tell.
        read_back: The details as they were said back to him last.
        settled: The details that need not be read back again as they are, be they right or not.
        agreed: The details as the caller agreed to them.
        close_reason: Why the conversation was closed.
        last_reply: The sentences spoken last.
        cut_off: Those of them that ask for what is open and were not heard; a yes to them does not count.
        said: What the caller said since something came of it, as digests.
        spoken: The whole replies that were spoken, as digests.
        recent: The sentences of the last replies, which are not said again while others are left.
        wish: The time that the caller asked for when no calendar was at hand.
        requests: What the caller wants a human to see to, in words that hold nothing he said, at most 20.
        answered_by: Who answered the turns in it, by their ids; more of the most recent than are ever told at once.
        awaited: The turn that was answered last, until it is told what was heard of it.
        before: The state ahead of that turn, if the caller said something in it.
    """

    model_config = ConfigDict(allow_inf_nan=False)

    call_id: str
    language: str = ""
    agent: Agent = Agent.CONVERSATION
    workflow_state: WorkflowState = WorkflowState.INITIALIZING
    turns: int = 0
    facts: dict[str, Fact] = Field(default_factory=dict, max_length=_MAX_NAMES)
    signals: list[Signal] = Field(default_factory=list)
    asked: dict[str, int] = Field(default_factory=dict, max_length=_MAX_NAMES)
    dropped: list[str] = Field(default_factory=list)
    expecting: Expectation | None = None
    pending: str | None = None
    last_fact: str | None = None
    objections: dict[str, int] = Field(default_factory=dict, max_length=_MAX_NAMES)
    wants_appointment: bool = False
    foreign: str = ""
    grieves: bool = False
    bereaved: bool = False
    screened: bool = False
    matter: str | None = None
    offered: list[Slot] = Field(default_factory=list)
    chosen: Slot | None = None
    booked: Slot | None = None
    taken_back: Slot | None = None
    change: CalendarChange | None = None
    wished_hours: Moment | None = None
    wished_days: tuple[date, date] | None = None
    named_day: date | None = None
    ruled_out: Moment | None = None
    proposed: Moment | None = None
    zone: str = ""
    hours_told: bool = False
    out_of_hours: int = 0
    refused_slots: list[str] = Field(default_factory=list)
    refused_offers: int = 0
    failures: int = 0
    missed_times: int = 0
    read_backs: int = 0
    callback_asked: bool = False
    in_writing: bool = False
    out_of_reach: str | None = None
    unheard: int = 0
    speak_slowly: bool = False
    abuse: int = 0
    checked: list[str] = Field(default_factory=list)
    may_want_erasure: bool = False
    suspected: list[str] = Field(default_factory=list)
    caller_number: str = ""
    begun_email: str = ""
    offered_details: list[str] = Field(default_factory=list, max_length=_MAX_NAMES)
    withheld: list[str] = Field(default_factory=list)
    read_back: dict[str, str] = Field(default_factory=dict, max_length=_MAX_NAMES)
    settled: dict[str, str] = Field(default_factory=dict, max_length=_MAX_NAMES)
    agreed: dict[str, str] = Field(default_factory=dict, max_length=_MAX_NAMES)
    close_reason: CloseReason | None = None
    last_reply: list[str] = Field(default_factory=list)
    said: list[str] = Field(default_factory=list)
    spoken: list[str] = Field(default_factory=list)
    cut_off: list[str] = Field(default_factory=list)
    recent: list[str] = Field(default_factory=list)
    wish: str | None = None
    requests: list[str] = Field(default_factory=list)
    answered_by: dict[str, ReplySource] = Field(default_factory=dict)
    awaited: str = ""
    before: "DialogueState | None" = None

    def fork(self) -> "DialogueState":
        """Returns a copy that can change without the original; its parts are immutable and shared."""
        parts = {name: value.copy() for name, value in self if isinstance(value, dict | list)}
        return self.model_copy(update=parts)

    @property
    def asks(self) -> Question | None:
        """What is open: what the caller's next words are taken as an answer to."""
        if self.expecting is None:
            return None
        return Question(self.expecting, (self.pending or "") if self.expecting in _NAMED else "")

    @property
    def may_be_booked(self) -> bool:
        """Whether the call has an appointment, or nobody knows."""
        return self.booked is not None or self.is_in_doubt

    @property
    def takes_contact(self) -> bool:
        """Whether the caller's details are wanted: for a booking, or for what is to be sent to him."""
        return self.booked is not None or self.in_writing

    @property
    def is_in_doubt(self) -> bool:
        """Whether it is not known what the calendar holds for the call."""
        return self.change is not None and self.change.done is None

    def without_personal_data(self) -> "DialogueState":
        """Returns where the conversation stood without anything that the caller said or told."""
        kept = ("language", "agent", "workflow_state", "turns", "booked")
        return initial_state(self.call_id).model_copy(update={name: getattr(self, name) for name in kept})

    def request(self, what: str) -> None:
        """Notes something for a human to see to, by its name among the wordings."""
        wish = _wish(what)
        if wish not in self.requests:
            self.requests = [*self.requests, wish][-20:]

    @property
    def has_call_noted(self) -> bool:
        """Whether a call back was noted, and the caller is asked whether there is anything else."""
        return self.expecting is Expectation.ANYTHING_ELSE and "callback_time" in self.facts

    def drop_call(self) -> None:
        """Takes back that the caller is to be called."""
        self.drop_request("call_back")
        self.drop_request("call_back_then")
        self.facts.pop("callback_time", None)
        self.signals = [signal for signal in self.signals if signal.kind != "postponed"]
        self.close_reason = self.proposed = None

    def drop_request(self, what: str) -> None:
        """Takes back what was noted for a human to see to."""
        self.requests = [wish for wish in self.requests if wish != _wish(what)]

    def requested(self, what: str) -> bool:
        """Whether it was noted for a human to see to."""
        return _wish(what) in self.requests

    def count_asked(self, question_id: str) -> None:
        """Counts that a question was asked."""
        self.asked[question_id] = counted(self.asked.get(question_id, 0))

    def refuse(self, *slots: Slot) -> None:
        """Notes times that are not to be offered again, the most recent 60."""
        self.refused_slots = [*self.refused_slots, *(slot.slot_id for slot in slots)][-_MAX_REFUSED:]

    def allow(self, slot: Slot) -> None:
        """Notes that a time may be offered again."""
        self.refused_slots = [one for one in self.refused_slots if one != slot.slot_id]

    def add_signal(self, kind: SignalKind, turn_id: str, quote: str) -> None:
        """Adds a signal to the most recent 40."""
        self.signals.append(Signal(kind=kind, turn_id=turn_id, quote=quote))
        del self.signals[:-40]


def counted(times: int) -> int:
    """Returns how often something happened once it happened again; nobody counts on without end."""
    return min(times + 1, _MAX_COUNT)


def _wish(what: str) -> str:
    """Returns how a wish is noted: in the first language always, as whoever reads it is not the caller."""
    with speaking(FIRST_LANGUAGE):
        return WORDINGS[f"request.{what}"][0]


def initial_state(call_id: str) -> DialogueState:
    """Returns where a conversation begins."""
    return DialogueState(call_id=call_id)
