"""Dispositions: the list of a campaign by which its calls are sorted, each call under one of them."""

from enum import StrEnum

from callwright_common.campaign.fields import Identifier, Section, Text


class CallEnding(StrEnum):
    """What can have become of a call, the most telling first."""

    VOICEMAIL = "voicemail"
    WANTS_ERASURE = "wants_erasure"
    """He wants his data deleted, and so no calls either."""
    OPTED_OUT = "opted_out"
    WRONG_PERSON = "wrong_person"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    """A booked appointment was cancelled in the call, and no other was booked."""
    DISTRESS = "distress"
    CHILD = "child"
    SUPPORT = "support"
    OTHER_MATTER = "other_matter"
    TRANSFERRED = "transferred"
    ABUSIVE = "abusive"
    CALL_BACK = "call_back"
    NOT_INTERESTED = "not_interested"
    QUALIFIED = "qualified"
    """Without an appointment."""
    NOT_QUALIFIED = "not_qualified"
    NO_ANSWER = "no_answer"
    """Nobody spoke."""
    ABANDONED = "abandoned"
    """None of the others: it ended before anything was settled."""


class Disposition(Section):
    """An entry of the list.

    Attributes:
        id: Stands on the record of a call.
        label: How people call it.
        when: The calls that it takes, unless another entry takes them for something more telling.
    """

    id: Identifier
    label: Text
    when: CallEnding


DEFAULT_DISPOSITIONS = tuple(
    Disposition(id=ending.value, label=ending.value.replace("_", " ").capitalize(), when=ending)
    for ending in CallEnding
)
