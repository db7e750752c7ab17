"""PostgreSQL itself or a pooler before it: transactions have their limits, and why there is no connection is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from callwright_common.database.migrations import migrate
from callwright_common.database.postgres import Connection, Database, DatabaseLimits, fetch, open_database
from callwright_common.database.readiness import CONDITION, DatabaseReadiness
from callwright_common.errors import UnavailableError
from callwright_common.readiness import Readiness
from escalation_budget.bootstrap import WRITES
from escalation_budget.tables import SCHEMA
from fakes.postgres_pooler import PostgresPooler

LIMITS = DatabaseLimits(connections=2, wait_seconds=5, lock_seconds=0.321, statement_seconds=0.654)


@dataclass(frozen=True)
class Watched:
    """A database whose readiness is watched."""

    database: Database
    readiness: Readiness
    looking: DatabaseReadiness
    registry: CollectorRegistry

    def failures(self, sqlstate: str) -> float:
        labels = {"sqlstate": sqlstate}
        return self.registry.get_sample_value("callwright_database_failures_total", labels) or 0


@asynccontextmanager
async def watched(url: str, limits: DatabaseLimits = LIMITS) -> AsyncIterator[Watched]:
    registry, readiness = CollectorRegistry(), Readiness(CONDITION)
    async with open_database(url, limits, registry, application="example") as database:
        yield Watched(database, readiness, DatabaseReadiness(database, SCHEMA, WRITES, registry, readiness), registry)


@asynccontextmanager
async def pooler_before(url: str, **options: Any) -> AsyncIterator[tuple[PostgresPooler, str]]:
    address = urlsplit(url)
    pooler = PostgresPooler(address.port or 5432, **options)
    await pooler.open()
    yield pooler, urlunsplit(address._replace(netloc=address.netloc.replace(f":{address.port}", f":{pooler.port}")))
    await pooler.cut()


async def limits_in_force(connection: Connection) -> tuple[Any, ...]:
    [row] = await fetch(
        connection,
        "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,"
        " current_setting('timezone') AS zone, current_setting('application_name') AS name",
    )
    return tuple(row.values())


async def outside_of_transactions(connection: Connection) -> tuple[Any, Any]:
    await connection.rollback()
    [timeout] = await fetch(connection, "SELECT current_setting('statement_timeout') AS setting")
    [prepared] = await fetch(connection, "SELECT count(*) FROM pg_prepared_statements")
    return timeout["setting"], prepared["count"]


async def test_transactions_have_their_limits(postgres_url: str) -> None:
    async with watched(postgres_url) as here:
        assert await here.database.attempt(limits_in_force) == ("654ms", "321ms", "UTC", "example")


@pytest.mark.parametrize("ignores_options", [False, True], ids=["refuses options", "drops options"])
async def test_behind_a_pooler_transactions_have_their_limits_and_leave_nothing_in_the_session(
    postgres_url: str, ignores_options: bool
) -> None:
    migrate(SCHEMA, postgres_url)
    with capture_logs() as lines:
        async with pooler_before(postgres_url, ignores_options=ignores_options) as (_, url), watched(url) as here:
            assert await here.looking.look()
            for _ in range(12):
                assert await here.database.transaction(limits_in_force) == ("654ms", "321ms", "UTC", "example")
            timeout, prepared = await here.database.transaction(outside_of_transactions)
            assert (timeout, prepared) == ("0", 0)
    assert [line["log_level"] for line in lines if "pooler" in line["event"]] == ["info"]


@pytest.mark.parametrize(
    ("refusal", "problem"),
    [
        (
            ("08P01", "unsupported startup parameter: application_name"),
            "the database, or a pooler before it, refuses a start-up parameter (SQLSTATE 08P01)",
        ),
        (
            ("28P01", 'password authentication failed for user "callwright"'),
            "the database refuses the password (SQLSTATE 28P01)",
        ),
        (("53300", "sorry, too many clients already"), "no connection to the database is free (SQLSTATE 53300)"),
        (
            ("57P03", "the database system is starting up"),
            "the database is starting or stopping (SQLSTATE 57P03)",
        ),
        (("3D000", 'database "callwright" does not exist'), "the database does not exist (SQLSTATE 3D000)"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
async def test_why_there_is_no_connection_reaches_log_metric_and_error(
    postgres_url: str, refusal: tuple[str, str], problem: str
) -> None:
    limits = DatabaseLimits(connections=2, wait_seconds=0.5, lock_seconds=1, statement_seconds=1)
    async with pooler_before(postgres_url) as (pooler, url), watched(url, limits) as here:
        pooler.refusal = refusal
        with capture_logs() as lines:
            assert not await here.looking.look()
        assert here.readiness.problems == {CONDITION: problem}
        assert [line["problem"] for line in lines if "problem" in line] == [problem]
        assert here.failures(refusal[0]) == 1
        with pytest.raises(UnavailableError) as caught:
            await here.database.transaction(limits_in_force)
        assert caught.value.cause == refusal[0]


async def test_a_database_that_cannot_be_written_is_not_ready(postgres_url: str) -> None:
    migrate(SCHEMA, postgres_url)
    name = urlsplit(postgres_url).path.lstrip("/")
    async with watched(postgres_url) as here:
        assert await here.looking.look()
    with psycopg.connect(postgres_url, autocommit=True) as administrator:
        administrator.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    async with watched(postgres_url) as here:
        assert not await here.looking.look()
        assert here.readiness.problems == {CONDITION: "the database is read-only (SQLSTATE 25006)"}


async def test_what_fails_in_a_transaction_is_counted_by_its_sqlstate(postgres_url: str) -> None:
    async with watched(postgres_url) as here:
        with pytest.raises(UnavailableError) as caught:
            await here.database.attempt(lambda connection: connection.execute("SELECT pg_sleep(30)"))
        assert caught.value.cause == "57014"
        with pytest.raises(psycopg.errors.DivisionByZero):
            await here.database.attempt(lambda connection: connection.execute("SELECT 1/0"))
        assert (here.failures("57014"), here.failures("22012")) == (1, 1)


async def test_a_database_that_works_to_capacity_stays_ready(postgres_url: str) -> None:
    """What waits for a connection in vain tells nothing of the database, as long as others get their work done."""
    migrate(SCHEMA, postgres_url)
    limits = DatabaseLimits(connections=1, wait_seconds=0.05, lock_seconds=1, statement_seconds=5)
    async with watched(postgres_url, limits) as here:
        async with asyncio.timeout(20):
            while not await here.looking.look():
                pass
        busy = asyncio.Event()

        async def work_for_long(connection: Connection) -> None:
            busy.set()
            await connection.execute("SELECT pg_sleep(1)")

        await here.database.transaction(limits_in_force)
        working = asyncio.create_task(here.database.transaction(work_for_long))
        await busy.wait()
        assert await here.looking.look()
        # Nobody got anything done since.
        assert not await here.looking.look()
        assert here.readiness.problems == {CONDITION: "no connection to the database is free (SQLSTATE 53300)"}
        await working
        assert await here.looking.look()
