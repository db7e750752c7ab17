"""Columns that hold words of a closed set."""

import tomllib
from pathlib import Path

from alembic import op

_UNKNOWN = "unknown"
_INSTEAD = {
    "calls.status": "CASE WHEN end_time IS NULL THEN 'in_progress' ELSE 'ended' END",
    "bookings.state": "'replaced'",
}
"""What stands for a word that a column may not hold, where the column holds neither `unknown` nor NULL.

A booking whose state is unknown takes no time in the calendar: one that did could overlap another.
"""


def restrict(table: str, column: str, *words: str) -> None:
    """Lets a column hold these words alone, and NULL where the column may be NULL.

    A step that adds a word calls it with the longer list, and on its way back with the shorter one: rows that hold a
    word which is no longer there then hold `unknown`; NULL or a fitting word in a column to which that is unknown too.
    """
    constraint = f"{table}_{column}_words"
    listed = ", ".join(f"'{word}'" for word in words)
    instead = _INSTEAD.get(f"{table}.{column}", f"'{_UNKNOWN}'" if _UNKNOWN in words else "NULL")
    op.execute(f"ALTER TABLE persistence.{table} DROP CONSTRAINT IF EXISTS {constraint}")
    op.execute(f"UPDATE persistence.{table} SET {column} = {instead} WHERE {column} NOT IN ({listed})")  # noqa: S608 - constants
    op.execute(f"ALTER TABLE persistence.{table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")


def words_of(table: str, column: str) -> list[str]:
    """Returns the words that a column could hold from the first step on."""
    text = Path(__file__).with_name("versions").joinpath("r0001_words.toml").read_text()
    words: list[str] = tomllib.loads(text)[table][column]
    return words
