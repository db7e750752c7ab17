"""Each wrong field is refused with its path."""

import math
from datetime import timedelta

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.errors import InvalidArgumentError
from callwright_common.rpc import validation
from vocabulary.enums import TIERS

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize("value", ["", " ", "a" * 129, "a b", "a\0b", "-a", "ü", "a\n"])
def test_wrong_ids_are_refused(value: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        validation.require_id("turn.call_id", value)
    assert caught.value.metadata["field"] == "turn.call_id"
    assert caught.value.message.startswith("turn.call_id: ")


@given(st.uuids())
def test_every_uuid_is_an_id(value: object) -> None:
    assert validation.require_id("call_id", str(value)) == str(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0, -0.0001, 1.01])
def test_wrong_fractions_are_refused(value: float) -> None:
    with pytest.raises(InvalidArgumentError):
        validation.require_fraction("score", value)


@given(st.floats(min_value=0, max_value=1))
def test_fractions_pass_unchanged(value: float) -> None:
    assert validation.require_fraction("score", value) == value


@pytest.mark.parametrize(("value", "problem"), [(0, "specified"), (9, "unknown")])
def test_wrong_enum_values_are_refused(value: int, problem: str) -> None:
    with pytest.raises(InvalidArgumentError, match=problem):
        TIERS.requested("tier", value)


@pytest.mark.parametrize(
    "value", [Duration(), Duration(seconds=-1), Duration(seconds=3601), Duration(seconds=2**62), Duration(nanos=5)]
)
def test_wrong_durations_are_refused(value: Duration) -> None:
    with pytest.raises(InvalidArgumentError):
        validation.require_duration("lease", value, minimum=SECOND, maximum=HOUR)


def test_a_wrong_timestamp_is_refused() -> None:
    with pytest.raises(InvalidArgumentError):
        validation.require_timestamp("from_time", Timestamp(seconds=2**60))


@pytest.mark.parametrize(("asked", "size"), [(0, 50), (1, 1), (500, 500)])
def test_a_page_has_a_size(asked: int, size: int) -> None:
    assert validation.page_size("page_size", asked) == size


@pytest.mark.parametrize("asked", [-1, 501])
def test_a_page_is_bounded(asked: int) -> None:
    with pytest.raises(InvalidArgumentError):
        validation.page_size("page_size", asked)
