"""Checks of requests at the edge; each failure names the field by its path."""

import math
import re
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from callwright_common.errors import InvalidArgumentError

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")
_MAX_PAGE_SIZE = 500
_DEFAULT_PAGE_SIZE = 50


def require_id(field: str, value: str) -> str:
    """Returns an identifier of 1 to 128 characters: letters, digits and `._:/-`."""
    if not value:
        raise InvalidArgumentError(field, "must not be empty")
    if not _ID.fullmatch(value):
        raise InvalidArgumentError(field, "must be 1 to 128 letters, digits or ._:/- and start with a letter or digit")
    return value


def require_ids(message: Message, *fields: str) -> None:
    """Refuses a message some of whose fields should be identifiers and are none."""
    for field in fields:
        require_id(field, getattr(message, field))


def require_text(field: str, value: str, *, max_length: int) -> str:
    """Returns a text that is not empty, without NUL characters and within its length, in characters."""
    if not value:
        raise InvalidArgumentError(field, "must not be empty")
    if len(value) > max_length:
        raise InvalidArgumentError(field, f"must have at most {max_length} characters")
    if "\0" in value:
        raise InvalidArgumentError(field, "must not contain NUL characters")
    return value


def require_fraction(field: str, value: float) -> float:
    """Returns a number from 0 to 1; refuses NaN and infinities."""
    if not math.isfinite(value) or not 0.0 <= value <= 1.0:
        raise InvalidArgumentError(field, "must be a number from 0 to 1")
    return value


def require_duration(field: str, value: Duration, *, minimum: timedelta, maximum: timedelta) -> timedelta:
    """Returns a duration within its bounds, both included."""
    try:
        result = value.ToTimedelta()
    except (ValueError, OverflowError):
        raise InvalidArgumentError(field, "is not a valid duration") from None
    if not minimum <= result <= maximum:
        raise InvalidArgumentError(
            field, f"must be between {minimum.total_seconds():g} and {maximum.total_seconds():g} seconds"
        )
    return result


def require_timestamp(field: str, value: Timestamp) -> Timestamp:
    """Returns a timestamp between the years 1 and 9999."""
    try:
        value.ToDatetime()
    except (ValueError, OverflowError):
        raise InvalidArgumentError(field, "is not a valid timestamp") from None
    return value


def page_size(field: str, value: int) -> int:
    """Returns the size of a page, 1 to 500; 0 asks for the default of 50."""
    if not 0 <= value <= _MAX_PAGE_SIZE:
        raise InvalidArgumentError(field, f"must be between 0 and {_MAX_PAGE_SIZE}")
    return value or _DEFAULT_PAGE_SIZE
