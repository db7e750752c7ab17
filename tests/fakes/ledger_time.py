"""The budget ledger's clock in the hands of a test: its SQL function reads a table instead of the server's clock."""

from datetime import UTC, datetime, timedelta

import psycopg

_TAKE_OVER = """
CREATE TABLE IF NOT EXISTS public.ledger_time_of_test (now timestamptz NOT NULL);
TRUNCATE public.ledger_time_of_test;
INSERT INTO public.ledger_time_of_test VALUES ('2026-03-01T12:00:00Z');
CREATE OR REPLACE FUNCTION escalation_budget.ledger_time() RETURNS timestamptz LANGUAGE sql VOLATILE
RETURN (SELECT now FROM public.ledger_time_of_test);
"""


class LedgerTime:
    """Stands at noon UTC on 1 March 2026 until it is moved."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._execute(_TAKE_OVER)
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def move_to(self, now: datetime) -> None:
        """Sets the time, forwards or backwards."""
        self.now = now
        self._execute("UPDATE public.ledger_time_of_test SET now = %s", now)

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self.move_to(self.now + timedelta(seconds=seconds))

    def _execute(self, statement: str, *parameters: object) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement, parameters or None)
