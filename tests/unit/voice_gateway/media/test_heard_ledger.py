from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.clock import ManualClock
from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.media.speaking.heard_ledger import HeardLedger, LedgerReply
from voice_gateway.media.speaking.spoken_sentence import FRAME_MS, SpokenSentence

TEXT = "Most homes like yours save about forty dollars every month"


def spoken(ledger: HeardLedger, text: str, frames: int, *, turn_id: str = "t1") -> tuple[LedgerReply, SpokenSentence]:
    """Returns a reply of one sentence, its audio made but not sent."""
    reply = ledger.begin_reply(turn_id, ReplyKind.ANSWER)
    sentence = ledger.begin_sentence(reply, text)
    sentence.voiced += [True] * frames
    sentence.complete = True
    return reply, sentence


def send(ledger: HeardLedger, reply: LedgerReply, sentence: SpokenSentence, frames: Sequence[int]) -> None:
    for frame in frames:
        ledger.audio_sent(reply, sentence, frame * FRAME_MS)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ledger(clock: ManualClock) -> HeardLedger:
    return HeardLedger(clock.monotonic)


def test_without_marks_the_clock_alone_says_what_was_heard(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(100))
    clock.advance(1.0)
    (heard,) = ledger.open_replies()
    assert (heard.heard_ms, heard.sent_ms) == (1000, 2000)
    assert heard.heard_text == "Most homes like yours save"
    assert f"{heard.heard_text} {heard.unheard_text}" == TEXT


def test_never_more_than_was_sent(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(10))
    clock.advance(60.0)
    assert ledger.open_replies()[0].heard_ms == 200
    assert not ledger.playing


def test_a_gap_in_the_audio_is_not_heard(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(10))
    clock.advance(5.0)
    send(ledger, reply, sentence, range(10, 60))
    clock.advance(0.1)
    assert ledger.open_replies()[0].heard_ms == 300


def test_the_last_mark_bounds_the_clock(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(10))
    mark = ledger.mark_sent()
    send(ledger, reply, sentence, range(10, 60))
    clock.advance(0.9)
    assert ledger.mark_received(mark)
    clock.advance(0.1)
    # The clock alone says 1000 ms, but the phone had played only 200 ms at 0.9 s; what was booked stays booked.
    assert ledger.open_replies()[0].heard_ms == 300


def test_a_mark_that_comes_back_too_early_is_not_believed(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(50))
    mark = ledger.mark_sent()
    assert ledger.mark_received(mark)
    clock.advance(0.2)
    assert ledger.open_replies()[0].heard_ms == 200


def test_marks_count_once_and_only_in_their_epoch(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(50))
    first, second = ledger.mark_sent(), ledger.mark_sent()
    assert first.startswith("0:")
    assert ledger.mark_received(first)
    assert not ledger.mark_received(first)
    clock.advance(0.5)
    ledger.freeze()
    assert ledger.epoch == 1
    assert not ledger.mark_received(second)
    assert not ledger.mark_received("nonsense")
    assert ledger.open_replies()[0].heard_ms == 500
    clock.advance(5.0)
    assert ledger.open_replies()[0].heard_ms == 500


def test_an_interrupted_reply_keeps_its_unheard_words(ledger: HeardLedger, clock: ManualClock) -> None:
    over: list[HeardReply] = []
    ledger.add_listener(over.append)
    reply, sentence = spoken(ledger, TEXT, 100)
    later = ledger.begin_sentence(reply, "It adds up.")
    send(ledger, reply, sentence, range(100))
    clock.advance(1.0)
    ledger.freeze()
    (heard,) = ledger.interrupt()
    assert over == [heard]
    assert heard.interrupted
    assert heard.heard_text == "Most homes like yours save"
    assert heard.unheard_text == "about forty dollars every month It adds up."
    assert not later.heard_ms
    assert ledger.settled


def test_the_letters_of_a_sentence_in_pieces_are_counted_together(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, opening = spoken(ledger, "Well,", 20)
    send(ledger, reply, opening, range(20))
    for text, place, frames in (("it adds up.", 0, 20), ("Well, it adds up.", 1, 40)):
        sentence = ledger.begin_sentence(reply, text, place)
        sentence.voiced += [True] * frames
        sentence.complete = True
        send(ledger, reply, sentence, range(frames))
    clock.advance(1.0)
    assert ledger.open_replies()[0].heard_letters == {0: len("Well,itaddsup."), 1: len("Well,")}


def test_a_reply_heard_to_its_last_word_was_not_interrupted(ledger: HeardLedger, clock: ManualClock) -> None:
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(100))
    ledger.end_reply(reply)
    clock.advance(2.1)
    ledger.freeze()
    (heard,) = ledger.interrupt()
    assert not heard.interrupted
    assert heard.heard_text == TEXT


def test_a_reply_is_over_when_its_last_mark_is_back(ledger: HeardLedger, clock: ManualClock) -> None:
    over: list[HeardReply] = []
    ledger.add_listener(over.append)
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(100))
    ledger.end_reply(reply)
    mark = ledger.mark_sent()
    clock.advance(2.05)
    ledger.advance()
    assert not over
    ledger.mark_received(mark)
    assert [heard.heard_ms for heard in over] == [2000]
    assert ledger.settled


def test_without_marks_a_reply_is_over_a_moment_after_its_audio(ledger: HeardLedger, clock: ManualClock) -> None:
    over: list[HeardReply] = []
    ledger.add_listener(over.append)
    reply, sentence = spoken(ledger, TEXT, 100)
    send(ledger, reply, sentence, range(100))
    assert ledger.due_in() is None
    ledger.end_reply(reply)
    assert ledger.due_in() == pytest.approx(2.4)
    clock.advance(2.39)
    ledger.advance()
    assert not over
    clock.advance(0.02)
    ledger.advance()
    assert [heard.heard_text for heard in over] == [TEXT]


def test_replies_end_in_order(ledger: HeardLedger, clock: ManualClock) -> None:
    over: list[HeardReply] = []
    ledger.add_listener(over.append)
    for turn_id in ("filler", "answer"):
        reply, sentence = spoken(ledger, TEXT, 50, turn_id=turn_id)
        send(ledger, reply, sentence, range(50))
        ledger.end_reply(reply)
    clock.advance(1.5)
    assert [heard.turn_id for heard in over] == []
    clock.advance(1.0)
    ledger.advance()
    assert [(heard.turn_id, heard.heard_ms) for heard in over] == [("filler", 1000), ("answer", 1000)]


def test_silence_in_the_audio_belongs_to_no_word() -> None:
    sentence = SpokenSentence(
        "one two three four", voiced=[False] * 50 + [True] * 20 + [False] * 50 + [True] * 20, complete=True
    )
    sentence.heard_ms = 50 * FRAME_MS
    assert sentence.split() == ([], ["one", "two", "three", "four"])
    sentence.heard_ms = 100 * FRAME_MS
    heard, unheard = sentence.split()
    assert heard == ["one", "two"]
    assert unheard == ["three", "four"]
    assert 50 * FRAME_MS <= sentence.resume_offset_ms() <= 70 * FRAME_MS


@given(st.lists(st.text("abcdefg", min_size=1, max_size=9), min_size=1, max_size=12), st.data())
def test_heard_and_unheard_words_make_up_the_sentence(words: list[str], data: st.DataObject) -> None:
    voiced = data.draw(st.lists(st.booleans(), min_size=1, max_size=80))
    sentence = SpokenSentence(" ".join(words), voiced=voiced, complete=data.draw(st.booleans()))
    counts = []
    for heard_ms in range(0, len(voiced) * FRAME_MS + 1, FRAME_MS):
        sentence.heard_ms = heard_ms
        heard, unheard = sentence.split()
        assert heard + unheard == words
        assert 0 <= sentence.resume_offset_ms() <= max(heard_ms, 0)
        counts.append(len(heard))
    assert counts == sorted(counts)
    assert counts[0] == 0
    if sentence.complete:
        assert counts[-1] == len(words)


@dataclass
class Phone:
    """Plays what arrives after a delay that varies, and returns marks after another."""

    delay: float
    returns: float
    echoes: bool
    frames: list[tuple[float, str | None]] = field(default_factory=list)
    _plays_until: float = 0.0

    def receive(self, at: float, mark: str | None = None) -> None:
        """Takes a frame of audio, or a mark, sent at a time."""
        arrives = at + self.delay
        if mark is None:
            self._plays_until = max(self._plays_until, arrives) + FRAME_MS / 1000
        self.frames.append((max(self._plays_until, arrives), mark))

    def played_ms(self, at: float) -> int:
        return sum(FRAME_MS for done, mark in self.frames if mark is None and done <= at)

    def marks_back(self, since: float, until: float) -> list[str]:
        if not self.echoes:
            return []
        return [mark for done, mark in self.frames if mark is not None and since < done + self.returns <= until]


@settings(max_examples=150)
@given(
    delay=st.floats(0, 0.12),
    returns=st.floats(0, 0.12),
    echoes=st.booleans(),
    bursts=st.lists(st.tuples(st.integers(1, 40), st.floats(0.0, 1.0)), min_size=1, max_size=10),
    cut_after=st.floats(0.0, 1.0),
)
def test_what_was_heard_is_known_within_250_ms(
    delay: float, returns: float, echoes: bool, bursts: list[tuple[int, float]], cut_after: float
) -> None:
    clock = ManualClock()
    ledger = HeardLedger(clock.monotonic)
    phone = Phone(delay, returns, echoes)
    reply, sentence = spoken(ledger, TEXT, sum(frames for frames, _ in bursts))
    position = 0

    def wait(seconds: float) -> None:
        since = clock.monotonic()
        steps = int(seconds / 0.02) + 1
        for _ in range(steps):
            clock.advance(seconds / steps)
            for mark in phone.marks_back(since, clock.monotonic()):
                ledger.mark_received(mark)
            since = clock.monotonic()

    for frames, pause in bursts:
        for _ in range(frames):
            ledger.audio_sent(reply, sentence, position * FRAME_MS)
            phone.receive(clock.monotonic())
            position += 1
            if position % 10 == 0:
                phone.receive(clock.monotonic(), ledger.mark_sent())
        wait(pause)
    wait(cut_after)
    ledger.freeze()
    (heard,) = ledger.open_replies()
    assert abs(heard.heard_ms - phone.played_ms(clock.monotonic())) <= 250
    assert heard.heard_ms <= heard.sent_ms
    assert TEXT.startswith(heard.heard_text)
