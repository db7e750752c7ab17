"""When the caller speaks, and when a caller's turn is over.

The rule is explicit: a turn begins when the voice has lasted `start_seconds` and pauses after `stop_seconds` of
silence. How much silence ends it depends on the words so far, once they are known: little if they are complete, much if
more must follow. A caller who goes on before that is still in the same turn. Time is counted in audio windows, so that
late packets do not end a turn; if the audio itself stops, the wall clock ends it.
"""

from dataclasses import dataclass
from enum import StrEnum

from voice_gateway.media.hearing.voice_activity import WINDOW_SECONDS


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """The rule's parameters.

    Attributes:
        start_probability: Probability of speech from which a window counts as voice.
        stay_probability: The same once the caller is speaking.
        start_seconds: Voice this long begins a turn; shorter noises do not.
        stop_seconds: Silence this long is a pause.
        complete_seconds: Silence this long, the pause included, ends a turn whose words are complete.
        unknown_seconds: The same while the words are not known.
        unfinished_seconds: The same if the words end in the middle of a sentence.
        stalled_seconds: Wall-clock time without audio that ends the turn.
        longest_seconds: Length of voice without a pause that ends the turn, so that a noise cannot hold the call.
    """

    start_probability: float = 0.5
    stay_probability: float = 0.4
    start_seconds: float = 0.13
    stop_seconds: float = 0.2
    complete_seconds: float = 0.35
    unknown_seconds: float = 0.7
    unfinished_seconds: float = 1.2
    stalled_seconds: float = 1.0
    longest_seconds: float = 30.0


class TurnChange(StrEnum):
    """What a window of audio changed."""

    VOICE_STARTED = "voice_started"
    VOICE_PAUSED = "voice_paused"
    VOICE_RESUMED = "voice_resumed"
    TURN_ENDED = "turn_ended"


class _State(StrEnum):
    QUIET = "quiet"
    SPEAKING = "speaking"
    PAUSED = "paused"


class TurnDetector:
    """The rule for one call, fed one window's probability of speech at a time.

    Attributes:
        settings: Its parameters.
    """

    def __init__(self, settings: TurnSettings) -> None:
        self.settings = settings
        self._state = _State.QUIET
        self._run = 0
        self._voiced = 0
        self._last_window_at = 0.0
        self._start_windows = max(1, round(settings.start_seconds / WINDOW_SECONDS))
        self._stop_windows = max(1, round(settings.stop_seconds / WINDOW_SECONDS))
        self._longest_windows = round(settings.longest_seconds / WINDOW_SECONDS)
        self._end_windows = self._windows_to_end(settings.unknown_seconds)

    @property
    def speaking(self) -> bool:
        """Whether the caller's voice is heard."""
        return self._state is _State.SPEAKING

    @property
    def in_turn(self) -> bool:
        """Whether a turn has begun that is not over."""
        return self._state is not _State.QUIET

    @property
    def start_seconds(self) -> float:
        """How long ago the voice set in when `VOICE_STARTED` or `VOICE_RESUMED` is reported."""
        return self._start_windows * WINDOW_SECONDS

    @property
    def stop_seconds(self) -> float:
        """How long ago the voice ended when `VOICE_PAUSED` is reported."""
        return self._stop_windows * WINDOW_SECONDS

    def window(self, probability: float, now: float) -> TurnChange | None:
        """Takes the next window and returns what it changed."""
        self._last_window_at = now
        if self._state is _State.SPEAKING:
            return self._while_speaking(voiced=probability >= self.settings.stay_probability)
        voiced = probability >= self.settings.start_probability
        return self._while_quiet(voiced=voiced) if self._state is _State.QUIET else self._while_paused(voiced=voiced)

    def judge(self, *, complete: bool) -> None:
        """Takes what the words before the pause are: complete, or in the middle of a sentence."""
        seconds = self.settings.complete_seconds if complete else self.settings.unfinished_seconds
        self._end_windows = self._windows_to_end(seconds)

    def stalled(self, now: float) -> TurnChange | None:
        """Ends a turn during which the audio has stopped coming."""
        if self.in_turn and now - self._last_window_at >= self.settings.stalled_seconds:
            return self._enter(_State.QUIET, TurnChange.TURN_ENDED)
        return None

    def _while_speaking(self, *, voiced: bool) -> TurnChange | None:
        self._run = 0 if voiced else self._run + 1
        self._voiced += 1
        if self._run >= self._stop_windows:
            return self._enter(_State.PAUSED, TurnChange.VOICE_PAUSED)
        if self._voiced >= self._longest_windows:
            return self._enter(_State.QUIET, TurnChange.TURN_ENDED)
        return None

    def _while_quiet(self, *, voiced: bool) -> TurnChange | None:
        self._run = self._run + 1 if voiced else 0
        return self._enter(_State.SPEAKING, TurnChange.VOICE_STARTED) if self._run >= self._start_windows else None

    def _while_paused(self, *, voiced: bool) -> TurnChange | None:
        # The pause counts on through clicks, so that noise does not hold a turn open; a voice setting in does.
        self._voiced = self._voiced + 1 if voiced else 0
        self._run += 1
        if self._voiced >= self._start_windows:
            return self._enter(_State.SPEAKING, TurnChange.VOICE_RESUMED)
        if self._run >= self._end_windows and self._voiced == 0:
            return self._enter(_State.QUIET, TurnChange.TURN_ENDED)
        return None

    def _windows_to_end(self, silence_seconds: float) -> int:
        return max(1, round(silence_seconds / WINDOW_SECONDS) - self._stop_windows)

    def _enter(self, state: _State, change: TurnChange) -> TurnChange:
        self._state = state
        self._end_windows = self._windows_to_end(self.settings.unknown_seconds)
        self._run = 0
        self._voiced = 0
        return change
