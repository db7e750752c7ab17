"""Values that mirror a message of the contracts: the same fields, each converted by its type.

| field of the value | field of the message |
|---|---|
| text, number, bytes | the same |
| closed set | its enum; what is unknown here becomes `UNKNOWN` |
| `datetime` | Timestamp |
| `float`, named `…_seconds` unless it is None at times | Duration, in seconds |
| `Amount` | Money |
| mirror | its message |
| tuple | repeated; what is unknown here is left out |
| any of these or None | the same; None where it is not set |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Any, ClassVar, Generic, Self, TypeVar, cast, get_args, get_origin, get_type_hints

from callwright_common.money import Amount
from callwright_common.rpc.enum_codec import codec_of
from callwright_common.rpc.wire import from_timestamp, seconds, to_duration, to_timestamp

M = TypeVar("M", bound="Mirror")
V = TypeVar("V")
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: its names on both sides, whether a message tells that it is not set, and both conversions."""

    name: str
    wire_name: str
    has_presence: bool
    read: Convert
    write: Convert


class Mirror:
    """A value with a message of the same fields; `mirrors` names the message."""

    __slots__ = ()
    _message: ClassVar[Any]
    _fields: ClassVar[tuple[_Field, ...]]

    @classmethod
    def is_known(cls, message: Any) -> bool:
        """Whether a message says something that this build knows; it is left out otherwise."""
        return True

    @classmethod
    def from_proto(cls, message: Any) -> Self:
        """Returns the value of a message."""
        values: dict[str, Any] = {}
        for field in cls._fields:
            unset = field.has_presence and not message.HasField(field.wire_name)
            values[field.name] = None if unset else field.read(getattr(message, field.wire_name))
        return cls(**values)

    def to_proto(self) -> Any:
        """Returns the message."""
        values = ((field, getattr(self, field.name)) for field in self._fields)
        return self._message(**{field.wire_name: field.write(value) for field, value in values if value is not None})


def mirrors(
    message: Any,
    *,
    renamed: Mapping[str, str] | None = None,
    converted: Mapping[str, tuple[Convert, Convert]] | None = None,
) -> Callable[[type[M]], type[M]]:
    """Names the message that a value mirrors.

    Args:
        message: The generated class.
        renamed: The message's names of fields that are called otherwise there; `…_seconds` is known to be `…`.
        converted: How to read and to write fields whose type does not tell.

    Raises:
        KeyError: if the message has no such field.
        TypeError: if the message has a field that the value leaves out.
    """

    def decorate(value: type[M]) -> type[M]:
        hints = get_type_hints(value)
        value._message = message
        value._fields = tuple(
            _field(message, field.name, hints[field.name], renamed or {}, converted or {})
            for field in fields(cast("Any", value))
        )
        if left_out := set(message.DESCRIPTOR.fields_by_name) - {field.wire_name for field in value._fields}:
            raise TypeError(f"{value.__name__} leaves out {sorted(left_out)}")
        return value

    return decorate


def _field(
    message: Any, name: str, hint: Any, renamed: Mapping[str, str], converted: Mapping[str, tuple[Convert, Convert]]
) -> _Field:
    descriptor = message.DESCRIPTOR.fields_by_name[renamed.get(name, name.removesuffix("_seconds"))]
    optional = NoneType in get_args(hint)
    kinds = [kind for kind in get_args(hint) if kind is not NoneType] if optional else [hint]
    read, write = converted[name] if name in converted else _conversion(kinds[0], optional, descriptor.message_type)
    return _Field(name, descriptor.name, optional and descriptor.has_presence, read, write)


def _conversion(kind: Any, optional: bool, message_type: Any) -> tuple[Convert, Convert]:
    """Returns how a field of a type is read and written."""
    if get_origin(kind) is tuple:
        return _of_many(get_args(kind)[0])
    if issubclass(kind, Mirror):
        return (lambda message: kind.from_proto(message) if kind.is_known(message) else None), kind.to_proto
    if issubclass(kind, StrEnum):
        codec = codec_of(kind)
        return (codec.from_proto if optional else codec.required), codec.to_proto
    if kind is Amount:
        return Amount.from_proto, Amount.to_proto
    if kind is datetime:
        return from_timestamp, to_timestamp
    if kind is float and message_type is not None:
        return seconds, lambda value: to_duration(max(0.0, value))
    return kind, kind


def _of_many(kind: type[Mirror]) -> tuple[Convert, Convert]:
    return (
        lambda messages: tuple(kind.from_proto(one) for one in messages if kind.is_known(one)),
        lambda values: [one.to_proto() for one in values],
    )


class OneOf(Generic[V]):
    """Mirrors of which a message holds one at a time."""

    def __init__(self, message: Any, oneof: str, kinds: Mapping[str, type[Mirror]]) -> None:
        """Takes the kinds by the names of their fields.

        Args:
            message: The generated class.
            oneof: The name of the choice.
            kinds: Every kind that this build knows.
        """
        self._message = message
        self._oneof = oneof
        self._kinds = kinds
        self._names = {kind: name for name, kind in kinds.items()}

    def name_of(self, kind: type[V]) -> str:
        """Returns the name of a kind."""
        return self._names[cast("Any", kind)]

    def from_proto(self, message: Any) -> V | None:
        """Returns the value that a message holds; None for kinds that are unknown here."""
        name = message.WhichOneof(self._oneof)
        kind = self._kinds.get(name)
        return None if kind is None else cast("V", kind.from_proto(getattr(message, name)))

    def to_proto(self, value: V) -> Any:
        """Returns the message that holds a value."""
        return self._message(**{self.name_of(type(value)): cast("Mirror", value).to_proto()})
