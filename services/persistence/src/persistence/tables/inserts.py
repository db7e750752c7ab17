"""Insertions of any number of rows at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from callwright_common.money import Amount

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """A table, the columns that are written and their types."""

    table: str
    types: Mapping[str, str]

    @property
    def rows(self) -> str:
        """Any number of rows, given column by column."""
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types.values())
        return f"unnest({arrays}) AS n ({', '.join(self.types)})"

    @property
    def statement(self) -> str:
        """The insertion of any number of rows; a row that is there already stays."""
        names = ", ".join(self.types)
        return (
            f"INSERT INTO persistence.{self.table} ({names}) SELECT * FROM {self.rows} "  # noqa: S608 - constants
            "ON CONFLICT DO NOTHING"
        )

    @property
    def removal(self) -> str:
        """The removal of all rows of some calls."""
        return f"DELETE FROM persistence.{self.table} WHERE call_id = ANY (%s)"  # noqa: S608 - constants


def arrays(rows: Iterable[Row]) -> list[list[Any]]:
    """Returns rows turned into columns, one array each."""
    return [list(column) for column in zip(*rows, strict=True)]


def amount_columns(amount: Amount | None) -> tuple[int | None, str | None]:
    """Returns an amount as its two columns."""
    return (amount.micros, amount.currency) if amount else (None, None)
