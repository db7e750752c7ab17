"""A task beside the requests that dies is seen, counted and started again, and the service is not ready meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from callwright_common.readiness import Readiness
from callwright_common.supervision import Supervisor, start_task
from fakes.virtual_time import virtual_time


class Fallible:
    """Work that dies when it is told to, and at once for so many starts after that."""

    def __init__(self) -> None:
        self.starts: list[float] = []
        self.ended = 0
        self.error: BaseException | None = None
        self.fatal = asyncio.Event()

    async def run(self) -> None:
        self.starts.append(asyncio.get_running_loop().time())
        try:
            await self.fatal.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.ended += 1

    def die(self, error: BaseException | None) -> None:
        self.error = error
        self.fatal.set()

    def heal(self) -> None:
        self.fatal.clear()


@asynccontextmanager
async def supervised(work: Fallible) -> AsyncIterator[tuple[Readiness, CollectorRegistry, list[bool]]]:
    registry, readiness, told = CollectorRegistry(), Readiness(), list[bool]()

    readiness.report_to(told.append)
    async with Supervisor(readiness, registry).running("example", work.run):
        yield readiness, registry, told


def deaths(registry: CollectorRegistry) -> float:
    return registry.get_sample_value("callwright_background_failures_total", {"task": "example"}) or 0.0


@virtual_time
async def test_a_task_that_dies_is_logged_counted_and_started_again() -> None:
    work = Fallible()
    async with supervised(work) as (readiness, registry, told):
        await asyncio.sleep(5)
        assert (readiness.ready, deaths(registry), told) == (True, 0.0, [True])
        with capture_logs() as lines:
            work.die(OSError(28, "No space left on device: +1 202 555 0100"))
            await asyncio.sleep(0.1)
        assert not readiness.ready
        assert readiness.problems == {"example": "the task died of OSError"}
        assert deaths(registry) == 1
        assert {"task": "example", "log_level": "error"}.items() <= lines[0].items()
        assert isinstance(lines[0]["exc_info"], OSError)
        work.heal()
        await asyncio.sleep(1)
        assert not readiness.ready, "it has only just been started"
        await asyncio.sleep(1)
        assert readiness.ready
        assert told == [True, False, True]
        assert len(work.starts) == 2
    assert work.ended == 2


@virtual_time
async def test_one_that_goes_on_dying_is_started_less_and_less_often_and_never_counts_as_running() -> None:
    work = Fallible()
    async with supervised(work) as (_, registry, told):
        await asyncio.sleep(2)
        work.die(ValueError())
        await asyncio.sleep(200)
        pauses = [later - earlier for earlier, later in zip(work.starts[1:], work.starts[2:], strict=False)]
        assert pauses[:5] == [1, 2, 4, 8, 16]
        assert set(pauses[5:]) == {30}
        assert told == [True, False]
        assert deaths(registry) == len(work.starts)
        work.heal()
        await asyncio.sleep(62)
        assert told == [True, False, True]
        work.die(ValueError())
        await asyncio.sleep(0.1)
        work.heal()
        await asyncio.sleep(0.5)
        assert work.starts[-1] > asyncio.get_running_loop().time() - 1, "the pause is short again after a long life"


@virtual_time
async def test_returning_and_being_cancelled_by_a_stranger_are_deaths_too() -> None:
    for error in (None, asyncio.CancelledError()):
        work = Fallible()
        async with supervised(work) as (readiness, registry, _):
            work.die(error)
            await asyncio.sleep(0.1)
            assert not readiness.ready
            assert deaths(registry) == 1
            work.heal()
            await asyncio.sleep(2)
            assert readiness.ready


@virtual_time
async def test_work_that_may_end_is_left_alone_when_it_has() -> None:
    readiness, registry = Readiness(), CollectorRegistry()
    runs = []

    async def prepare() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise OSError

    async with Supervisor(readiness, registry).running("example", prepare, ends=True):
        await asyncio.sleep(0.1)
        assert not readiness.ready
        await asyncio.sleep(60)
        assert readiness.ready
    assert (len(runs), deaths(registry)) == (2, 1)


@virtual_time
async def test_the_death_of_a_task_that_nobody_looks_at_is_logged() -> None:
    async def die() -> None:
        raise ValueError("+1 202 555 0100")

    with capture_logs() as lines:
        dying, living = start_task(die(), "dying"), start_task(asyncio.sleep(60), "living")
        await asyncio.sleep(1)
        living.cancel()
        await asyncio.wait((dying, living))
    assert [line["task"] for line in lines] == ["dying"]


@virtual_time
async def test_all_conditions_must_hold() -> None:
    readiness, told = Readiness("database"), list[bool]()

    readiness.report_to(told.append)
    readiness.set("sweeper", "died")
    readiness.set("database", None)
    assert not readiness.ready
    with capture_logs() as lines:
        readiness.set("sweeper", "died again")
        readiness.set("sweeper", "died again")
        readiness.set("sweeper", None)
    assert readiness.ready
    assert told[0] is False
    assert told[-1] is True
    assert [line.get("problem") for line in lines] == ["died again", None]
