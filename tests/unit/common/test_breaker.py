"""The breaker opens on failures of the dependency alone and lets one probe through at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.breaker import (
    BreakerOpenError,
    BreakerSettings,
    BreakerState,
    CircuitBreaker,
    probe_while_open,
)
from callwright_common.errors import (
    DeadlineExceededError,
    InvalidArgumentError,
    NotFoundError,
    ResourceExhaustedError,
    UnavailableError,
)
from fakes.clock import ManualClock
from fakes.virtual_time import LoopClock, virtual_time

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


async def test_one_that_fails_again_before_it_served_anybody_is_left_alone_for_longer() -> None:
    clock = ManualClock()
    guarded = breaker(clock)
    await fail(guarded, 3)
    clock.advance(1.0)
    await call(guarded)
    await fail(guarded, 3)
    clock.advance(1.9)
    assert state_of(guarded) is BreakerState.OPEN
    clock.advance(0.1)
    await call(guarded)
    await call(guarded)
    await fail(guarded, 3)
    clock.advance(1.0)
    assert state_of(guarded) is BreakerState.HALF_OPEN


class Dependency:
    """A dependency that counts how it is asked."""

    def __init__(self, *, down: bool, answers_after: float = 0.0) -> None:
        self.down = down
        self.answers_after = answers_after
        self.asked_at: list[float] = []
        self.asked_at_once = 0

    async def answer(self) -> None:
        self.asked_at.append(asyncio.get_running_loop().time())
        self.asked_at_once += 1
        assert self.asked_at_once == 1
        try:
            await asyncio.sleep(self.answers_after)
        finally:
            self.asked_at_once -= 1
        if self.down:
            raise DOWN


@asynccontextmanager
async def probed(dependency: Dependency) -> AsyncIterator[CircuitBreaker]:
    guarded = CircuitBreaker("budget", LoopClock(), jitter=lambda: 0.0)
    probing = asyncio.create_task(probe_while_open(guarded, dependency.answer))
    try:
        yield guarded
    finally:
        probing.cancel()
        await asyncio.gather(probing, return_exceptions=True)


@virtual_time
async def test_a_dependency_that_nobody_asks_for_is_taken_back_into_use_by_itself() -> None:
    dependency = Dependency(down=True)
    async with probed(dependency) as guarded:
        await asyncio.sleep(60)
        assert not dependency.asked_at, "a closed breaker is not probed"
        await fail(guarded, 3)
        await asyncio.sleep(120)
        pauses = [later - earlier for earlier, later in zip(dependency.asked_at, dependency.asked_at[1:], strict=False)]
        assert pauses == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
        assert state_of(guarded) is not BreakerState.CLOSED
        dependency.down = False
        await asyncio.sleep(31)
        assert state_of(guarded) is BreakerState.CLOSED
        asked = len(dependency.asked_at)
        await asyncio.sleep(60)
        assert len(dependency.asked_at) == asked


@virtual_time
async def test_a_probe_that_hangs_is_bounded_and_counts_as_failed() -> None:
    dependency = Dependency(down=False, answers_after=1000.0)
    async with probed(dependency) as guarded:
        await fail(guarded, 3)
        await asyncio.sleep(10)
        assert len(dependency.asked_at) == 2
        assert state_of(guarded) is not BreakerState.CLOSED
        dependency.answers_after = 0.0
        await asyncio.sleep(10)
        assert state_of(guarded) is BreakerState.CLOSED


@virtual_time
async def test_while_a_request_is_the_probe_no_other_is_made() -> None:
    dependency = Dependency(down=True)
    async with probed(dependency) as guarded:
        await asyncio.sleep(0.1)
        await fail(guarded, 3)
        await asyncio.sleep(1.1)
        async with guarded.attempt():
            await asyncio.sleep(5)
        assert not dependency.asked_at
        assert state_of(guarded) is BreakerState.CLOSED


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
