import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.clock import ManualClock
from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.media.speaking.heard_ledger import HeardLedger
from voice_gateway.media.speaking.playout import FRAME_BYTES, Playout

LOUD = b"\x10" * FRAME_BYTES
SECOND = LOUD * 50


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def playout(clock: ManualClock) -> Playout:
    return Playout(HeardLedger(clock.monotonic))


def queue(playout: Playout, *sentences: str, turn_id: str = "t1", ended: bool = True) -> None:
    playout.begin_reply(turn_id, ReplyKind.ANSWER)
    for text in sentences:
        playout.begin_sentence(text)
        playout.add_audio(SECOND)
    if ended:
        playout.end_reply()


def take(playout: Playout, frames: int | None = None) -> list[bytes]:
    """Returns the payloads of the next pieces, ends of replies left out."""
    payloads: list[bytes] = []
    while frames is None or len(payloads) < frames:
        piece = playout.next_piece()
        if piece is None:
            break
        if piece.payload:
            payloads.append(piece.payload)
    return payloads


def test_replies_come_one_after_the_other_and_their_ends_are_said(playout: Playout) -> None:
    queue(playout, "One moment.", turn_id="filler")
    queue(playout, "First one.", "Then two.", turn_id="answer")
    pieces = [playout.next_piece() for _ in range(152)]
    assert playout.next_piece() is None
    ends = [index for index, piece in enumerate(pieces) if piece is not None and piece.ends_reply]
    starts = [index for index, piece in enumerate(pieces) if piece is not None and piece.starts_speech]
    assert ends == [50, 151]
    assert starts == [0, 51]


def test_a_sentence_is_filled_up_to_whole_frames(playout: Playout) -> None:
    playout.begin_reply("t1", ReplyKind.ANSWER)
    playout.begin_sentence("Hi.")
    playout.add_audio(b"\x10" * 100)
    assert playout.next_piece() is None
    playout.end_reply()
    assert take(playout) == [b"\x10" * 100 + b"\xff" * 60]


def test_an_open_reply_holds_the_next_one_back(playout: Playout) -> None:
    queue(playout, "First one.", ended=False)
    take(playout)
    assert playout.next_piece() is None
    playout.begin_sentence("And more.")
    playout.add_audio(LOUD)
    assert len(take(playout)) == 1


def test_a_sentence_without_audio_is_forgotten(playout: Playout) -> None:
    playout.begin_reply("t1", ReplyKind.ANSWER)
    playout.begin_sentence("Spoken by nobody.")
    playout.begin_sentence("Spoken after all.")
    playout.add_audio(SECOND)
    playout.end_reply()
    take(playout)
    assert playout.ledger.open_replies()[0].unheard_text == "Spoken after all."


def test_paused_speech_goes_on_from_the_first_unheard_word(playout: Playout, clock: ManualClock) -> None:
    queue(playout, "aaaa bbbb cccc dddd", "Then two.")
    take(playout, 40)
    clock.advance(0.6)
    playout.pause()
    assert playout.next_piece() is None
    assert playout.unheard
    (frozen,) = playout.ledger.open_replies()
    assert (frozen.heard_text, frozen.heard_ms) == ("aaaa bbbb", 600)
    playout.resume()
    # The third word begins at half of the sentence's second.
    assert len(take(playout)) == 25 + 50
    clock.advance(10.0)
    assert playout.idle
    assert not playout.unheard


def test_a_reply_that_was_heard_to_its_end_is_not_said_again(playout: Playout, clock: ManualClock) -> None:
    queue(playout, "aaaa bbbb cccc dddd")
    take(playout)
    clock.advance(1.1)
    playout.pause()
    assert not playout.unheard
    playout.resume()
    assert take(playout) == []
    clock.advance(1.0)
    assert playout.idle


def test_an_interruption_drops_what_was_queued_and_what_still_arrives(playout: Playout, clock: ManualClock) -> None:
    queue(playout, "First one.", ended=False)
    take(playout, 10)
    clock.advance(0.1)
    playout.pause()
    playout.interrupt()
    playout.add_audio(SECOND)
    playout.begin_sentence("Stale.")
    queue(playout, "Stale too.")
    assert take(playout) == []
    assert playout.idle
    playout.accept()
    queue(playout, "Fresh.")
    assert len(take(playout)) == 50


def test_an_interruption_without_a_pause_freezes_the_ledger_itself(playout: Playout, clock: ManualClock) -> None:
    queue(playout, "First one.")
    take(playout, 30)
    clock.advance(0.1)
    playout.interrupt()
    assert playout.ledger.epoch == 1
    assert not playout.ledger.playing


def test_the_queue_is_bounded(playout: Playout) -> None:
    playout.begin_reply("t1", ReplyKind.ANSWER)
    playout.begin_sentence("Endless.")
    for _ in range(200):
        playout.add_audio(SECOND)
    assert playout.full
    assert len(take(playout)) == 9000


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0.0, 1.5)), max_size=8))
def test_however_often_it_is_paused_all_of_it_is_heard_once_it_is_left_alone(pauses: list[tuple[int, float]]) -> None:
    clock = ManualClock()
    playout = Playout(HeardLedger(clock.monotonic))
    over: list[HeardReply] = []
    playout.ledger.add_listener(over.append)
    queue(playout, "aaaa bbbb cccc dddd", "eeee ffff gggg")
    for frames, seconds in pauses:
        take(playout, frames)
        clock.advance(seconds)
        playout.pause()
        playout.resume()
    take(playout)
    clock.advance(10.0)
    assert playout.idle
    assert [(heard.heard_text, heard.interrupted) for heard in over] == [("aaaa bbbb cccc dddd eeee ffff gggg", False)]
