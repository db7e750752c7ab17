"""Pipecat frames of the call: what the caller said, what the agent says, what was heard of it.

Downstream, in this order for each reply::

    ReplyStartedFrame  SentenceFrame  SentenceFrame …  ReplyEndedFrame

The conversation processor pushes them; the voices turn every `SentenceFrame` into audio, and the output transport plays
the replies one after the other. A filler or a prompt is a reply of its own with another `ReplyKind`.

From the media side the conversation processor gets, downstream:

* `CallerTurnFrame`: the words of one caller turn. An `InterruptionFrame` always goes ahead of it, so whatever the
  processor was still doing for an earlier turn is cancelled, and the ledger already knows what was heard.
* `NoWordsFrame`: the caller made a noise or a backchannel. Nothing was interrupted: the agent's speech, which had
  paused, goes on by itself from the first unheard word.
* `CallerVoiceStartedFrame`, `CallerVoicePausedFrame`, `CallerTurnEndedFrame` (they are Pipecat's
  `VADUserStartedSpeakingFrame`, `VADUserStoppedSpeakingFrame` and `UserStoppedSpeakingFrame`) and `InputDTMFFrame`.

and upstream a `SpeechFailedFrame` for each sentence for which a voice gave no audio. What was heard of a reply the
ledger tells its listeners at once.

When the caller begins to speak the conversation processor tells the recogniser upstream, by an `AnswerExpectedFrame`,
what he may answer. Within the media side the recogniser tells the transport upstream, by a `PauseJudgedFrame`, whether
the words before a pause are complete.
"""

from dataclasses import dataclass, field

from pipecat.frames.frames import (
    ControlFrame,
    DataFrame,
    SystemFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from dialogue import ExpectedAnswer
from vocabulary.enums import Tier
from voice_gateway.media.heard_reply import ReplyKind


@dataclass
class ReplyStartedFrame(ControlFrame):
    """A reply begins; its sentences follow.

    Parameters:
        turn_id: The turn that the reply belongs to; a filler and the answer behind it may share one.
        kind: Answer, filler or prompt.
    """

    turn_id: str
    kind: ReplyKind = ReplyKind.ANSWER


@dataclass
class SentenceFrame(DataFrame):
    """One whole sentence to speak.

    Parameters:
        text: What to say, spoken as it is.
        tier: Voice tier that speaks it.
        place: Which sentence of the turn's reply it is, counted from 0.
        slowly: The caller hears badly.
    """

    text: str
    tier: Tier
    place: int = 0
    slowly: bool = False


@dataclass
class ReplyEndedFrame(ControlFrame):
    """No more sentences come for the reply."""


ReplyFrame = ReplyStartedFrame | SentenceFrame | ReplyEndedFrame


@dataclass
class HangUpFrame(ControlFrame):
    """Ends the call once all speech ahead of it was heard."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class SentenceAudioFrame(ControlFrame):
    """The audio that follows, up to the next `SentenceAudioFrame` or the reply's end, speaks this text.

    Parameters:
        text: The sentence, or a piece of it, as the conversation wrote it.
        tier: The voice tier that speaks it.
        place: Which sentence of the turn's reply it is, counted from 0.
    """

    text: str
    tier: Tier
    place: int = 0


@dataclass
class CallerVoiceStartedFrame(VADUserStartedSpeakingFrame):
    """The caller's voice has set in, or goes on after a pause that was too short to end the turn.

    Parameters:
        at: Monotonic seconds at which it did.
        over_agent: The agent was speaking; its speech is paused now.
    """

    at: float = 0.0
    over_agent: bool = False


@dataclass
class CallerVoicePausedFrame(VADUserStoppedSpeakingFrame):
    """The caller's voice has paused; the turn may be over.

    Parameters:
        at: Monotonic seconds at which the voice ended.
    """

    at: float = 0.0


@dataclass
class PauseJudgedFrame(SystemFrame):
    """The words before a pause of the caller's voice are known.

    Parameters:
        complete: They may end the turn; otherwise they end in the middle of a sentence.
    """

    complete: bool


@dataclass
class AnswerExpectedFrame(SystemFrame):
    """Tells the recogniser, upstream, what the caller who begins to speak may answer.

    Parameters:
        expected: What may be heard.
    """

    expected: ExpectedAnswer


@dataclass
class CallerTurnEndedFrame(UserStoppedSpeakingFrame):
    """The caller's turn is over; its words follow.

    Parameters:
        at: Monotonic seconds at which that was decided.
    """

    at: float = 0.0


@dataclass
class CallerTurnFrame(DataFrame):
    """What the caller said in one turn. All times are monotonic seconds.

    Parameters:
        text: The words, never empty.
        speech_ended_at: When the caller's voice ended.
        turn_detected_at: When the silence after it was long enough for the turn to be over.
        transcribed_at: When the words were known.
    """

    interruptible: bool = field(default=False, init=False)
    text: str
    speech_ended_at: float
    turn_detected_at: float
    transcribed_at: float


@dataclass
class NoWordsFrame(SystemFrame):
    """The caller was heard, but said nothing that makes a turn.

    Parameters:
        speech_seconds: How long the sound lasted.
        interrupted_agent: The agent was speaking and now goes on.
    """

    speech_seconds: float
    interrupted_agent: bool = False


@dataclass
class SpeechFailedFrame(SystemFrame):
    """A voice produced no audio for a sentence.

    Parameters:
        text: The sentence.
        tier: The tier that failed.
        spoken_by: The tier that speaks the sentence instead; None when the caller will not hear it.
    """

    text: str
    tier: Tier
    spoken_by: Tier | None
