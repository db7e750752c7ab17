import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice_gateway.media import mulaw


def test_reference_values_of_g711() -> None:
    codes = bytes([0xFF, 0x7F, 0x80, 0x00, 0xF0, 0x70])
    assert mulaw.decode(codes).tolist() == [0, 0, 32124, -32124, 120, -120]
    assert mulaw.encode(np.array([0, 32767, -32768], dtype=np.int16)) == bytes([0xFF, 0x80, 0x00])


@given(st.binary(max_size=320))
def test_decoded_audio_encodes_to_the_same_sound(payload: bytes) -> None:
    samples = mulaw.decode(payload)
    assert mulaw.decode(mulaw.encode(samples)).tolist() == samples.tolist()


@given(st.lists(st.integers(-32768, 32767), min_size=1))
def test_the_error_stays_below_a_quantisation_step(values: list[int]) -> None:
    samples = np.array(values, dtype=np.int16)
    error = np.abs(mulaw.decode(mulaw.encode(samples)).astype(int) - samples.astype(int))
    assert bool(np.all(error <= np.maximum(np.abs(samples.astype(int)) / 16, 132)))
