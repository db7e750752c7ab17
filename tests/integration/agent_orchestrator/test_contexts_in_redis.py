"""Contexts in a real Redis: those of ended calls whose contact is still to be told are found among all others."""

from datetime import timedelta

from agent_orchestrator.contexts.call_context import CallContext, new_context
from agent_orchestrator.redis_context_store import RedisContextStore
from vocabulary.enums import Outcome
from vocabulary.exchange import CallResult
from vocabulary.turns import Contact

TOLD = Contact("Dana Whitfield", phone="+12025550123")


def ended(call_id: str, untold: Contact | None) -> CallContext:
    result = CallResult(outcome=Outcome.BOOKED, summary="", score=None)
    return new_context(call_id, "sunline-solar").ended(result, untold=untold)


async def test_contacts_that_wait_are_found_until_they_are_told(redis_url: str) -> None:
    store = RedisContextStore(redis_url, timeout_seconds=2.0, time_to_live=timedelta(hours=1), max_connections=4)
    for number in range(300):
        await store.save(ended(f"call-{number}", TOLD if number % 100 == 7 else None), 0)
    waiting = {context.call_id: context async for context in store.with_untold_contact()}
    assert waiting.keys() == {"call-7", "call-107", "call-207"}
    assert all(context.untold_contact == TOLD for context in waiting.values())
    await store.save(waiting["call-107"].with_contact_told(), waiting["call-107"].revision)
    assert {context.call_id async for context in store.with_untold_contact()} == {"call-7", "call-207"}
    await store.aclose()
