"""Real processes killed and stopped in the middle of real phone calls, by `make chaos`.

One stack of PostgreSQL, Redis, Piper and the four services runs for all rows; a simulated caller speaks to it in real
time. Every row asserts that the caller met no dead air, that nothing was cut or repeated, that the records have each
event once and one end, and that they agree with what the caller's side played.

Rows of the fault catalogue:

* A1  the orchestrator dies in a silence, while the caller speaks, and right after: turns fall back one by one.
* A1  it never comes back: the whole call goes on, up to the goodbye.
* A2  it is stopped for twelve seconds and goes on: one or two turns fall back.
* A5  the persistence service is gone for the whole call: the caller notices nothing, the records come complete later.
* A7  the gateway is told twice to stop: the caller hears a goodbye.
* E1, E5  PostgreSQL and Redis die.
* The voice server dies: an apology that is kept as audio, then speech again.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from callwright_cli.verification.checks import HEARD_TOLERANCE_MS
from fakes.chaos_calls import ChaosCall, Line, Processes, events_of, place_chaos_call, record_of
from local_stack.ports import ports_held
from local_stack.stack import LocalStack
from local_stack.stack_settings import StackSettings
from vocabulary.call_record import CallHistory

pytestmark = [pytest.mark.chaos, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(150)]

REPOSITORY = Path(__file__).parents[2]
DEAD_AIR_SECONDS = 2.0
DEAD_AIR_LIMIT_SECONDS = 4.0
WARM_UP_SECONDS = 10.0
BILL = Line("I want to lower my electric bill.")
AMOUNT = "It is about two hundred dollars a month."
OWNER = "I own the home and I decide alone."
SOON = "In about three months."
MONEY = "Fifteen thousand dollars."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalStack]:
    settings = StackSettings(_env_file=None, campaigns_dir=REPOSITORY / "campaigns")
    with ports_held(settings, evade=True) as free:
        running = LocalStack(free, tmp_path_factory.mktemp("logs"), lambda event: None)
        try:
            await running.start()
            # The gateway fills its speech cache with the fixed texts first.
            await asyncio.sleep(WARM_UP_SECONDS)
            yield running
        finally:
            await running.stop()


@asynccontextmanager
async def kept_dead(stack: LocalStack, name: str) -> AsyncIterator[None]:
    """Keeps a process from coming back."""
    killing = asyncio.create_task(Processes(stack).keep_dead(name))
    try:
        yield
    finally:
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)


async def serving(stack: LocalStack, name: str) -> None:
    """Waits until a process that was killed runs again."""
    async with asyncio.timeout(30):
        while name not in stack.supervisor.pids():  # noqa: ASYNC110 - the supervisor tells nobody
            await asyncio.sleep(0.2)


async def checked(stack: LocalStack, call: ChaosCall) -> CallHistory:
    """Checks what holds for every call and returns its record."""
    dead_air = call.dead_air()
    assert max(dead_air) <= DEAD_AIR_LIMIT_SECONDS, dead_air
    assert sorted(dead_air)[len(dead_air) // 2] <= DEAD_AIR_SECONDS, dead_air
    record = await record_of(stack, call.live.call_id)
    events = await events_of(stack, call.live.call_id)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.HasField("call_ended") for event in events] == [False] * (len(events) - 1) + [True]
    played = call.replies()
    for recorded in record.turns:
        turn = recorded.turn
        heard = played[turn.turn_id].milliseconds if turn.turn_id in played else 0
        assert abs(heard - recorded.heard_seconds * 1000) <= HEARD_TOLERANCE_MS, recorded
        assert turn.reply_text.startswith(turn.heard_text)
        sentences = turn.reply_text.replace("?", ".").split(". ")
        assert len(set(sentences)) == len(sentences), turn.reply_text
        assert turn.reply_text.endswith((".", "?", "!"))
    return record


def sources(record: CallHistory) -> list[str]:
    return [one.turn.source for one in record.turns if one.turn.caller_text]


async def test_a1_the_orchestrator_dies_again_and_again(stack: LocalStack) -> None:
    kill = Processes(stack).kill("agent_orchestrator")
    lines = [BILL, Line(AMOUNT, before=kill), Line(OWNER), Line(SOON, during=kill), Line(MONEY, after=kill)]
    record = await checked(stack, await place_chaos_call(stack, lines))
    assert {"rules", "orchestrator"} <= set(sources(record))
    assert sources(record)[0] == "orchestrator"
    assert record.call.end_reason == "caller_hung_up"


async def test_a1_the_orchestrator_never_comes_back(stack: LocalStack) -> None:
    async with kept_dead(stack, "agent_orchestrator"):
        lines = [BILL, Line(AMOUNT), Line("No, thank you. Goodbye.")]
        call = await place_chaos_call(stack, lines, stay_seconds=4.0)
    record = await checked(stack, call)
    assert sources(record) == ["rules"] * len(sources(record))
    assert record.turns[0].turn.source == "prompt"
    assert record.call.end_reason == "agent_goodbye"


async def test_a2_the_orchestrator_is_stopped_for_a_while(stack: LocalStack) -> None:
    await serving(stack, "agent_orchestrator")
    processes, going_on = Processes(stack), []

    async def go_on() -> None:
        await asyncio.sleep(12)
        processes.send("agent_orchestrator", signal.SIGCONT)

    async def stop() -> None:
        processes.send("agent_orchestrator", signal.SIGSTOP)
        going_on.append(asyncio.create_task(go_on()))

    try:
        call = await place_chaos_call(stack, [BILL, Line(AMOUNT, before=stop), Line(OWNER), Line(SOON)])
    finally:
        await asyncio.gather(*going_on)
    record = await checked(stack, call)
    assert "rules" in sources(record)
    assert sources(record)[-1] == "orchestrator"


async def test_a5_the_persistence_service_is_gone_for_a_whole_call(stack: LocalStack) -> None:
    async with kept_dead(stack, "persistence"):
        call = await place_chaos_call(stack, [BILL, Line(AMOUNT)])
        await asyncio.sleep(5)
    assert "rules" not in sources(await checked(stack, call))


async def test_e1_e5_postgresql_and_redis_die(stack: LocalStack) -> None:
    processes = Processes(stack)
    lines = [
        BILL,
        Line(AMOUNT, before=processes.kill("redis")),
        Line(OWNER, before=processes.kill("postgres")),
        Line(SOON),
    ]
    record = await checked(stack, await place_chaos_call(stack, lines))
    assert "prompt" not in sources(record)


async def test_the_voice_server_dies(stack: LocalStack) -> None:
    kill = Processes(stack).kill("piper")
    record = await checked(stack, await place_chaos_call(stack, [BILL, Line(AMOUNT, before=kill), Line(AMOUNT)]))
    assert record.call.end_reason == "caller_hung_up"
    assert record.turns[-1].turn.heard_text == record.turns[-1].turn.reply_text


async def test_a7_the_gateway_is_told_twice_to_stop(stack: LocalStack) -> None:
    processes = Processes(stack)

    async def stop() -> None:
        for _ in range(2):
            processes.send("voice_gateway", signal.SIGTERM)
            await asyncio.sleep(0.2)

    call = await place_chaos_call(stack, [BILL, Line(AMOUNT, before=stop)], stay_seconds=4.0)
    record = await record_of(stack, call.live.call_id)
    assert record.call.end_reason == "drain_timeout"
    assert any("Goodbye" in one.turn.heard_text for one in record.turns)
