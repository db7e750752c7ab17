"""Whom a call booked with, told while the calendar was silent: it outlives the process that was to tell it."""

import asyncio

import pytest

from agent_orchestrator.agents.appointments import LastContact
from agent_orchestrator.calls.last_contacts import LastContacts, last_contact
from callwright_common.errors import UnavailableError
from fakes.answered_calls import BOOK, AnsweredCall
from fakes.virtual_time import virtual_time
from vocabulary.turns import Contact

TOLD = Contact("Dana Whitfield", phone="+12025550123")


async def ended_untold() -> AnsweredCall:
    """Returns a call that is over, and whose contact the calendar did not take."""
    call = AnsweredCall()
    await call.lead_to(BOOK)
    await call.say("yes")
    call.book.unavailable = True
    for words in ("Dana Whitfield", "202 555 0123"):
        await call.say(words)
    await call.end()
    return call


async def left_in(call: AnsweredCall) -> list[LastContact]:
    """Returns what another process finds that looks for what earlier ones left."""
    found: list[LastContact] = []

    async def keep(_call_id: str, _last: LastContact) -> None:
        raise AssertionError("nothing is told while it is looked for")

    look = asyncio.ensure_future(LastContacts(call.store, keep).find(lambda _, last: found.append(last)))
    await asyncio.sleep(1)
    look.cancel()
    return found


@virtual_time
async def test_what_the_calendar_was_not_told_is_found_by_the_next_process() -> None:
    call = await ended_untold()
    [last] = await left_in(call)
    assert last.contact == TOLD
    assert [last] == call.book.last_contacts
    ended = await call.context()
    assert ended.history == ()
    assert ended.dialogue.facts == {}


@virtual_time
async def test_once_it_is_told_it_is_kept_no_longer() -> None:
    call = await ended_untold()
    [last] = await left_in(call)
    told: list[LastContact] = []

    async def keep(_call_id: str, one: LastContact) -> None:
        told.append(one)

    for _ in range(2):  # another process may have found it too
        await LastContacts(call.store, keep).tell("call-1", last)
    assert told == [last, last]
    assert await left_in(call) == []
    context = await call.context()
    assert last_contact(context) is None
    assert "Dana" not in context.model_dump_json()
    assert await call.end() == context.result


@virtual_time
async def test_what_is_told_in_vain_stays() -> None:
    call = await ended_untold()
    [last] = await left_in(call)

    async def silent(_call_id: str, _last: LastContact) -> None:
        raise UnavailableError("PERSISTENCE_UNAVAILABLE", "the service does not answer")

    with pytest.raises(UnavailableError):
        await LastContacts(call.store, silent).tell("call-1", last)
    assert await left_in(call) == [last]
