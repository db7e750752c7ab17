"""One turn of a call while it is under way: what the caller did, what is being said, what was heard."""

from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from vocabulary.call_events import TurnLatency, TurnRecorded
from vocabulary.enums import Agent, ReplySource, Tier
from vocabulary.exchange import EscalationRecommendation
from vocabulary.turns import (
    AgentTransition,
    EndCall,
    KeyPresses,
    Opening,
    Question,
    Sentence,
    Silence,
    Transfer,
    TurnInput,
    TurnRecord,
    caller_text,
)
from voice_gateway.media.heard_reply import HeardReply, ReplyKind

_HEARD_SHARE = 0.8
"""A question of which so much was heard was understood: its last word or two add nothing."""


@dataclass(frozen=True, slots=True)
class SpeechTimes:
    """When the caller's turn ended, was noticed and was understood; monotonic seconds."""

    speech_ended_at: float
    turn_detected_at: float
    transcribed_at: float


@dataclass(slots=True, eq=False)
class Turn:
    """A turn; the runner and the conversation fill it in as it goes.

    Attributes:
        wanted_at: Monotonic seconds at which an answer was first wanted.
        spoken: The sentences that were given to the voice.
        transitions: Who took over in it, as far as that counts.
        reply_complete: All sentences of the reply were given to the voice.
        partial: The reply's stream failed after some of it was said.
        takes_more_keys: Digits of a number were pressed, and more may follow.
        action: What is still to be done once the reply was heard.
        recommendation: What the orchestrator thinks of the premium voice.
    """

    turn_id: str
    input: TurnInput
    occurred_at: datetime
    wanted_at: float
    times: SpeechTimes | None = None
    kind: ReplyKind = ReplyKind.ANSWER
    source: ReplySource = ReplySource.ORCHESTRATOR
    tier: Tier = Tier.STANDARD
    agent: Agent | None = None
    spoken: list[Sentence] = field(default_factory=list)
    transitions: list[AgentTransition] = field(default_factory=list)
    first_sentence_at: float | None = None
    filler_played: bool = False
    filler_audio_at: float | None = None
    reply_complete: bool = False
    partial: bool = False
    takes_more_keys: bool = False
    action: EndCall | Transfer | None = None
    recommendation: EscalationRecommendation | None = None
    heard: HeardReply | None = None

    @property
    def caller_text(self) -> str:
        """What the caller said or pressed; empty for the opening and for silence."""
        return caller_text(self.input)

    def as_happened(self) -> TurnRecord:
        """Returns the turn as it happened on the line so far."""
        heard = self.heard
        return TurnRecord(
            turn_id=self.turn_id,
            caller_text=self.caller_text,
            reply_text=" ".join(sentence.text for sentence in self.spoken),
            heard_text="" if heard is None else heard.heard_text,
            source=self.source,
            occur_time=self.occurred_at,
            interrupted=heard is None or heard.interrupted,
            asked=None if heard is None else self._asked(heard),
            keys_pressed=isinstance(self.input, KeyPresses),
        )

    def recorded(self) -> TurnRecorded:
        """Returns what is recorded of a turn that is over."""
        heard = self.heard
        return TurnRecorded(
            turn=self.as_happened(),
            agent=self.agent,
            tier=self.tier,
            latency=self._latency(),
            heard_seconds=0.0 if heard is None else heard.heard_ms / 1000,
            reply_seconds=0.0 if heard is None else heard.sent_ms / 1000,
            filler_played=self.filler_played,
            partial=self.partial,
        )

    def _asked(self, heard: HeardReply) -> Question | None:
        """Returns the last question that was heard, or nearly so; of sentences that ask the same the last counts."""
        places = {sentence.asks: place for place, sentence in enumerate(self.spoken) if sentence.asks is not None}
        for question, place in sorted(places.items(), key=itemgetter(1), reverse=True):
            letters = len("".join(self.spoken[place].text.split()))
            if heard.heard_letters.get(place, 0) >= _HEARD_SHARE * letters:
                return question
        return None

    def _latency(self) -> TurnLatency:
        times = self.times
        start = None if times is None else times.speech_ended_at
        if start is None and isinstance(self.input, Opening | Silence):
            start = self.wanted_at
        reply_at = None if self.heard is None else self.heard.first_audio_at
        first_at = min((at for at in (self.filler_audio_at, reply_at) if at is not None), default=None)
        return TurnLatency(
            end_of_turn=None if times is None else times.turn_detected_at - times.speech_ended_at,
            transcription=None if times is None else times.transcribed_at - times.turn_detected_at,
            first_text=_between(self.wanted_at, self.first_sentence_at),
            synthesis=_between(self.first_sentence_at, reply_at),
            first_audio=_between(start, first_at),
            reply_audio=_between(start, reply_at),
        )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)
