"""What clients and probes see while PostgreSQL is away, locked or without a schema."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import grpc
import psycopg
from grpc_health.v1 import health_pb2, health_pb2_grpc

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from callwright.escalation_budget.v1.escalation_budget_pb2_grpc import EscalationBudgetServiceStub
from callwright_common.database.migrations import migrate
from callwright_common.errors import UnavailableError
from callwright_common.rpc.client import open_channel
from escalation_budget.bootstrap import SERVICE_NAME, running
from escalation_budget.tables import SCHEMA
from fakes.budget_requests import refused, reserve, settle
from fakes.tcp_proxy import TcpProxy
from fixtures.escalation_budget import RunBudgetService, budget_settings

NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
SERVING = health_pb2.HealthCheckResponse.SERVING


@asynccontextmanager
async def running_on(database_url: str, **changes: object) -> AsyncIterator[grpc.aio.Channel]:
    settings = budget_settings(database_url=database_url, database_wait_seconds=0.2, **changes)
    async with running(settings) as service:
        channel = open_channel(f"127.0.0.1:{service.grpc_port}")
        try:
            yield channel
        finally:
            await channel.close()


async def until(channel: grpc.aio.Channel, status: int) -> None:
    """Waits until the service's health is as expected."""
    watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(service=SERVICE_NAME), timeout=30)  # type: ignore[attr-defined]
    async for response in watch:
        if response.status == status:
            break
    watch.cancel()


async def test_the_service_starts_without_postgresql_and_serves_whenever_it_is_there(ledger_url: str) -> None:
    parts = urlsplit(ledger_url)
    proxy = TcpProxy(parts.port or 5432)
    await proxy.open()
    await proxy.cut()
    url = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.port}", f":{proxy.port}")))
    async with running_on(url) as channel:
        budget = EscalationBudgetServiceStub(channel)
        await until(channel, NOT_SERVING)
        assert isinstance(await refused(budget.ReserveBudget(reserve())), UnavailableError)
        await proxy.open()
        await until(channel, SERVING)
        assert (await budget.ReserveBudget(reserve())).HasField("reservation")
        await proxy.cut()
        await until(channel, NOT_SERVING)
        assert isinstance(await refused(budget.SettleReservation(settle("0.10"))), UnavailableError)
        await proxy.open()
        await until(channel, SERVING)
        assert (await budget.SettleReservation(settle("0.10"))).reservation.state == pb.RESERVATION_STATE_SETTLED
    await proxy.close()


async def test_a_missing_schema_is_not_served_until_it_is_migrated(postgres_url: str) -> None:
    async with running_on(postgres_url) as channel:
        budget = EscalationBudgetServiceStub(channel)
        await until(channel, NOT_SERVING)
        assert (await refused(budget.ReserveBudget(reserve()))).reason == "DATABASE_UNAVAILABLE"
        await asyncio.to_thread(migrate, SCHEMA, postgres_url)
        await until(channel, SERVING)
        assert (await budget.ReserveBudget(reserve())).HasField("reservation")


async def test_a_locked_budget_is_busy_soon_and_the_same_request_succeeds_later(
    run_budget_service: RunBudgetService, ledger_url: str
) -> None:
    async with run_budget_service(database_lock_seconds=0.05) as budget:
        await budget.ReserveBudget(reserve("res-0"))
        async with await psycopg.AsyncConnection.connect(ledger_url) as other:
            await other.execute("SELECT * FROM escalation_budget.budgets WHERE scope_kind = 'global_day' FOR UPDATE")
            error = await refused(budget.ReserveBudget(reserve()))
            assert isinstance(error, UnavailableError)
            assert error.reason == "DATABASE_BUSY"
        assert (await budget.ReserveBudget(reserve())).HasField("reservation")
        answer = await budget.GetBudget(pb.GetBudgetRequest(scope_kind=pb.SCOPE_KIND_CALL, scope_id="call-1"))
        assert answer.budget.reserved.nanos == 500_000_000


async def test_a_cancelled_request_leaves_its_connection_fit_for_the_next(
    run_budget_service: RunBudgetService, ledger_url: str
) -> None:
    async with run_budget_service(database_max_connections=1) as budget:
        await budget.ReserveBudget(reserve("res-0"))
        async with await psycopg.AsyncConnection.connect(ledger_url) as other:
            await other.execute("SELECT * FROM escalation_budget.budgets WHERE scope_kind = 'global_day' FOR UPDATE")
            cancelled = budget.ReserveBudget(reserve("res-1", call_id="call-2"))
            async with asyncio.timeout(20):
                while not await _waits_for_a_lock(ledger_url):
                    pass
            cancelled.cancel()
        answer = await budget.ReserveBudget(reserve("res-2", call_id="call-3"))
        assert answer.reservation.reservation_id == "res-2"
        assert (await budget.ReserveBudget(reserve("res-1", call_id="call-2"))).reservation.call_id == "call-2"


async def _waits_for_a_lock(url: str) -> bool:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database() AND application_name = 'escalation_budget'"
        )
        row = await cursor.fetchone()
        return bool(row and row[0])
