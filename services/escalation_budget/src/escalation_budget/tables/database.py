"""The ledger's database, whose rows come as dictionaries, and the tables that this build reads and writes."""

from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import DictRow

from callwright_common.database import postgres
from callwright_common.database.migrations import Schema

SCHEMA = Schema(name="escalation_budget", revision="0001", lock_key=0x0E5C_B0D6_E700_0001)
"""`escalation_budget.migrations.versions` makes them."""

Connection: TypeAlias = AsyncConnection[DictRow]
Database: TypeAlias = postgres.Database[DictRow]
