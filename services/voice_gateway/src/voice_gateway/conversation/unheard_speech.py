"""What becomes of a call in which sentences get no audio."""

from enum import Enum, auto

from dialogue import split_sentences
from voice_gateway.media.heard_reply import ReplyKind

_MUTE_REPLIES = 3


class Remedy(Enum):
    """What to do about a sentence that the caller cannot hear."""

    NOTHING = auto()
    APOLOGISE = auto()
    GIVE_UP = auto()


class UnheardSpeech:
    """Counts the replies of one call that could not be spoken.

    An apology is kept as audio, so that it is heard while no voice works. The call is given up when even that has no
    audio, or when one reply after the other has none.
    """

    def __init__(self, apology: str) -> None:
        self._apology = split_sentences(apology)
        self._mute_replies = 0
        self._apologising = False

    def failed(self, sentence: str) -> Remedy:
        """Returns what to do about a sentence for which no voice gave audio."""
        if sentence in self._apology or self._mute_replies >= _MUTE_REPLIES:
            return Remedy.GIVE_UP
        if self._apologising:
            return Remedy.NOTHING
        self._apologising = True
        self._mute_replies += 1
        return Remedy.APOLOGISE

    def heard(self, kind: ReplyKind) -> None:
        """Notes a reply of which something was heard."""
        self._apologising = False
        if kind is ReplyKind.ANSWER:
            self._mute_replies = 0
