"""One turn of a call while it is under way: what was asked, what is being said, what was heard."""

from dataclasses import dataclass, field
from datetime import datetime

from voice_gateway.call_events import TurnLatency, TurnRecorded
from voice_gateway.conversation_model import (
    Agent,
    AgentTransition,
    EndRequested,
    Opening,
    ReplySource,
    Silence,
    Tier,
    TransferRequested,
    TurnEntry,
    TurnInput,
    Utterance,
)
from voice_gateway.media.frames import ReplyKind
from voice_gateway.media.heard_ledger import HeardReply


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
        asked_at: Monotonic seconds at which an answer was first wanted.
        spoken: The sentences that were given to the voice.
        reply_complete: All sentences of the reply were given to the voice.
        orchestrated: The orchestrator was asked, so it may have stored the turn.
        partial: The reply's stream failed after some of it was said.
        action: What to do once the reply was heard.
    """

    turn_id: str
    input: TurnInput
    occurred_at: datetime
    asked_at: float
    times: SpeechTimes | None = None
    kind: ReplyKind = ReplyKind.ANSWER
    source: ReplySource = ReplySource.ORCHESTRATOR
    tier: Tier = Tier.STANDARD
    agent: Agent | None = None
    spoken: list[str] = field(default_factory=list)
    transitions: list[AgentTransition] = field(default_factory=list)
    first_text_at: float | None = None
    first_sentence_at: float | None = None
    filler_played: bool = False
    filler_audio_at: float | None = None
    reply_complete: bool = False
    orchestrated: bool = False
    partial: bool = False
    action: EndRequested | TransferRequested | None = None
    heard: HeardReply | None = None

    @property
    def caller_text(self) -> str:
        """What the caller said; empty for the opening, silence and keys."""
        return self.input.text if isinstance(self.input, Utterance) else ""

    def entry(self) -> TurnEntry:
        """Returns the turn as it happened on the line so far."""
        heard = self.heard
        return TurnEntry(
            turn_id=self.turn_id,
            caller_text=self.caller_text,
            reply_text=" ".join(self.spoken),
            heard_text="" if heard is None else heard.heard_text,
            source=self.source,
            interrupted=heard is None or heard.interrupted,
            occurred_at=self.occurred_at,
        )

    def record(self) -> TurnRecorded:
        """Returns the record of a turn that is over."""
        heard = self.heard
        return TurnRecorded(
            entry=self.entry(),
            agent=self.agent,
            tier=self.tier,
            latency=self._latency(),
            heard_seconds=0.0 if heard is None else heard.heard_ms / 1000,
            reply_seconds=0.0 if heard is None else heard.sent_ms / 1000,
            filler_played=self.filler_played,
            partial=self.partial,
        )

    def _latency(self) -> TurnLatency:
        times = self.times
        start = None if times is None else times.speech_ended_at
        if start is None and isinstance(self.input, Opening | Silence):
            start = self.asked_at
        reply_at = None if self.heard is None else self.heard.first_audio_at
        first_at = min((at for at in (self.filler_audio_at, reply_at) if at is not None), default=None)
        return TurnLatency(
            end_of_turn=None if times is None else times.turn_detected_at - times.speech_ended_at,
            transcription=None if times is None else times.transcribed_at - times.turn_detected_at,
            first_text=_between(self.asked_at, self.first_text_at),
            synthesis=_between(self.first_sentence_at, reply_at),
            first_audio=_between(start, first_at),
            reply_audio=_between(start, reply_at),
        )


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, end - start)
