"""What is told of a reply on the line: why it was spoken and what the caller heard of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ReplyKind(StrEnum):
    """Why the agent speaks: to answer, to bridge a wait, or by a fixed prompt."""

    ANSWER = "answer"
    FILLER = "filler"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class HeardReply:
    """What the caller heard of one reply.

    Attributes:
        turn_id: The turn it belongs to.
        kind: Answer, filler or prompt.
        heard_text: The words that were heard.
        unheard_text: The known words that were not.
        heard_letters: How many letters were heard of each sentence, by its place in the turn's reply.
        heard_ms: Audio that was played to the caller, repeated words included.
        sent_ms: Audio that was put on the wire.
        interrupted: It was cut off before its last word.
        first_audio_at: Monotonic seconds at which its first audio went out; None without audio.
    """

    turn_id: str
    kind: ReplyKind
    heard_text: str
    unheard_text: str
    heard_letters: Mapping[int, int]
    heard_ms: int
    sent_ms: int
    interrupted: bool
    first_audio_at: float | None
