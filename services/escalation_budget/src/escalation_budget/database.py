"""The ledger's database, whose rows come as dictionaries."""

from typing import TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import DictRow

from callwright_common import postgres

Connection: TypeAlias = AsyncConnection[DictRow]
Database: TypeAlias = postgres.Database[DictRow]
