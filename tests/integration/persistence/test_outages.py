"""The database away, slow or not migrated: the service says so at once and comes back by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit, urlunsplit

import grpc
import psycopg
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright_common.database.migrations import migrate
from callwright_common.errors import UnavailableError
from fakes.call_event_messages import CallScript
from fakes.tcp_proxy import TcpProxy
from fixtures.persistence import PersistenceClient, RunPersistence, refusal
from persistence.tables import SCHEMA

PATIENCE_SECONDS = 20


@pytest.fixture
async def line(persistence_url: str) -> AsyncIterator[TcpProxy]:
    """The line to the database; a test opens it."""
    port = urlsplit(persistence_url).port
    assert port is not None
    proxy = TcpProxy(port)
    await proxy.open()
    yield proxy
    await proxy.close()


def through(line: TcpProxy, url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{line.port}"))


async def serves(client: PersistenceClient) -> bool:
    stub = health_pb2_grpc.HealthStub(client.channel)
    request = health_pb2.HealthCheckRequest(service="callwright.persistence.v1.PersistenceService")
    answer = await stub.Check(request)  # type: ignore[attr-defined]
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Asks again and again; each question goes to the database and back."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():
            pass


async def test_it_starts_without_a_database_and_serves_when_there_is_one(
    run_persistence: RunPersistence, persistence_url: str, line: TcpProxy
) -> None:
    await line.cut()
    async with run_persistence(database_url=through(line, persistence_url), database_wait_seconds=0.3) as client:
        assert not await serves(client)
        error = await refusal(client.append(CallScript().started()))
        assert isinstance(error, UnavailableError)
        assert error.reason == "DATABASE_UNAVAILABLE"
        await line.open()
        await until(client.service.readiness.look)
        assert await serves(client)
        assert (await client.append(CallScript().started())).stored_count == 1


async def test_a_cut_line_loses_and_doubles_nothing(
    run_persistence: RunPersistence, persistence_url: str, line: TcpProxy
) -> None:
    script = CallScript()
    events = [script.started(), *(script.alive() for _ in range(60))]

    async def send(client: PersistenceClient, event: pb.CallEvent) -> None:
        """Sends until it is stored, as a spool does."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    await client.append(event)
                except grpc.aio.AioRpcError as error:
                    if error.code() is not grpc.StatusCode.UNAVAILABLE:
                        raise
                    await client.service.readiness.look()
                else:
                    return

    async with run_persistence(database_url=through(line, persistence_url), database_wait_seconds=0.3) as client:
        for number, event in enumerate(events):
            if number % 20 == 10:
                await asyncio.gather(send(client, event), _interrupt(line))
            else:
                await send(client, event)
        listed = await client.stub.ListCallEvents(pb.ListCallEventsRequest(call_id="call-1", page_size=500))
    assert list(listed.events) == events


async def _interrupt(line: TcpProxy) -> None:
    await line.cut()
    await line.open()


async def test_it_does_not_serve_without_its_tables(run_persistence: RunPersistence, postgres_url: str) -> None:
    async with run_persistence(database_url=postgres_url) as client:
        assert not await serves(client)
        assert isinstance(await refusal(client.call()), UnavailableError)
        await asyncio.to_thread(migrate, SCHEMA, postgres_url)
        await until(client.service.readiness.look)
        assert await serves(client)
        await asyncio.to_thread(migrate, SCHEMA, postgres_url, "down")
        assert not await client.service.readiness.look()
        assert not await serves(client)


_NEW_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'limited'"
_GRANT_USAGE = "GRANT USAGE ON SCHEMA persistence TO limited"
_GRANT = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA persistence TO limited"


@pytest.mark.parametrize(
    ("break_it", "mend_it", "sqlstate"),
    [
        ("REVOKE INSERT ON ALL TABLES IN SCHEMA persistence FROM limited", "", "42501"),
        ("REVOKE INSERT ON persistence.turns FROM limited", "", "42501"),
        ("REVOKE UPDATE ON persistence.calls FROM limited", "", "42501"),
        ("REVOKE SELECT ON ALL TABLES IN SCHEMA persistence FROM limited", "", "42501"),
        ("REVOKE USAGE ON SCHEMA persistence FROM limited", "", "42501"),
        (
            "ALTER TABLE persistence.call_events RENAME TO away",
            "ALTER TABLE persistence.away RENAME TO call_events",
            "42P01",
        ),
        ("ALTER TABLE persistence.slots RENAME TO away", "ALTER TABLE persistence.away RENAME TO slots", "42P01"),
        (
            "ALTER TABLE persistence.turns RENAME heard_text TO away",
            "ALTER TABLE persistence.turns RENAME away TO heard_text",
            "42703",
        ),
        ("ALTER ROLE limited SET default_transaction_read_only = on", "ALTER ROLE limited RESET ALL", "25006"),
        ("ALTER ROLE limited CONNECTION LIMIT 0", "ALTER ROLE limited CONNECTION LIMIT -1", "53300"),
        ("ALTER ROLE limited NOLOGIN", "ALTER ROLE limited LOGIN", "28000"),
        ("ALTER ROLE limited PASSWORD 'another'", "ALTER ROLE limited PASSWORD 'secret'", "28P01"),
    ],
)
async def test_a_database_that_does_not_take_the_work_is_not_served_and_named(
    run_persistence: RunPersistence, persistence_url: str, break_it: str, mend_it: str, sqlstate: str
) -> None:
    parts = urlsplit(persistence_url)
    url = urlunsplit(parts._replace(netloc=f"limited:secret@127.0.0.1:{parts.port}"))
    async with await psycopg.AsyncConnection.connect(persistence_url, autocommit=True) as administrator:
        await administrator.execute("CREATE ROLE limited LOGIN PASSWORD 'secret'")
        try:
            await administrator.execute(_GRANT_USAGE)
            await administrator.execute(_GRANT)
            async with run_persistence(database_url=url, database_wait_seconds=0.5) as client:
                await client.append(CallScript().started())
                await administrator.execute(break_it)
                await administrator.execute(_NEW_SESSIONS)
                await until(lambda: names(client, sqlstate))
                assert not await serves(client)
                for statement in (mend_it or "SELECT 1", _GRANT_USAGE, _GRANT):
                    await administrator.execute(statement)
                await administrator.execute(_NEW_SESSIONS)
                await until(client.service.readiness.look)
                assert (await client.append(CallScript("call-2").started())).stored_count == 1
        finally:
            await administrator.execute("DROP OWNED BY limited")
            await administrator.execute("DROP ROLE limited")


async def names(client: PersistenceClient, sqlstate: str) -> bool:
    """Whether the service, which looked again, refuses the work for this reason."""
    if await client.service.readiness.look():
        return False
    error = await refusal(client.append(CallScript("call-2").started()))
    assert isinstance(error, UnavailableError)
    return error.cause == sqlstate


_FAIL_WITH = "CREATE FUNCTION fail() RETURNS trigger AS $$ BEGIN RAISE SQLSTATE '{}'; END $$ LANGUAGE plpgsql"
_ON_EACH_TURN = "CREATE TRIGGER fails BEFORE INSERT ON persistence.turns FOR EACH ROW EXECUTE FUNCTION fail()"


@pytest.mark.parametrize("sqlstate", ["XX001", "XX002", "25P03", "0A000", "P0001", "42P17", "53200", "58030"])
async def test_a_database_that_fails_at_the_work_alone_is_not_ready_and_refuses_no_event(
    run_persistence: RunPersistence, persistence_url: str, sqlstate: str
) -> None:
    script = CallScript()
    async with (
        await psycopg.AsyncConnection.connect(persistence_url, autocommit=True) as administrator,
        run_persistence() as client,
    ):
        await client.append(script.started())
        await administrator.execute(_FAIL_WITH.format(sqlstate))
        await administrator.execute(_ON_EACH_TURN)
        event = script.turn("t1")
        error = await refusal(client.append(event))
        assert isinstance(error, UnavailableError)
        assert (error.reason, error.cause) == ("DATABASE_UNAVAILABLE", sqlstate)
        assert f"SQLSTATE {sqlstate}" in error.message
        assert not await client.service.readiness.look()
        assert not await serves(client)
        await administrator.execute("DROP TRIGGER fails ON persistence.turns")
        await until(client.service.readiness.look)
        assert await serves(client)
        assert (await client.append(event)).stored_count == 1


@pytest.mark.parametrize("sqlstate", ["22003", "22P05", "23514", "54000", "54001"])
async def test_a_value_that_the_database_refuses_is_its_events_fault_and_named(
    run_persistence: RunPersistence, persistence_url: str, sqlstate: str
) -> None:
    script = CallScript()
    async with (
        await psycopg.AsyncConnection.connect(persistence_url, autocommit=True) as administrator,
        run_persistence() as client,
    ):
        await client.append(script.started())
        await administrator.execute(_FAIL_WITH.format(sqlstate))
        await administrator.execute(_ON_EACH_TURN)
        error = await refusal(client.append(script.turn("t1")))
        assert (error.reason, error.cause) == ("INTERNAL", sqlstate)
        assert await client.service.readiness.look()
        assert (await client.append(CallScript("call-2").started())).stored_count == 1


async def test_a_table_that_gets_a_column_while_it_is_read_disturbs_nobody(
    run_persistence: RunPersistence, persistence_url: str
) -> None:
    async with run_persistence(database_max_connections=2) as client:
        script = CallScript()
        await client.append(script.started(), script.turn("t1"))
        for _ in range(40):
            await client.call()
        async with await psycopg.AsyncConnection.connect(persistence_url, autocommit=True) as administrator:
            for table in ("calls", "turns", "call_events", "bookings"):
                await administrator.execute(f"ALTER TABLE persistence.{table} ADD COLUMN next_release text")
        for number in range(10):
            await asyncio.gather(client.call(), client.append(script.turn(f"n{number}")))
        assert await client.service.readiness.look()


async def test_a_row_that_is_locked_for_long_answers_unavailable(
    persistence: PersistenceClient, persistence_url: str
) -> None:
    script = CallScript()
    await persistence.append(script.started())
    event = script.alive()
    async with await psycopg.AsyncConnection.connect(persistence_url) as other:
        await other.execute("SELECT 1 FROM persistence.calls FOR UPDATE")
        assert isinstance(await refusal(persistence.append(event)), UnavailableError)
        await other.rollback()
    assert (await persistence.append(event)).stored_count == 1


async def test_a_cancelled_request_spoils_no_connection(run_persistence: RunPersistence, persistence_url: str) -> None:
    async with run_persistence(database_max_connections=2) as client:
        for name in ("one", "two"):
            await client.append(CallScript(name).started())
        for _ in range(30):
            calls = [client.stub.GetCall(pb.GetCallRequest(call_id=name)) for name in ("one", "two") * 3]
            for call in calls[::2]:
                call.cancel()
            kept = await asyncio.gather(*calls[1::2])
            assert [answer.call.call_id for answer in kept] == ["two"] * 3
        assert (await client.call("one")).call.call_id == "one"
