"""States as bytes, opaque to everybody who keeps them.

One version byte, a digest over the call's id and the rest, then zlib-compressed JSON. The digest refuses what was
truncated, damaged or belongs to another call.
"""

import hashlib
import zlib

from pydantic import ValidationError

from dialogue.state import DialogueState

MAX_STATE_BYTES = 256 * 1024
_MAX_JSON_BYTES = 2 * 1024 * 1024
_VERSION = b"\x02"
_DIGEST_BYTES = 16


class CorruptStateError(Exception):
    """The bytes are no state of this call that this version can read."""


def encode_state(state: DialogueState) -> bytes:
    """Returns the state as bytes; every part of a state is bounded, and so are they."""
    payload = zlib.compress(state.model_dump_json().encode(), level=1)
    return _VERSION + _digest(state.call_id, payload) + payload


def decode_state(data: bytes, call_id: str) -> DialogueState:
    """Returns the state of a call.

    Raises:
        CorruptStateError: for anything that `encode_state` did not make for this call.
    """
    if len(data) > MAX_STATE_BYTES or data[:1] != _VERSION:
        raise CorruptStateError("unknown form")
    digest, payload = data[1 : 1 + _DIGEST_BYTES], data[1 + _DIGEST_BYTES :]
    if digest != _digest(call_id, payload):
        raise CorruptStateError("wrong checksum")
    try:
        state = DialogueState.model_validate_json(zlib.decompressobj().decompress(payload, _MAX_JSON_BYTES))
    except (zlib.error, ValidationError):
        raise CorruptStateError("unreadable content") from None
    if state.call_id != call_id:
        raise CorruptStateError("another call")
    return state


def _digest(call_id: str, payload: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    digest.update(call_id.encode())
    digest.update(b"\0")
    digest.update(payload)
    return digest.digest()
