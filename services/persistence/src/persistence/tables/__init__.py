"""What is stored, in PostgreSQL's tables; the only room that knows SQL."""

from callwright_common.database.migrations import Schema

SCHEMA = Schema(name="persistence", revision="0014", lock_key=0x63616C6C77726774)
"""The tables that this build reads and writes; `persistence.migrations.versions` makes them."""
