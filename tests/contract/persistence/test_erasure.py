"""Erasing a caller: nothing that was said or dialled stays, in no table."""

from typing import Any

import psycopg
from psycopg import sql

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.errors import InvalidArgumentError
from fakes.call_event_messages import CALLER, CallScript
from fixtures.persistence import PersistenceClient, refusal

PERSONAL = ("12025550123", "12025550199", "How much is it", "your roof", "wants panels", "forty people", "CA-call-1")


async def erase(client: PersistenceClient, number: str = CALLER) -> int:
    response = await client.stub.EraseCaller(pb.EraseCallerRequest(caller_number=number))
    return response.erased_call_count


def stored(url: str) -> str:
    """Returns all that the tables hold, as text; bytes too."""
    found: list[Any] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'persistence'").fetchall()
        for (table,) in tables:
            found += connection.execute(sql.SQL("SELECT * FROM persistence.{}").format(sql.Identifier(table)))
    return repr(found)


async def test_an_erased_caller_leaves_no_trace(persistence: PersistenceClient, persistence_url: str) -> None:
    script = CallScript("call-1")
    events = script.whole()
    await persistence.append(*events[:7])
    assert all(text in stored(persistence_url) for text in PERSONAL if text != "wants panels")
    assert await erase(persistence) == 1
    await persistence.append(events[7], script.turn("turn-9"), script.score_changed())
    left = stored(persistence_url)
    assert [text for text in PERSONAL if text in left] == []
    assert await erase(persistence) == 0


async def test_an_erased_call_can_still_be_read(persistence: PersistenceClient) -> None:
    events = CallScript("call-1").whole()
    await persistence.append(*events)
    before = await persistence.call()
    await erase(persistence)
    after = await persistence.call()
    assert (after.call.end_reason, after.call.premium_cost) == (
        conversation.END_REASON_AGENT_GOODBYE,
        before.call.premium_cost,
    )
    assert after.call.score.overall == before.call.score.overall
    assert (after.call.disposition, after.call.call_back) == ("booked", "")
    assert [factor.value for factor in after.call.score.factors] == [0.5] * 5
    assert [turn.turn.turn_id for turn in after.turns] == ["turn-1", "turn-2"]
    assert list(after.transitions) == list(before.transitions)
    assert list(after.escalations) == list(before.escalations)
    assert (await persistence.append(*events)).skipped_count == len(events)


async def test_other_callers_stay(persistence: PersistenceClient) -> None:
    await persistence.append(*CallScript("call-1").whole())
    await persistence.append(*CallScript("call-2", caller="+12025550124").whole())
    before = await persistence.call("call-2")
    assert await erase(persistence) == 1
    assert await persistence.call("call-2") == before


async def test_a_number_must_be_one(persistence: PersistenceClient) -> None:
    for number in ("", "12025550123", "hello"):
        error = await refusal(erase(persistence, number))
        assert isinstance(error, InvalidArgumentError)
        assert error.metadata["field"] == "caller_number"
