"""The play-out buffer accounts for every sample that the agent sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone_simulator.playout import (
    MAX_BUFFERED_SAMPLES,
    ClearRecord,
    PlayedSpan,
    PlayoutBuffer,
    PlayoutOverflowError,
)


def test_audio_plays_along_the_timeline_with_silence_around_it() -> None:
    playout = PlayoutBuffer()
    playout.advance(100)
    playout.append(b"\x01" * 50)
    playout.advance(200)

    assert bytes(playout.line) == b"\xff" * 100 + b"\x01" * 50 + b"\xff" * 50
    assert playout.spans == [PlayedSpan(line_start=100, stream_start=0, length=50)]


def test_a_mark_comes_back_when_everything_before_it_was_played_and_not_a_sample_sooner() -> None:
    playout = PlayoutBuffer()
    playout.append(b"\x01" * 160)
    assert playout.mark("a") == []
    assert playout.advance(159) == []

    assert [mark.name for mark in playout.advance(160)] == ["a"]
    assert playout.marks[0].returned_at == 160
    assert not playout.marks[0].cleared


def test_a_mark_without_audio_before_it_comes_back_at_once() -> None:
    assert [mark.name for mark in PlayoutBuffer().mark("a")] == ["a"]


def test_a_late_tick_returns_each_mark_with_its_true_position() -> None:
    playout = PlayoutBuffer()
    playout.append(b"\x01" * 160)
    playout.mark("a")
    playout.append(b"\x02" * 160)
    playout.mark("b")

    returned = playout.advance(1000)

    assert [(mark.name, mark.returned_at) for mark in returned] == [("a", 160), ("b", 320)]


def test_clear_drops_what_was_not_played_and_returns_the_pending_marks_in_order() -> None:
    playout = PlayoutBuffer()
    playout.append(b"\x01" * 160)
    playout.mark("played")
    playout.append(b"\x02" * 320)
    playout.mark("a")
    playout.mark("b")
    playout.advance(200)

    pending = playout.clear()
    playout.advance(600)

    assert [(mark.name, mark.cleared, mark.returned_at) for mark in pending] == [("a", True, 200), ("b", True, 200)]
    assert bytes(playout.line[200:]) == b"\xff" * 400
    assert playout.clears == [ClearRecord(line_position=200, stream_position=480)]
    assert playout.buffered == 0


def test_more_than_ten_minutes_ahead_are_refused() -> None:
    playout = PlayoutBuffer()
    playout.append(bytes(MAX_BUFFERED_SAMPLES))
    with pytest.raises(PlayoutOverflowError):
        playout.append(b"\x01")


_EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 500)),
        st.tuples(st.just("advance"), st.integers(0, 400)),
        st.tuples(st.just("mark"), st.just(0)),
        st.tuples(st.just("clear"), st.just(0)),
    ),
    max_size=60,
)


@given(_EVENTS)
def test_every_sample_is_played_waiting_or_dropped_and_every_mark_returns_once(events: list[tuple[str, int]]) -> None:
    playout = PlayoutBuffer()
    returned: list[str] = []
    dropped = position = 0
    for number, (event, amount) in enumerate(events):
        match event:
            case "append":
                playout.append(bytes(amount))
            case "mark":
                returned += [mark.name for mark in playout.mark(str(number))]
            case "clear":
                dropped += playout.buffered
                returned += [mark.name for mark in playout.clear()]
            case "advance":
                position += amount
                returned += [mark.name for mark in playout.advance(position)]

    played = sum(span.length for span in playout.spans)
    assert played + playout.buffered + dropped == playout.received
    assert playout.position == position
    assert bytes(playout.line).count(0) == played
    assert returned == [mark.name for mark in playout.marks if mark.returned_at is not None]
    ends = [span.line_start + span.length for span in playout.spans]
    assert all(end <= later.line_start for end, later in zip(ends, playout.spans[1:], strict=False))
