"""Page tokens: what was encoded comes back, anything else is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.errors import InvalidArgumentError
from callwright_common.rpc.paging import decode_token, encode_token


@given(st.integers(), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_a_key_comes_back(number: int, text: str) -> None:
    token = encode_token("calls", (number, text))
    assert decode_token(token, "calls", (int, str)) == (number, text)
    with pytest.raises(InvalidArgumentError):
        decode_token(token, "events", (int, str))
    with pytest.raises(InvalidArgumentError):
        decode_token(token, "calls", (int,))


@given(st.text(min_size=1))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        decode_token(text, "calls", (int, str))
    assert caught.value.metadata["field"] == "page_token"


def test_no_token_is_the_first_page() -> None:
    assert decode_token("", "calls", (int, str)) is None


@pytest.mark.parametrize("key", [(True, "x"), (1, "nul\0"), (1, "\ud800"), (1.5, "x"), ("1", "x")])
def test_keys_of_other_kinds_are_refused(key: tuple[object, ...]) -> None:
    token = encode_token("calls", key)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError):
        decode_token(token, "calls", (int, str))


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_survive_to_the_microsecond(time: datetime) -> None:
    assert decode_token(encode_token("calls", (time,)), "calls", (datetime,)) == (time,)


def test_a_time_that_cannot_be_is_refused() -> None:
    last = datetime.max.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    beyond = (last + timedelta(days=1)) // timedelta(microseconds=1)
    for value in (beyond, 10**30, -(10**30)):
        with pytest.raises(InvalidArgumentError):
            decode_token(encode_token("calls", (value,)), "calls", (datetime,))
