"""Which words of a spoken sentence were heard, when its voice gives no word times.

The words are spread over the audible frames in proportion to their letters, so that pauses and silence at the
ends belong to no word. A word counts as heard from its middle on.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

FRAME_MS = 20
"""Length of one audio frame on the wire."""

# Rate at which an English sentence is spoken, for sentences whose audio is still being made.
_FRAMES_PER_CHARACTER = 65 / FRAME_MS


@dataclass(slots=True, eq=False)
class SpokenSentence:
    """One sentence of a reply, or a piece of it.

    Attributes:
        text: Its words.
        place: Which sentence of the turn's reply it is.
        voiced: For each frame of its audio, whether it is audible.
        complete: Its audio is all there.
        heard_ms: How far into the audio the caller has heard it.
        audio: Its audio, µ-law.
        sent_frames: How much of it is on the wire.
    """

    text: str
    place: int = 0
    voiced: list[bool] = field(default_factory=list)
    complete: bool = False
    heard_ms: int = 0
    audio: bytearray = field(default_factory=bytearray)
    sent_frames: int = 0

    def split(self) -> tuple[list[str], list[str]]:
        """Returns the heard and the unheard words."""
        words = self.text.split()
        if self.complete and self.heard_ms >= len(self.voiced) * FRAME_MS > 0:
            return words, []
        played = self._audible(self.heard_ms // FRAME_MS)
        bounds = self._word_bounds(words)
        heard = sum(1 for start, end in bounds if played > 0 and (start + end) / 2 <= played)
        return words[:heard], words[heard:]

    def resume_offset_ms(self) -> int:
        """Returns where in the audio the first unheard word begins; without one, how far the audio was heard."""
        words = self.text.split()
        heard, unheard = self.split()
        if not unheard:
            return self.heard_ms
        if not heard:
            return 0
        start = self._word_bounds(words)[len(heard)][0]
        passed = list(accumulate(self.voiced, initial=0))
        return min((bisect_right(passed, start) - 1) * FRAME_MS, self.heard_ms)

    def _audible(self, frames: int) -> float:
        if not any(self.voiced):
            return float(frames)
        return float(sum(self.voiced[:frames]))

    def _word_bounds(self, words: Sequence[str]) -> list[tuple[float, float]]:
        """Returns each word's start and end, counted in audible frames."""
        audible = self._audible(len(self.voiced))
        total = audible if self.complete else max(audible, len(self.text) * _FRAMES_PER_CHARACTER)
        ends = list(accumulate(len(word) + 1 for word in words))
        scale = total / ends[-1] if ends else 0.0
        return [(start * scale, end * scale) for start, end in zip([0, *ends], ends, strict=False)]
