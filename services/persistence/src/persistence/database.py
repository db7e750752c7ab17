"""The service's database, whose rows come as tuples."""

from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from callwright_common import postgres

Connection: TypeAlias = AsyncConnection[TupleRow]
Database: TypeAlias = postgres.Database[TupleRow]
