"""The turns of a call that are not over on the line yet, and what becomes of those that nobody heard.

A caller's words whose answer was not heard at all belong to his next words: people go on after a pause. Such a turn is
put aside, and either joined to the next one or recorded as it was. The latter too when something else is answered
first, a silence above all: whoever has answered that has built on the turn, which cannot be taken back then. The digits
of a number are joined alike: whoever presses more of them while he is still hearing the answer to the first was not at
its end.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from vocabulary.turns import KeyPresses, Question, Utterance
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.turn import Turn
from voice_gateway.media.heard_reply import HeardReply
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.records.recorder import CallEventRecorder

_MAX_JOINED_CHARACTERS = 2000
_MAX_JOINED_KEYS = 32


@dataclass(slots=True)
class OpenTurns:
    """The turns of one call under way."""

    session: CallSession
    recorder: CallEventRecorder
    metrics: GatewayMetrics
    _open: dict[str, Turn] = field(default_factory=dict)
    _aside: Turn | None = None

    def add(self, turn: Turn) -> None:
        """Opens a turn."""
        self._open[turn.turn_id] = turn

    def get(self, turn_id: str) -> Turn | None:
        """Returns an open turn; None if it is over or unknown."""
        return self._open.get(turn_id)

    def heard(self, turn: Turn, heard: HeardReply) -> bool:
        """Notes what was heard of a turn; returns whether the turn is over and recorded, not put aside."""
        turn.heard = heard
        if heard.interrupted and not heard.heard_text and isinstance(turn.input, Utterance):
            self.put_aside(turn)
            return False
        del self._open[turn.turn_id]
        self._record(turn)
        return True

    def note_playing(self, on_the_line: Collection[HeardReply]) -> None:
        """Shows those who watch the call a turn whose first audio is on the wire."""
        shown = self.session.playing
        for reply in on_the_line:
            turn = self._open.get(reply.turn_id)
            if turn is None or reply.first_audio_at is None or (shown and shown.turn.turn_id == turn.turn_id):
                continue
            self.session.playing = replace(turn, heard=reply).recorded()
            self.session.notify()

    def put_aside(self, turn: Turn) -> None:
        """Closes a turn of which nothing was heard."""
        if self._open.pop(turn.turn_id, None) is None:
            return
        self.session.playing = None
        earlier = self._aside
        if isinstance(turn.input, Utterance):
            self._aside = turn
            if earlier is not None:
                self._record(earlier)
        elif turn.spoken or turn.transitions or isinstance(turn.input, KeyPresses):
            self._record(turn)

    def put_flushed_aside(self, on_the_line: Collection[str]) -> None:
        """Closes the turns that are not on the line: their replies were flushed before any of it was sent."""
        for turn in list(self._open.values()):
            if turn.turn_id not in on_the_line:
                self.put_aside(turn)

    @property
    def asking(self) -> Question | None:
        """What the caller hears himself asked, or heard last."""
        asked = [sentence.asks for turn in self._open.values() for sentence in turn.spoken if sentence.asks]
        return asked[-1] if asked else self.session.open_question

    def put_keys_aside(self) -> None:
        """Puts the last turn aside, if digits of a number were pressed in it and its answer is not over."""
        last = next(reversed(self._open.values()), None)
        if last is not None and last.takes_more_keys and last.action is None and self._aside is None:
            self._aside = self._open.pop(last.turn_id)

    def join(self, text: str, turn_id: str) -> str:
        """Returns the words of a caller's new turn with those of the turn that was put aside ahead of them."""
        earlier = self._take_aside(Utterance, _MAX_JOINED_CHARACTERS - len(text), turn_id)
        return f"{earlier} {text}" if earlier else text

    def join_keys(self, keys: str, turn_id: str) -> str:
        """Returns the keys of a new turn with those of the turn that was put aside ahead of them."""
        return self._take_aside(KeyPresses, _MAX_JOINED_KEYS - len(keys), turn_id) + keys

    def _take_aside(self, kind: type[Utterance | KeyPresses], longest: int, turn_id: str) -> str:
        """Returns what the caller said or pressed in the turn that was put aside, if it begins what goes on so."""
        earlier, self._aside = self._aside, None
        if earlier is None:
            return ""
        if not isinstance(earlier.input, kind) or len(earlier.caller_text) > longest:
            self._record(earlier)
            return ""
        # Whoever answered the turn may have stored it: it had no effect, and its words come again.
        blank = replace(earlier.as_happened(), caller_text="", heard_text="", interrupted=True, asked=None)
        self.session.unsynced[earlier.turn_id] = blank
        self.recorder.record(replace(earlier.recorded(), joined_into=turn_id))
        return earlier.caller_text

    def keep_apart(self) -> None:
        """Records a turn that was put aside as it was: what is answered next came between it and his next words."""
        earlier, self._aside = self._aside, None
        if earlier is not None:
            self._record(earlier)

    def close(self, on_the_line: Collection[HeardReply]) -> None:
        """Records all turns as far as they were heard."""
        for reply in on_the_line:
            if (turn := self._open.get(reply.turn_id)) is not None:
                turn.heard = replace(reply, interrupted=bool(reply.unheard_text))
        rest = [turn for turn in (self._aside, *self._open.values()) if turn is not None]
        self._aside = None
        self._open.clear()
        for turn in rest:
            self._record(turn)

    def _record(self, turn: Turn) -> None:
        recorded = turn.recorded()
        self.metrics.turn(turn.source, recorded.latency.first_audio)
        self.session.note_turn(recorded)
        self.recorder.record(recorded)
