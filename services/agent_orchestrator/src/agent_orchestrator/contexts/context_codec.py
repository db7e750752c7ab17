"""Contexts as bytes for the store: zlib-compressed JSON, whose checksum finds what was truncated or damaged."""

import zlib

from pydantic import ValidationError

from agent_orchestrator.contexts.call_context import CallContext
from callwright_common.errors import ResourceExhaustedError

MAX_ENCODED_BYTES = 256 * 1024
_MAX_JSON_BYTES = 2 * 1024 * 1024


class CorruptContextError(Exception):
    """The bytes are no context of this call that this version can read."""


def encode_context(context: CallContext) -> bytes:
    """Returns the context as bytes; the oldest turns are left out if it would be too large otherwise."""
    while True:
        encoded = zlib.compress(context.model_dump_json().encode(), level=1)
        if len(encoded) <= MAX_ENCODED_BYTES:
            return encoded
        if not context.history:
            raise ResourceExhaustedError("CONTEXT_TOO_LARGE", "the context of the call has grown too large")
        context = context.model_copy(update={"history": context.history[len(context.history) // 2 + 1 :]})


def decode_context(data: bytes, call_id: str) -> CallContext:
    """Returns the context of a call.

    Raises:
        CorruptContextError: for anything that `encode_context` did not make for this call.
    """
    if len(data) > MAX_ENCODED_BYTES:
        raise CorruptContextError("too large")
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(data, _MAX_JSON_BYTES)
        if not inflate.eof or inflate.unused_data:
            raise CorruptContextError("not whole")
        context = CallContext.model_validate_json(text)
    except (zlib.error, ValidationError):
        raise CorruptContextError("unreadable content") from None
    if context.call_id != call_id:
        raise CorruptContextError("another call")
    return context
