"""Closed sets on the wire: one codec for all of them."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from callwright_common.errors import InvalidArgumentError

E = TypeVar("E", bound=StrEnum)

_CODECS: "dict[type[StrEnum], EnumCodec[Any]]" = {}


class EnumCodec(Generic[E]):
    """The wire's numbers of one closed set, and back.

    Both sides share the names, so that a set is written down once in Python and once in the contract. Wire numbers that
    this build does not know become the member `UNKNOWN`, or None in sets without one.
    """

    def __init__(self, members: type[E], wire: Any, prefix: str, meant: Callable[[str], str] | None = None) -> None:
        """Pairs both sides.

        Args:
            members: The closed set.
            wire: The generated enum.
            prefix: What all its names begin with.
            meant: Returns the member's name of one of the wire, where the wire's set is another one than this.

        Raises:
            KeyError: if a name of the wire is missing in the set.
        """
        names = {number: name.removeprefix(prefix) for name, number in wire.items() if number}
        self._members = {number: members[meant(name) if meant else name] for number, name in names.items()}
        self._numbers = {member: number for number, member in self._members.items()}
        self._unknown: E | None = members.__members__.get("UNKNOWN")
        self._words = {member.value: member for member in self._numbers}
        if meant is None:
            _CODECS[members] = self

    def to_proto(self, member: E | None) -> Any:
        """Returns the wire's number; None and `UNKNOWN` are unspecified."""
        return 0 if member is None else self._numbers.get(member, 0)

    def from_proto(self, number: int) -> E | None:
        """Returns the member of a number, None if it is unspecified."""
        return None if number == 0 else self._members.get(number, self._unknown)

    def required(self, number: int) -> E:
        """Returns the member of a number; `UNKNOWN` also where it is unspecified.

        Raises:
            ValueError: if there is none and the set has no `UNKNOWN`.
        """
        member = self._members.get(number, self._unknown)
        if member is None:
            raise ValueError("the value is unknown")
        return member

    def requested(self, field: str, number: int) -> E:
        """Returns the member that a request's field must name.

        Raises:
            InvalidArgumentError: if the number is unspecified or unknown.
        """
        if number not in self._members:
            raise InvalidArgumentError(field, "has a value that is unknown" if number else "must be specified")
        return self._members[number]

    def from_word(self, word: str | None) -> E | None:
        """Returns the member of a stored word, None without one."""
        return None if word is None else self._words.get(word, self._unknown)


def codec_of(members: type[E]) -> EnumCodec[E]:
    """Returns the codec of a closed set that is the wire's own."""
    return _CODECS[members]
