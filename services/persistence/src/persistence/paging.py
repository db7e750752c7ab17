"""Pages that fit into one message, however large their items are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

MAX_PAGE_BYTES = 768 * 1024
"""Leaves room below the largest message that our clients take."""

Item = TypeVar("Item", bound=Message)


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of a page and whether more follow."""

    items: Sequence[Item]
    more: bool


def fill_page(items: Iterable[Item], size: int) -> Page[Item]:
    """Returns the first items: at most `size`, and at least one however large it is.

    Args:
        items: What is there, one more than `size` if there are so many.
        size: The number that the client asked for.
    """
    page: list[Item] = []
    total = 0
    for item in items:
        total += item.ByteSize()
        if len(page) == size or (page and total > MAX_PAGE_BYTES):
            return Page(page, more=True)
        page.append(item)
    return Page(page, more=False)
