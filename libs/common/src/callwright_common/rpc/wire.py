"""Conversions between Python's values and the wire's well-known types."""

from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def to_timestamp(value: datetime) -> Timestamp:
    """Returns the wire form of an aware time."""
    if value.tzinfo is None:
        raise ValueError("a time on the wire needs a time zone")
    result = Timestamp()
    result.FromDatetime(value)
    return result


def from_timestamp(value: Timestamp) -> datetime:
    """Returns an aware UTC time."""
    return value.ToDatetime(tzinfo=UTC)


def to_duration(value: timedelta | float) -> Duration:
    """Returns the wire form of a duration; a number means seconds."""
    result = Duration()
    result.FromTimedelta(value if isinstance(value, timedelta) else timedelta(seconds=value))
    return result


def seconds(value: Duration) -> float:
    """Returns the duration in seconds, to the microsecond."""
    return value.ToTimedelta().total_seconds()
