"""The tables that this build reads and writes; `persistence.migrations.versions` makes them."""

from callwright_common.migrations import Schema

SCHEMA = Schema(name="persistence", revision="0002", lock_key=0x63616C6C77726774)
