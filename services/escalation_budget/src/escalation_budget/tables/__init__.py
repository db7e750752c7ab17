"""The ledger in PostgreSQL's tables; the only room that knows SQL."""

from callwright_common.database.migrations import Schema

SCHEMA = Schema(name="escalation_budget", revision="0001", lock_key=0x0E5C_B0D6_E700_0001)
"""The tables that this build reads and writes; `escalation_budget.migrations.versions` makes them."""
