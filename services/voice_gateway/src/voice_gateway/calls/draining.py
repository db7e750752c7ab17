"""The end of a gateway: no new calls, and those that run may finish, or hear a goodbye."""

import asyncio

from callwright_common.logs import get_logger
from callwright_common.supervision import end_tasks
from vocabulary.enums import EndReason
from voice_gateway.calls.live_calls import LiveCalls

_logger = get_logger(__name__)

_FAREWELL_SECONDS = 12.0


async def drain(live_calls: LiveCalls, grace_seconds: float, hurry: asyncio.Event) -> None:
    """Takes no new calls, lets those that run end, and asks those that outlast the grace to call again.

    The grace ends early once `hurry` is set.
    """
    live_calls.draining = True
    if await _empty_within(live_calls, grace_seconds, hurry):
        return
    _logger.warning("calls outlast the grace", live_calls=len(live_calls))
    for call in live_calls.all():
        cut_short = call.session.campaign.prompts.cut_short
        call.conversation.spawn(call.conversation.end_with(EndReason.DRAIN_TIMEOUT, cut_short), "farewell")
    if not await _empty_within(live_calls, _FAREWELL_SECONDS, asyncio.Event()):
        for call in live_calls.all():
            await call.line.close()


async def _empty_within(live_calls: LiveCalls, seconds: float, hurry: asyncio.Event) -> bool:
    """Waits until no call is left; returns False if the time is over, or haste is called for, before that."""
    waiting = [asyncio.create_task(live_calls.wait_empty()), asyncio.create_task(hurry.wait())]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end_tasks(*waiting)
    return len(live_calls) == 0
