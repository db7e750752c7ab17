"""Contexts in Redis: one hash per call, written by compare-and-set on the revision.

Every command touches one key, so that a cluster serves it. A body that does not decode is set aside in the same hash
for inspection, and the call then counts as unknown, so that it is rebuilt from the gateway's mirror.

Commands are never cancelled from outside, because the reply to a cancelled command could reach the next user of its
connection: each runs in a task of its own, bounded by the socket's timeouts, whatever becomes of the turn that asked.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError,  # noqa: A004
)

from agent_orchestrator.contexts.call_context import CallContext
from agent_orchestrator.contexts.context_codec import CorruptContextError, decode_context, encode_context
from agent_orchestrator.contexts.context_store import revision_mismatch
from callwright_common.errors import UnavailableError
from callwright_common.logs import get_logger

_BEFORE_ID, _BEHIND_ID = "callwright:context:{", "}"
_KEYS_AT_ONCE = 200
_SAVE = """
local stored = redis.call('HGET', KEYS[1], 'revision')
if (stored or '0') ~= ARGV[1] then
  if redis.call('HGET', KEYS[1], 'body') == ARGV[3] then return {1, ARGV[2]} end
  return {0, stored or '0'}
end
redis.call('HSET', KEYS[1], 'revision', ARGV[2], 'body', ARGV[3])
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'untold', '1') else redis.call('HDEL', KEYS[1], 'untold') end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return {1, ARGV[2]}
"""
_SET_ASIDE = """
if redis.call('HGET', KEYS[1], 'body') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'refused_body', ARGV[1])
  redis.call('HDEL', KEYS[1], 'body', 'revision')
end
return 1
"""
_CODES = re.compile(
    r"\b(READONLY|OOM|MISCONF|NOREPLICAS|NOPERM|NOAUTH|WRONGPASS|LOADING|CLUSTERDOWN|MASTERDOWN|BUSY)\b"
)
"""The codes of a server's refusals; one that comes out of a script stands somewhere in the text."""
_CODES_OF_WORDS = {
    "user executing the script": "NOPERM",
    "ACL failure in script": "NOPERM",
    "max number of clients": "MAXCLIENTS",
}
"""The codes of refusals in which the server tells none."""
_CODES_OF_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (ReadOnlyError, "READONLY"),
    (OutOfMemoryError, "OOM"),
    (NoPermissionError, "NOPERM"),
    (AuthenticationError, "NOAUTH"),
    (BusyLoadingError, "LOADING"),
    (TimeoutError, "timeout"),
    (ConnectionError, "connection"),
    (OSError, "connection"),
)
"""The codes of errors whose text the client cut them off, and of those without a server's answer."""

_logger = get_logger(__name__)
_T = TypeVar("_T")


class RedisContextStore:
    """A `ContextStore` on one Redis or Redis-compatible server."""

    def __init__(self, url: str, *, timeout_seconds: float, time_to_live: timedelta, max_connections: int) -> None:
        """Connects when it is first used.

        Args:
            url: For example `redis://127.0.0.1:6379/0`.
            timeout_seconds: Bounds connecting, and each wait for the server.
            time_to_live: How long a context is kept after its last change.
            max_connections: More commands at once than that fail at once.
        """
        self._redis = Redis.from_url(
            url,
            socket_timeout=timeout_seconds,
            socket_connect_timeout=timeout_seconds,
            # Once, and at once: a server that restarted leaves dead connections in the pool. A silent one is not
            # asked again, because a caller waits.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
            max_connections=max_connections,
        )
        self._time_to_live = int(time_to_live.total_seconds() * 1000)
        self._save = self._redis.register_script(_SAVE)
        self._set_aside = self._redis.register_script(_SET_ASIDE)
        self._commands: set[asyncio.Future[Any]] = set()

    async def load(self, call_id: str) -> CallContext | None:
        """Returns the stored context, or None if there is none that can be used."""
        revision, body = await self._run(self._redis.hmget(_key(call_id), ["revision", "body"]))
        if revision is None or not isinstance(body, bytes):
            return None
        try:
            context = decode_context(body, call_id)
            if context.revision != int(revision):
                raise CorruptContextError("its revision is another one")
        except (CorruptContextError, ValueError):
            _logger.error("a stored context was refused and set aside", call_id=call_id, bytes=len(body))
            await self._run(self._set_aside(keys=[_key(call_id)], args=[body]))
            return None
        return context

    async def save(self, context: CallContext, expected_revision: int) -> None:
        """Stores the context if the expected revision, 0 for none, is stored; saving the same again is fine."""
        body = encode_context(context)
        is_untold = int(context.untold_contact is not None)
        arguments: list[int | bytes] = [expected_revision, context.revision, body, self._time_to_live, is_untold]
        saved, stored = await self._run(self._save(keys=[_key(context.call_id)], args=arguments))
        if not saved:
            raise revision_mismatch(int(stored))

    async def revision(self, call_id: str) -> int:
        """Returns the stored revision, 0 if there is none."""
        return int(await self._run(self._redis.hget(_key(call_id), "revision")) or 0)

    async def with_untold_contact(self) -> AsyncIterator[CallContext]:
        """Yields the contexts of ended calls whose contact the calendar may not know."""
        cursor = 0
        while True:
            cursor, keys = await self._run(self._redis.scan(cursor, match=_key("*"), count=_KEYS_AT_ONCE))
            for key in keys:
                if await self._run(self._redis.hexists(key, "untold")):
                    name = key if isinstance(key, str) else key.decode()
                    context = await self.load(name.removeprefix(_BEFORE_ID).removesuffix(_BEHIND_ID))
                    if context is not None:
                        yield context
            if cursor == 0:
                return

    async def try_write(self) -> None:
        """Writes as `save` does, under the id of no call and for no time, so that nothing is left."""
        await self._run(self._save(keys=[_key("")], args=[0, 1, b"", 0, 0]))

    async def aclose(self) -> None:
        """Waits for the commands that run and closes the connections."""
        if self._commands:
            await asyncio.wait(self._commands)
        await self._redis.aclose()

    async def _run(self, command: Awaitable[_T]) -> _T:
        task = asyncio.ensure_future(command)
        self._commands.add(task)
        task.add_done_callback(self._finished)
        try:
            return await asyncio.shield(task)
        except (RedisError, OSError) as error:
            cause = _cause_of(error)
            if cause == "READONLY":
                # After a failover the address leads to another server, which idle connections never see.
                await self._redis.connection_pool.disconnect(inuse_connections=False)
            # The client's own text may show keys and addresses.
            message = "the context store does not answer or takes no writes"
            raise UnavailableError("CONTEXT_STORE_UNAVAILABLE", message, cause=cause) from None

    def _finished(self, task: asyncio.Future[Any]) -> None:
        self._commands.discard(task)
        if not task.cancelled():
            task.exception()  # a turn that left does not ask for it, and asyncio would report it as lost


def _cause_of(error: Exception) -> str:
    if found := _CODES.search(str(error)):
        return found.group()
    if code := next((code for words, code in _CODES_OF_WORDS.items() if words in str(error)), None):
        return code
    return next((code for kind, code in _CODES_OF_ERRORS if isinstance(error, kind)), "refused")


def _key(call_id: str) -> str:
    return f"{_BEFORE_ID}{call_id}{_BEHIND_ID}"
