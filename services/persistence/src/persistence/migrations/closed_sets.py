"""Columns that hold words of a closed set."""

from alembic import op


def restrict(table: str, column: str, *words: str) -> None:
    """Lets a column hold these words alone, and NULL where the column may be NULL.

    A step that adds a word calls it with the longer list, and on its way back with the shorter one: rows that hold a
    word which is no longer there then hold `unknown`.
    """
    constraint = f"{table}_{column}_words"
    listed = ", ".join(f"'{word}'" for word in words)
    op.execute(f"ALTER TABLE persistence.{table} DROP CONSTRAINT IF EXISTS {constraint}")
    op.execute(f"UPDATE persistence.{table} SET {column} = 'unknown' WHERE {column} NOT IN ({listed})")  # noqa: S608 - constants
    op.execute(f"ALTER TABLE persistence.{table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")
