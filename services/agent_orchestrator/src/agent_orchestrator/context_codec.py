"""Contexts as bytes, for the store and for the gateway's mirror.

One version byte, a digest over the call's id and the rest, then zlib-compressed JSON. The digest refuses what was
truncated, damaged or belongs to another call.
"""

import hashlib
import zlib

from pydantic import ValidationError

from agent_orchestrator.call_context import CallContext
from callwright_common.errors import ResourceExhaustedError

MAX_ENCODED_BYTES = 256 * 1024
_MAX_JSON_BYTES = 2 * 1024 * 1024
_VERSION = b"\x01"
_DIGEST_BYTES = 16


class CorruptContextError(Exception):
    """The bytes are no context of this call that this version can read."""


def encode_context(context: CallContext) -> bytes:
    """Returns the context as bytes; the oldest turns are left out if it would be too large otherwise."""
    while True:
        payload = zlib.compress(context.model_dump_json().encode(), level=1)
        if len(payload) + _DIGEST_BYTES + 1 <= MAX_ENCODED_BYTES:
            return _VERSION + _digest(context.call_id, payload) + payload
        if not context.history:
            raise ResourceExhaustedError("CONTEXT_TOO_LARGE", "the context of the call has grown too large")
        context = context.model_copy(update={"history": context.history[len(context.history) // 2 + 1 :]})


def decode_context(data: bytes, call_id: str) -> CallContext:
    """Returns the context of a call.

    Raises:
        CorruptContextError: for anything that `encode_context` did not make for this call.
    """
    if len(data) > MAX_ENCODED_BYTES or data[:1] != _VERSION:
        raise CorruptContextError("unknown form")
    digest, payload = data[1 : 1 + _DIGEST_BYTES], data[1 + _DIGEST_BYTES :]
    if digest != _digest(call_id, payload):
        raise CorruptContextError("wrong checksum")
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(payload, _MAX_JSON_BYTES)
        context = CallContext.model_validate_json(text)
    except (zlib.error, ValidationError):
        raise CorruptContextError("unreadable content") from None
    if context.call_id != call_id:
        raise CorruptContextError("another call")
    return context


def _digest(call_id: str, payload: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    digest.update(call_id.encode())
    digest.update(b"\0")
    digest.update(payload)
    return digest.digest()
