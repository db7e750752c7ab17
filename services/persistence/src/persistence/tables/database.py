"""The service's database, whose rows come as tuples, and the tables that this build reads and writes."""

from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from callwright_common.database import postgres
from callwright_common.database.migrations import Schema

SCHEMA = Schema(name="persistence", revision="0002", lock_key=0x63616C6C77726774)
"""`persistence.migrations.versions` makes them."""

Connection: TypeAlias = AsyncConnection[TupleRow]
Database: TypeAlias = postgres.Database[TupleRow]
