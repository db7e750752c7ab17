"""The settlements of premium speech: whatever stops the booking of one, none is lost and none holds up the others."""

import asyncio
from dataclasses import dataclass, field

import pytest

from callwright_common.backlog import Backlog
from callwright_common.errors import FailedPreconditionError, UnavailableError
from callwright_common.money import Amount
from fakes.virtual_time import virtual_time

COST = Amount(1_800, "USD")


@dataclass
class Books:
    """Books settlements, after it has failed as often as the test says."""

    failures: list[Exception] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: bool = False

    async def book(self, reservation_id: str, spent: Amount) -> None:
        self.asked.set()
        if self.hangs:
            await asyncio.Event().wait()
        if self.failures:
            raise self.failures.pop(0)
        self.booked.append(reservation_id)


def settled(books: Books, patience_seconds: float = 600.0) -> Backlog[Amount]:
    queue = Backlog("settlements", books.book, patience_seconds=patience_seconds)
    for reservation_id in ("one", "two"):
        queue.hand_over(reservation_id, COST)
    return queue


@pytest.mark.parametrize("error", [UnavailableError("DOWN", "no budget service"), ValueError(), ConnectionResetError()])
@virtual_time
async def test_a_booking_that_fails_is_tried_again(error: Exception) -> None:
    books = Books(failures=[error, error])
    queue = settled(books)
    running = asyncio.create_task(queue.run())
    await queue.wait_done()
    assert books.booked == ["one", "two"]
    running.cancel()


@pytest.mark.parametrize(
    ("error", "patience_seconds"), [(FailedPreconditionError("NO_SUCH_LEASE", "gone"), 600.0), (ValueError(), 0.0)]
)
@virtual_time
async def test_a_booking_that_is_refused_or_goes_on_failing_does_not_hold_up_the_next(
    error: Exception, patience_seconds: float
) -> None:
    books = Books(failures=[error])
    queue = settled(books, patience_seconds)
    running = asyncio.create_task(queue.run())
    await queue.wait_done()
    assert books.booked == ["two"]
    running.cancel()


@virtual_time
async def test_a_task_that_dies_while_it_books_goes_on_where_it_was() -> None:
    books = Books(hangs=True)
    queue = settled(books)
    running = asyncio.create_task(queue.run())
    await books.asked.wait()
    running.cancel()
    await asyncio.wait([running])
    books.hangs = False
    running = asyncio.create_task(queue.run())
    await queue.wait_done()
    assert books.booked == ["one", "two"]
    running.cancel()
