"""Places: one for each call, free again whatever happens."""

import asyncio

import pytest

from voice_gateway.calls.live_calls import Apologise, DialOn, LiveCalls, NotCarriedError


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
async def test_a_place_is_free_again_whatever_happens_in_it(error: type[BaseException]) -> None:
    calls = LiveCalls(1)

    def fail() -> None:
        with calls.place():
            assert len(calls) == 1
            raise error

    with pytest.raises(error):
        fail()
    assert len(calls) == 0
    await calls.wait_empty()


async def test_a_call_that_is_cancelled_gives_its_place_back() -> None:
    calls = LiveCalls(1)

    async def carry() -> None:
        with calls.place():
            await asyncio.Event().wait()

    carrying = asyncio.create_task(carry())
    await asyncio.sleep(0)
    empty = asyncio.create_task(calls.wait_empty())
    await asyncio.sleep(0)
    assert not empty.done()
    carrying.cancel()
    await empty


def test_there_is_no_place_beyond_the_capacity_or_while_draining() -> None:
    calls = LiveCalls(2)
    with calls.place():
        calls.check_room()
        with pytest.raises(NotCarriedError, match="at_capacity"):
            calls.check_room(awaited=1)
        with calls.place(), pytest.raises(NotCarriedError, match="at_capacity"), calls.place():
            pass
        calls.draining = True
        with pytest.raises(NotCarriedError, match="draining"), calls.place():
            pass


def test_how_calls_go_on_is_kept_within_bounds() -> None:
    calls = LiveCalls(1)
    for number in range(1001):
        calls.note_after_stream(f"CA{number}", Apologise("Sorry."))
    calls.note_after_stream("CA5", DialOn("+12025550142"))
    assert calls.take_after_stream("CA0") is None
    assert calls.take_after_stream("CA5") == DialOn("+12025550142")
    assert calls.take_after_stream("CA5") is None
