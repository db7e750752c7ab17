"""One turn of a call: what the caller did, what the agent says and asks, what was heard, what follows."""

from dataclasses import dataclass, replace
from datetime import datetime

from callwright.conversation.v1 import conversation_pb2 as pb
from vocabulary.enums import (
    EXPECTATIONS,
    Agent,
    EndReason,
    Expectation,
    ReplySource,
    TransitionTrigger,
)
from vocabulary.mirror import Mirror, OneOf, mirrors

MAX_UTTERANCE_CHARACTERS = 4_000
MAX_TOLD_TURNS = 50
"""How many turns a request tells at most."""


@mirrors(pb.Opening)
@dataclass(frozen=True, slots=True)
class Opening(Mirror):
    """The call was connected and the agent speaks first.

    Attributes:
        caller_number: The number at which the caller is on the line, E.164; empty where it is withheld.
    """

    caller_number: str = ""


@mirrors(pb.Utterance)
@dataclass(frozen=True, slots=True)
class Utterance(Mirror):
    """The caller said something; `text` is as transcribed."""

    text: str

    def to_proto(self) -> pb.Utterance:
        """Returns the message, cut to the longest text that the contract takes."""
        return pb.Utterance(text=self.text[:MAX_UTTERANCE_CHARACTERS])


@mirrors(pb.Silence)
@dataclass(frozen=True, slots=True)
class Silence(Mirror):
    """The caller said nothing for a while; `count` is 1 for the first silence in a row."""

    count: int = 1


@mirrors(pb.KeyPresses)
@dataclass(frozen=True, slots=True)
class KeyPresses(Mirror):
    """The caller pressed keys: one or more of 0-9, *, #."""

    keys: str


TurnInput = Opening | Utterance | Silence | KeyPresses


def caller_text(turn_input: TurnInput) -> str:
    """Returns what the caller said or pressed; empty for the opening and for silence."""
    match turn_input:
        case Utterance(text):
            return text
        case KeyPresses(keys):
            return keys
        case _:
            return ""


TURN_INPUTS: OneOf[TurnInput] = OneOf(
    pb.TurnInput,
    "input",
    {"opening": Opening, "utterance": Utterance, "silence": Silence, "key_presses": KeyPresses},
)


@mirrors(pb.Question)
@dataclass(frozen=True, slots=True)
class Question(Mirror):
    """What a reply asks.

    Attributes:
        expectation: What is expected of the caller.
        question_id: The campaign's question where an answer to one is expected, the name of the fact where it is a
            detail of the caller; else empty.
    """

    expectation: Expectation
    question_id: str = ""

    @classmethod
    def is_known(cls, message: pb.Question) -> bool:
        """Whether what is asked is known here."""
        return EXPECTATIONS.from_proto(message.expectation) is not None


@mirrors(pb.Sentence)
@dataclass(frozen=True, slots=True)
class Sentence(Mirror):
    """One whole sentence of a reply, fit to be spoken.

    Attributes:
        text: What to say.
        asks: Set on the sentence that asks.
        slowly: The caller hears badly.
    """

    text: str
    asks: Question | None = None
    slowly: bool = False

    @property
    def is_question(self) -> bool:
        """Whether a listener hears it ask something."""
        return self.asks is not None or "?" in self.text


@mirrors(pb.Transfer)
@dataclass(frozen=True, slots=True)
class Transfer(Mirror):
    """Connect the caller with a human once the reply was heard."""


@mirrors(pb.EndCall)
@dataclass(frozen=True, slots=True)
class EndCall(Mirror):
    """Hang up once the reply was heard."""

    reason: EndReason


@mirrors(pb.Slot)
@dataclass(frozen=True, slots=True)
class Slot(Mirror):
    """A time in a campaign's calendar at which an appointment can be had."""

    slot_id: str
    campaign_id: str
    start_time: datetime
    end_time: datetime


@mirrors(pb.Contact)
@dataclass(frozen=True, slots=True)
class Contact(Mirror):
    """What a caller told about himself for a booking; what he did not tell is empty.

    Attributes:
        confirmed: Whether he agreed to all of it when it was read back.
    """

    name: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    confirmed: bool = False


@mirrors(pb.Booking)
@dataclass(frozen=True, slots=True)
class Booking(Mirror):
    """An appointment that the caller agreed to.

    Attributes:
        cancel_time: When he cancelled it; None while it stands.
        contact: Whom it is with; None as long as nothing is known of him.
    """

    booking_id: str
    slot_id: str
    call_id: str
    campaign_id: str
    start_time: datetime
    end_time: datetime
    create_time: datetime
    cancel_time: datetime | None = None
    contact: Contact | None = None


CallAction = Transfer | EndCall | Booking
"""What follows from a turn; a booking is made, or cancelled, already."""


CALL_ACTIONS: OneOf[CallAction] = OneOf(
    pb.CallAction, "action", {"transfer": Transfer, "end_call": EndCall, "booking": Booking}
)


@mirrors(pb.TurnRecord)
@dataclass(frozen=True, slots=True)
class TurnRecord(Mirror):
    """One turn as it really happened on the line.

    Attributes:
        caller_text: What the caller said or pressed; empty for the opening and for silence.
        reply_text: What was generated.
        heard_text: What the caller heard of it.
        source: Who made the words; unknown where there are none.
        occur_time: When the turn began.
        interrupted: The caller spoke over the reply.
        asked: What the reply asked, as far as the caller heard it.
        keys_pressed: The caller pressed keys, and `caller_text` holds them.
    """

    turn_id: str
    caller_text: str
    reply_text: str
    heard_text: str
    source: ReplySource
    occur_time: datetime
    interrupted: bool = False
    asked: Question | None = None
    keys_pressed: bool = False

    @property
    def input(self) -> Utterance | KeyPresses | None:
        """What the caller said or pressed; None for the opening and for silence."""
        if not self.caller_text.strip():
            return None
        return KeyPresses(self.caller_text) if self.keys_pressed else Utterance(self.caller_text)

    def without_words(self) -> "TurnRecord":
        """Returns the turn without anything that was said."""
        return replace(self, caller_text="", reply_text="", heard_text="")


@mirrors(pb.AgentTransition)
@dataclass(frozen=True, slots=True)
class AgentTransition(Mirror):
    """Another agent took over.

    Attributes:
        from_agent: Who spoke before; None for the first agent of a call.
        duration_seconds: From the turn's arrival to the decision.
        context_preserved: Whether the agent knows all that was known of the call.
    """

    from_agent: Agent | None
    to_agent: Agent
    occur_time: datetime
    trigger: TransitionTrigger
    duration_seconds: float
    turn_id: str
    context_preserved: bool = True
