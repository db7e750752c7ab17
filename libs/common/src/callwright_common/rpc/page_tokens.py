"""Page tokens: where the next page of a list begins, in a text that means nothing to clients."""

import base64
import binascii
import json
from datetime import UTC, datetime

from callwright_common.errors import InvalidArgumentError

Key = tuple[str | int, ...]


def encode(scope: str, key: Key) -> str:
    """Returns the token of a page.

    Args:
        scope: The list and its filters; the token is good for no other.
        key: The sort key after which the page begins.
    """
    return base64.urlsafe_b64encode(json.dumps([scope, *key]).encode()).decode().rstrip("=")


def decode(token: str, scope: str, kinds: tuple[type[str] | type[int], ...]) -> Key | None:
    """Returns the sort key of a token, or None for the empty token, the first page.

    Args:
        token: As a client sent it.
        scope: As it was given to `encode`.
        kinds: The types of the key's parts.

    Raises:
        InvalidArgumentError: if the token was not made by `encode` for this list.
    """
    if not token:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        raise unknown_token() from None
    if (
        not isinstance(parts, list)
        or len(parts) != len(kinds) + 1
        or parts[0] != scope
        or any(type(part) is not kind for part, kind in zip(parts[1:], kinds, strict=True))
        or not all(part.isascii() and part.isprintable() for part in parts if isinstance(part, str))
    ):
        raise unknown_token()
    return tuple(parts[1:])


def unknown_token() -> InvalidArgumentError:
    """Returns the error that answers a token which this list did not give out."""
    return InvalidArgumentError("page_token", "is not a token of this list")


def time_key(value: datetime) -> int:
    """Returns a time as whole microseconds since 1970."""
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def key_time(value: int) -> datetime:
    """Returns the time of `time_key`.

    Raises:
        InvalidArgumentError: if there is no such time.
    """
    try:
        return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)
    except (ValueError, OverflowError, OSError):
        raise unknown_token() from None
