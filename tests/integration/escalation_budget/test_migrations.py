"""The schema forwards, backwards and by several processes at once."""

import asyncio
import os
import sys

import psycopg
import pytest

from callwright_common.database.migrations import migrate
from escalation_budget.tables import SCHEMA


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'escalation_budget'").fetchall()
    return {name for (name,) in rows}


LEDGER = {"alembic_version", "budgets", "reservations", "extensions"}


def test_forwards_backwards_and_forwards_again(postgres_url: str) -> None:
    migrate(SCHEMA, postgres_url)
    assert tables(postgres_url) == LEDGER
    migrate(SCHEMA, postgres_url)
    migrate(SCHEMA, postgres_url, "base")
    assert tables(postgres_url) == {"alembic_version"}
    migrate(SCHEMA, postgres_url, SCHEMA.revision)
    assert tables(postgres_url) == LEDGER


async def test_processes_that_migrate_at_once_wait_for_each_other(postgres_url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, SCHEMA, postgres_url) for _ in range(5)))
    assert tables(postgres_url) == LEDGER


async def test_the_command(postgres_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": postgres_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "escalation_budget", "migrate", env=environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert b"the tables are migrated" in output
    assert postgres_url.encode() not in output
    assert tables(postgres_url) == LEDGER


async def test_the_command_refuses_a_revision_that_does_not_exist(ledger_url: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "escalation_budget", "migrate", "--to", "9999"),
        env=os.environ | {"DATABASE_URL": ledger_url},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 1
    assert b"there is no revision 9999" in output
    assert tables(ledger_url) == LEDGER


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escalation_budget.budgets SET reserved_micros = 11",
        "UPDATE escalation_budget.budgets SET spent_micros = 6, reserved_micros = 5",
        "UPDATE escalation_budget.budgets SET spent_micros = -1",
        "UPDATE escalation_budget.budgets SET limit_micros = 11",
        "UPDATE escalation_budget.budgets SET scope_kind = 'week'",
    ],
)
def test_the_tables_themselves_refuse_overspending(ledger_url: str, statement: str) -> None:
    with psycopg.connect(ledger_url) as connection:
        connection.execute(
            "INSERT INTO escalation_budget.budgets (scope_kind, scope_id, limit_micros, ceiling_micros)"
            " VALUES ('call', 'call-1', 10, 10)"
        )
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute(statement)
