"""One turn of a call: what the caller did, what the agent says and asks, what was heard, what follows."""

from dataclasses import dataclass, replace
from datetime import datetime

from callwright.conversation.v1 import conversation_pb2 as pb
from callwright_common.wire import from_timestamp, seconds, to_duration, to_timestamp
from vocabulary.enums import (
    AGENTS,
    END_REASONS,
    EXPECTATIONS,
    REPLY_SOURCES,
    TRANSFER_REASONS,
    TRANSITION_TRIGGERS,
    Agent,
    EndReason,
    Expectation,
    ReplySource,
    TransferReason,
    TransitionTrigger,
)

MAX_UTTERANCE_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Opening:
    """The call was connected and the agent speaks first."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """The caller said something; `text` is as transcribed."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller said nothing for a while; `count` is 1 for the first silence in a row."""

    duration_seconds: float = 0.0
    count: int = 1


@dataclass(frozen=True, slots=True)
class KeyPresses:
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


def input_from_proto(message: pb.TurnInput) -> TurnInput | None:
    """Returns what the caller did; None for kinds that are unknown here."""
    match message.WhichOneof("input"):
        case "opening":
            return Opening()
        case "utterance":
            return Utterance(message.utterance.text)
        case "silence":
            return Silence(seconds(message.silence.duration), message.silence.count)
        case "key_presses":
            return KeyPresses(message.key_presses.keys)
        case _:
            return None


def input_to_proto(turn_input: TurnInput) -> pb.TurnInput:
    """Returns the message; an utterance is cut to the longest that the contract takes."""
    match turn_input:
        case Opening():
            return pb.TurnInput(opening=pb.Opening())
        case Utterance(text):
            return pb.TurnInput(utterance=pb.Utterance(text=text[:MAX_UTTERANCE_CHARACTERS]))
        case Silence(duration_seconds, count):
            return pb.TurnInput(silence=pb.Silence(duration=to_duration(duration_seconds), count=count))
        case KeyPresses(keys):
            return pb.TurnInput(key_presses=pb.KeyPresses(keys=keys))


@dataclass(frozen=True, slots=True)
class Question:
    """What a reply asks; `question_id` is the campaign's question, where an answer to one is expected."""

    expectation: Expectation
    question_id: str = ""

    @classmethod
    def from_proto(cls, message: pb.Question) -> "Question | None":
        """Returns the value of a message; None where nothing is asked, or something that is unknown here."""
        expectation = EXPECTATIONS.from_proto(message.expectation)
        return None if expectation is None else cls(expectation, message.question_id)

    def to_proto(self) -> pb.Question:
        """Returns the message."""
        return pb.Question(expectation=EXPECTATIONS.to_proto(self.expectation), question_id=self.question_id)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One whole sentence of a reply, fit to be spoken; `asks` is set on the one that asks."""

    text: str
    asks: Question | None = None

    @classmethod
    def from_proto(cls, message: pb.Sentence) -> "Sentence":
        """Returns the value of a message."""
        return cls(message.text, Question.from_proto(message.asks))

    def to_proto(self) -> pb.Sentence:
        """Returns the message."""
        return pb.Sentence(text=self.text, asks=self.asks.to_proto() if self.asks else None)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect the caller with a human once the reply was heard."""

    reason: TransferReason


@dataclass(frozen=True, slots=True)
class EndCall:
    """Hang up once the reply was heard."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that the caller agreed to."""

    booking_id: str
    slot_id: str
    call_id: str
    campaign_id: str
    start_time: datetime
    end_time: datetime
    create_time: datetime

    @classmethod
    def from_proto(cls, message: pb.Booking) -> "Booking":
        """Returns the value of a message."""
        return cls(
            booking_id=message.booking_id,
            slot_id=message.slot_id,
            call_id=message.call_id,
            campaign_id=message.campaign_id,
            start_time=from_timestamp(message.start_time),
            end_time=from_timestamp(message.end_time),
            create_time=from_timestamp(message.create_time),
        )

    def to_proto(self) -> pb.Booking:
        """Returns the message."""
        return pb.Booking(
            booking_id=self.booking_id,
            slot_id=self.slot_id,
            call_id=self.call_id,
            campaign_id=self.campaign_id,
            start_time=to_timestamp(self.start_time),
            end_time=to_timestamp(self.end_time),
            create_time=to_timestamp(self.create_time),
        )


CallAction = Transfer | EndCall | Booking
"""What follows from a turn; a booking is made already."""


def action_from_proto(message: pb.CallAction) -> CallAction | None:
    """Returns what follows from a turn; None for kinds that are unknown here."""
    match message.WhichOneof("action"):
        case "transfer":
            return Transfer(TRANSFER_REASONS.required(message.transfer.reason))
        case "end_call":
            return EndCall(END_REASONS.required(message.end_call.reason))
        case "booking":
            return Booking.from_proto(message.booking)
        case _:
            return None


def action_to_proto(action: CallAction) -> pb.CallAction:
    """Returns the message."""
    match action:
        case Transfer(reason):
            return pb.CallAction(transfer=pb.Transfer(reason=TRANSFER_REASONS.to_proto(reason)))
        case EndCall(reason):
            return pb.CallAction(end_call=pb.EndCall(reason=END_REASONS.to_proto(reason)))
        case Booking():
            return pb.CallAction(booking=action.to_proto())


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One turn as it really happened on the line.

    Attributes:
        turn_id: The turn.
        caller_text: What the caller said or pressed; empty for the opening and for silence.
        reply_text: What was generated.
        heard_text: What the caller heard of it.
        source: Who made the words; unknown where there are none.
        occur_time: When the turn began.
        interrupted: The caller spoke over the reply.
        asked: What the reply asked, as far as the caller heard it.
    """

    turn_id: str
    caller_text: str
    reply_text: str
    heard_text: str
    source: ReplySource
    occur_time: datetime
    interrupted: bool = False
    asked: Question | None = None

    @classmethod
    def from_proto(cls, message: pb.TurnRecord) -> "TurnRecord":
        """Returns the value of a message that tells its time."""
        return cls(
            turn_id=message.turn_id,
            caller_text=message.caller_text,
            reply_text=message.reply_text,
            heard_text=message.heard_text,
            source=REPLY_SOURCES.required(message.source),
            occur_time=from_timestamp(message.occur_time),
            interrupted=message.interrupted,
            asked=Question.from_proto(message.asked),
        )

    def to_proto(self) -> pb.TurnRecord:
        """Returns the message."""
        return pb.TurnRecord(
            turn_id=self.turn_id,
            caller_text=self.caller_text,
            reply_text=self.reply_text,
            heard_text=self.heard_text,
            source=REPLY_SOURCES.to_proto(self.source),
            occur_time=to_timestamp(self.occur_time),
            interrupted=self.interrupted,
            asked=self.asked.to_proto() if self.asked else None,
        )

    def without_words(self) -> "TurnRecord":
        """Returns the turn without anything that was said."""
        return replace(self, caller_text="", reply_text="", heard_text="")


@dataclass(frozen=True, slots=True)
class AgentTransition:
    """Another agent took over.

    Attributes:
        from_agent: Who spoke before; None for the first agent of a call.
        to_agent: Who speaks now.
        occur_time: When.
        trigger: Why.
        duration_seconds: From the turn's arrival to the decision.
        turn_id: The turn.
        context_preserved: Whether the agent knows all that was known of the call.
    """

    from_agent: Agent | None
    to_agent: Agent
    occur_time: datetime
    trigger: TransitionTrigger
    duration_seconds: float
    turn_id: str
    context_preserved: bool = True

    @classmethod
    def from_proto(cls, message: pb.AgentTransition) -> "AgentTransition":
        """Returns the value of a message that tells its time."""
        return cls(
            from_agent=AGENTS.from_proto(message.from_agent),
            to_agent=AGENTS.required(message.to_agent),
            occur_time=from_timestamp(message.occur_time),
            trigger=TRANSITION_TRIGGERS.required(message.trigger),
            duration_seconds=seconds(message.duration),
            turn_id=message.turn_id,
            context_preserved=message.context_preserved,
        )

    def to_proto(self) -> pb.AgentTransition:
        """Returns the message."""
        return pb.AgentTransition(
            from_agent=AGENTS.to_proto(self.from_agent),
            to_agent=AGENTS.to_proto(self.to_agent),
            occur_time=to_timestamp(self.occur_time),
            trigger=TRANSITION_TRIGGERS.to_proto(self.trigger),
            duration=to_duration(self.duration_seconds),
            turn_id=self.turn_id,
            context_preserved=self.context_preserved,
        )
