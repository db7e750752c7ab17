"""Pages of lists; where the next one begins stands in a token that means nothing to clients."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from google.protobuf.message import Message

from callwright_common.errors import InvalidArgumentError
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES
from callwright_common.rpc.validation import page_size

Key = tuple[str | int | datetime, ...]
Item = TypeVar("Item")
Answer = TypeVar("Answer", bound=Message)

_MAX_PAGE_BYTES = MAX_MESSAGE_BYTES * 3 // 4
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


class Page:
    """One page, as a client asks for it.

    Attributes:
        size: How many items it has at most.
        after: The sort key behind which it begins; None for the first page.
    """

    def __init__(self, request: Any, scope: str, kinds: tuple[type, ...]) -> None:
        """Reads a request.

        Args:
            request: Has a `page_size` and a `page_token`.
            scope: The list and its filters; a token is good for no other.
            kinds: The types of the sort key's parts: texts, closed sets, whole numbers and times.

        Raises:
            InvalidArgumentError: if the size is none, or the token was not given out for this list.
        """
        self.size = page_size("page_size", request.page_size)
        self.after: Any = decode_token(request.page_token, scope, kinds)
        self._scope = scope

    def fill(
        self, items: Sequence[Item], message_of: Callable[[Item], Answer], key_of: Callable[[Item], Key]
    ) -> tuple[list[Answer], str]:
        """Returns the messages of the first items, as many as fit into one answer, and the token of the next page.

        Args:
            items: What is there, one more than `size` if there are so many. The first always fits.
            message_of: Returns the message of an item.
            key_of: Returns the sort key of an item.
        """
        page: list[Answer] = []
        total = 0
        for item in items:
            message = message_of(item)
            total += message.ByteSize()
            if len(page) == self.size or (page and total > _MAX_PAGE_BYTES):
                return page, encode_token(self._scope, key_of(items[len(page) - 1]))
            page.append(message)
        return page, ""


def encode_token(scope: str, key: Key) -> str:
    """Returns the token of the page that begins behind a sort key."""
    parts = [(part - _BEGIN) // timedelta(microseconds=1) if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps([scope, *parts]).encode()).decode().rstrip("=")


def decode_token(token: str, scope: str, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """Returns the sort key of a token, or None for the empty token, the first page.

    Raises:
        InvalidArgumentError: if the token was not made by `encode_token` for this list.
    """
    if not token:
        return None
    try:
        found, *parts = json.loads(base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)))
        if found != scope:
            raise ValueError("the token of another list")
        return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise InvalidArgumentError("page_token", "is not a token of this list") from None


def _part(part: Any, kind: type) -> Any:
    if kind is datetime and type(part) is int:
        return _BEGIN + timedelta(microseconds=part)
    if issubclass(kind, str) and isinstance(part, str):
        if not (part.isascii() and part.isprintable()):
            raise ValueError("no text of ours")
        return kind(part)
    if type(part) is not kind:
        raise TypeError("a part of another type")
    return part
