"""States as opaque bytes: what was encoded comes back, anything else is refused, and nothing grows without bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue import MAX_STATE_BYTES, CorruptStateError, decode_state, encode_state, initial_state
from fakes.spoken_calls import SpokenCall


def said(*utterances: str) -> bytes:
    call = SpokenCall()
    call.say(*utterances)
    return encode_state(call.state)


ENCODED = said("lower bills", "about 180 dollars", "how much is it?")


def test_a_state_comes_back_as_it_was() -> None:
    call = SpokenCall()
    call.say("lower bills", "about 180 dollars", "I want an appointment")
    assert decode_state(encode_state(call.state), "call-1") == call.state


@given(position=st.integers(0, len(ENCODED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(position: int, bit: int) -> None:
    damaged = bytearray(ENCODED)
    damaged[position] ^= 1 << bit
    with pytest.raises(CorruptStateError):
        decode_state(bytes(damaged), "call-1")


@given(length=st.integers(0, len(ENCODED) - 1))
def test_a_cut_state_is_refused(length: int) -> None:
    with pytest.raises(CorruptStateError):
        decode_state(ENCODED[:length], "call-1")


@given(data=st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CorruptStateError):
        decode_state(data, "call-1")


def test_the_state_of_another_call_is_refused() -> None:
    with pytest.raises(CorruptStateError):
        decode_state(ENCODED, "call-2")
    with pytest.raises(CorruptStateError):
        decode_state(b"\x01" * (MAX_STATE_BYTES + 1), "call-1")


def test_no_caller_can_make_a_state_too_large() -> None:
    call = SpokenCall()
    for number in range(120):
        call.say(f"{number} how much is it? I'm interested, book a visit, {'🙂' * 1800} Tuesday at ten {number}")
    assert len(encode_state(call.state)) < MAX_STATE_BYTES / 4
    assert len(call.state.model_dump_json().encode()) < MAX_STATE_BYTES


def test_a_half_character_is_no_reason_to_fail() -> None:
    call = SpokenCall()
    call.say("\ud800 the electric bill is too high \ud83d")
    assert decode_state(encode_state(call.state), "call-1").facts["interest"].value == "lower bills"


def test_a_new_call_is_small() -> None:
    assert len(encode_state(initial_state("call-1"))) < 560
