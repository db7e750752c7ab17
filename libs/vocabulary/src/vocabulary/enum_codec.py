"""Closed sets on the wire: one codec for all of them."""

from enum import StrEnum
from typing import Any, Generic, TypeVar

E = TypeVar("E", bound=StrEnum)


class EnumCodec(Generic[E]):
    """The wire's numbers of one closed set, and back.

    Both sides share the names, so that a set is written down once here and once in the contract. Wire numbers that this
    build does not know become the member `UNKNOWN`, or None in sets without one.
    """

    def __init__(self, members: type[E], wire: Any, prefix: str) -> None:
        """Pairs both sides.

        Args:
            members: The closed set.
            wire: The generated enum.
            prefix: What all its names begin with.

        Raises:
            KeyError: if a name of the wire is missing in the set.
        """
        names = {name.removeprefix(prefix): number for name, number in wire.items() if number}
        self._members = {number: members[name] for name, number in names.items()}
        self._numbers = {member: number for number, member in self._members.items()}
        self._unknown: E | None = members.__members__.get("UNKNOWN")

    @property
    def members(self) -> tuple[E, ...]:
        """The members that the wire knows."""
        return tuple(self._numbers)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The wire's numbers that are known and specified."""
        return tuple(self._members)

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
