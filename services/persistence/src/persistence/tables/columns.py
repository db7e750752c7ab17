"""Values as rows: a column for each field, and for the fields of a value that it holds.

| field of the value | its columns |
|---|---|
| text | one; NULL for an empty text, unless the column is named as one that never is |
| number, time | one; a column named `…_ms` holds a number of seconds in milliseconds |
| closed set | one for its word |
| `Amount` | `…_micros` and `…_currency` |
| another value | its own, all NULL without it |
| tuple of values | one, JSON; what is unknown here is left out |
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from callwright_common.money import Amount
from callwright_common.rpc.enum_codec import codec_of

V = TypeVar("V")
Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

_TYPES = {str: "text", bool: "boolean", int: "bigint", float: "float8", datetime: "timestamptz"}


class Columns(Generic[V]):
    """The columns of one kind of value, in the order of its fields."""

    def __init__(
        self,
        kind: type[V],
        names: Mapping[str, str] | None = None,
        never_null: Collection[str] = (),
        *,
        prefix: str = "",
        optional: bool = False,
    ) -> None:
        """Works them out.

        Args:
            kind: A dataclass.
            names: The columns of fields that are called otherwise, also of those of values within.
            never_null: The columns of texts that are empty instead of NULL.
            prefix: What the names of all columns begin with.
            optional: Whether there is no value where all its columns are NULL.
        """
        self.kind = kind
        self.types: dict[str, str] = {}
        """The columns' types by their names."""
        self._optional = optional
        self._parts: dict[str, Columns[Any] | _Column] = {}
        hints = get_type_hints(kind)
        for field in fields(cast("Any", kind)):
            options = get_args(hints[field.name])
            can_be_none = NoneType in options
            held = next(one for one in options if one is not NoneType) if can_be_none else hints[field.name]
            name = prefix + (names or {}).get(field.name, field.name)
            part: Columns[Any] | _Column
            if is_dataclass(held):
                within = f"{name}_" if held is Amount else ""
                part = Columns(cast("Any", held), names, never_null, prefix=within, optional=can_be_none)
            else:
                part = _Column(name, held, never_null=name in never_null)
            self.types |= part.types
            self._parts[field.name] = part

    def write(self, value: V | None) -> list[Any]:
        """Returns the cells of a row."""
        if value is None:
            return [None] * len(self.types)
        return [cell for field, part in self._parts.items() for cell in part.write(getattr(value, field))]

    def read(self, row: Mapping[str, Any]) -> V:
        """Returns the value of a row."""
        if self._optional and all(row[name] is None for name in self.types):
            return cast("V", None)
        return self.kind(*[part.read(row) for part in self._parts.values()])


class _Column:
    """One column."""

    def __init__(self, name: str, kind: Any, *, never_null: bool) -> None:
        self._name = name
        self._null = "" if kind is str else None
        self._empty = None if never_null else self._null
        kind, self._read, self._write = _conversion(kind, in_milliseconds=name.endswith("_ms"))
        self.types = {name: kind}

    def write(self, value: Any) -> list[Any]:
        return [None if value is None or value == self._empty else self._write(value)]

    def read(self, row: Mapping[str, Any]) -> Any:
        stored = row[self._name]
        return self._null if stored is None else self._read(stored)


def _conversion(kind: Any, *, in_milliseconds: bool) -> tuple[str, Convert, Convert]:
    """Returns the type of a column, how it is read and how it is written."""
    if get_origin(kind) is tuple:
        values, value = TypeAdapter(kind), TypeAdapter(get_args(kind)[0])
        return "text", lambda stored: tuple(_known(value, stored)), lambda written: values.dump_json(written).decode()
    if issubclass(kind, StrEnum):
        return "text", codec_of(kind).from_word, str
    if in_milliseconds:
        return "float8", lambda stored: stored / 1000, lambda seconds: seconds * 1000
    return _TYPES[kind], lambda stored: stored, lambda value: value


def _known(kind: TypeAdapter[Any], stored: Iterable[Any]) -> Iterator[Any]:
    """Yields the values of JSON that this build knows."""
    for one in stored:
        with suppress(ValidationError):
            yield kind.validate_python(one)


@dataclass(frozen=True, slots=True)
class Table:
    """A table, the columns that are written and their types."""

    name: str
    types: Mapping[str, str]

    @property
    def rows(self) -> str:
        """Any number of rows, given column by column."""
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types.values())
        return f"unnest({arrays}) AS n ({', '.join(self.types)})"

    @property
    def insertion(self) -> str:
        """The insertion of any number of rows; a row that is there already stays."""
        names = ", ".join(self.types)
        return (
            f"INSERT INTO persistence.{self.name} ({names}) SELECT * FROM {self.rows} "  # noqa: S608 - constants
            "ON CONFLICT DO NOTHING"
        )

    @property
    def reading(self) -> str:
        """The rows of a call in the order of their events."""
        return f"SELECT * FROM persistence.{self.name} WHERE call_id = %s ORDER BY sequence"  # noqa: S608 - constants

    @property
    def removal(self) -> str:
        """The removal of all rows of some calls."""
        return f"DELETE FROM persistence.{self.name} WHERE call_id = ANY (%s)"  # noqa: S608 - constants


def arrays(rows: Iterable[Row]) -> list[list[Any]]:
    """Returns rows turned into columns, one array each."""
    return [list(column) for column in zip(*rows, strict=True)]
