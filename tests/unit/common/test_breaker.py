"""The breaker opens on failures of the dependency alone and lets one probe through at a time."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.breaker import BreakerOpenError, BreakerSettings, BreakerState, CircuitBreaker
from callwright_common.errors import (
    DeadlineExceededError,
    InvalidArgumentError,
    NotFoundError,
    ResourceExhaustedError,
    UnavailableError,
)
from fakes.clock import ManualClock

DOWN = UnavailableError("DOWN", "down")


def state_of(guarded: CircuitBreaker) -> BreakerState:
    return guarded.state


def breaker(clock: ManualClock, seen: list[BreakerState] | None = None) -> CircuitBreaker:
    return CircuitBreaker(
        "orchestrator", clock, on_change=(seen if seen is not None else []).append, jitter=lambda: 0.0
    )


async def call(guarded: CircuitBreaker, error: BaseException | None = None) -> None:
    async with guarded.attempt():
        if error is not None:
            raise error


async def fail(guarded: CircuitBreaker, times: int, error: Exception = DOWN) -> None:
    for _ in range(times):
        with pytest.raises(type(error)):
            await call(guarded, error)


async def test_it_opens_after_failures_and_refuses_at_once() -> None:
    seen: list[BreakerState] = []
    guarded = breaker(ManualClock(), seen)
    await fail(guarded, 3, DeadlineExceededError("LATE", "late"))
    assert state_of(guarded) is BreakerState.OPEN
    with pytest.raises(BreakerOpenError) as caught:
        await call(guarded)
    assert caught.value.metadata == {"dependency": "orchestrator"}
    assert seen == [BreakerState.OPEN]


@pytest.mark.parametrize(
    "mistake",
    [
        InvalidArgumentError("text", "must not be empty"),
        NotFoundError("UNKNOWN_CALL", "there is no such call"),
        ResourceExhaustedError("BUSY", "too many turns"),
    ],
)
async def test_mistakes_of_the_caller_and_shed_load_do_not_open_it(mistake: Exception) -> None:
    guarded = breaker(ManualClock())
    await fail(guarded, 50, mistake)
    assert state_of(guarded) is BreakerState.CLOSED


async def test_few_failures_among_many_successes_do_not_open_it() -> None:
    guarded = breaker(ManualClock())
    for _ in range(100):
        for _ in range(9):
            await call(guarded)
        await fail(guarded, 1)
    assert state_of(guarded) is BreakerState.CLOSED


async def test_a_dependency_that_stops_after_many_successes_is_noticed() -> None:
    guarded = breaker(ManualClock())
    for _ in range(100):
        await call(guarded)
    await fail(guarded, 2)
    assert state_of(guarded) is BreakerState.CLOSED
    await fail(guarded, 1)
    assert state_of(guarded) is BreakerState.OPEN


async def test_only_one_probe_passes_and_its_success_closes() -> None:
    clock = ManualClock()
    seen: list[BreakerState] = []
    guarded = breaker(clock, seen)
    await fail(guarded, 3)
    clock.advance(1.0)
    release = asyncio.Event()

    async def probe() -> None:
        async with guarded.attempt():
            await release.wait()

    probing = asyncio.create_task(probe())
    await asyncio.sleep(0)
    for _ in range(50):
        with pytest.raises(BreakerOpenError):
            await call(guarded)
    release.set()
    await probing
    await call(guarded)
    assert seen == [BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED]


async def test_a_failed_probe_reopens_for_longer() -> None:
    clock = ManualClock()
    guarded = breaker(clock)
    await fail(guarded, 3)
    clock.advance(1.0)
    await fail(guarded, 1)
    clock.advance(1.9)
    assert state_of(guarded) is BreakerState.OPEN
    clock.advance(0.1)
    assert state_of(guarded) is BreakerState.HALF_OPEN


async def test_a_cancelled_probe_counts_as_nothing_and_gives_its_place_back() -> None:
    clock = ManualClock()
    guarded = breaker(clock)
    await fail(guarded, 3)
    clock.advance(1.0)
    with suppress(asyncio.CancelledError):
        await call(guarded, asyncio.CancelledError())
    assert state_of(guarded) is BreakerState.HALF_OPEN
    await call(guarded)
    assert state_of(guarded) is BreakerState.CLOSED


async def test_a_probe_that_never_ends_loses_its_place_after_its_lease() -> None:
    clock = ManualClock()
    guarded = CircuitBreaker("orchestrator", clock, BreakerSettings(probe_lease=5.0), jitter=lambda: 0.0)
    await fail(guarded, 3)
    clock.advance(1.0)
    lost = guarded.attempt()
    await lost.__aenter__()
    clock.advance(5.0)
    await call(guarded)
    assert state_of(guarded) is BreakerState.CLOSED
    assert not await lost.__aexit__(UnavailableError, DOWN, None)
    assert state_of(guarded) is BreakerState.CLOSED


async def test_a_success_that_began_before_it_opened_does_not_close_it() -> None:
    guarded = breaker(ManualClock())
    async with guarded.attempt():
        await fail(guarded, 3)
    assert state_of(guarded) is BreakerState.OPEN


async def test_the_wall_clock_does_not_matter() -> None:
    clock = ManualClock()
    guarded = breaker(clock)
    await fail(guarded, 3)
    clock.jump_wall_clock(3600)
    assert state_of(guarded) is BreakerState.OPEN


@given(st.lists(st.sampled_from(["ok", "down", "mistake", "cancel", "wait"]), max_size=60))
def test_whatever_happens_it_recovers_once_the_dependency_does(history: list[str]) -> None:
    async def scenario() -> None:
        clock = ManualClock()
        guarded = breaker(clock)
        errors = {"down": DOWN, "mistake": NotFoundError("UNKNOWN_CALL", "unknown"), "cancel": asyncio.CancelledError()}
        for step in history:
            if step == "wait":
                clock.advance(0.7)
                continue
            with suppress(UnavailableError, NotFoundError, asyncio.CancelledError):
                await call(guarded, errors.get(step))
        clock.advance(30.0)
        await call(guarded)
        assert state_of(guarded) is BreakerState.CLOSED

    asyncio.run(scenario())
