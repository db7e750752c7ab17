"""The wire's enums as the lower-case words of the tables, and back."""

from collections.abc import Mapping
from typing import Any

from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2
from callwright_common.errors import InvalidArgumentError


class EnumWords:
    """The words of one enum; its zero, UNSPECIFIED, is None.

    Args:
        enum: The generated enum.
        prefix: What all its names begin with.
    """

    def __init__(self, enum: Any, prefix: str) -> None:
        numbers: Mapping[str, int] = dict(enum.items())
        self._words = {number: name.removeprefix(prefix).lower() for name, number in numbers.items() if number}
        self._numbers = {word: number for number, word in self._words.items()}

    def required(self, field: str, number: int) -> str:
        """Returns the word of a value that must be known and specified."""
        word = self.optional(field, number)
        if word is None:
            raise InvalidArgumentError(field, "must be specified")
        return word

    def optional(self, field: str, number: int) -> str | None:
        """Returns the word of a value that must be known, None if it is unspecified."""
        if number == 0:
            return None
        word = self._words.get(number)
        if word is None:
            raise InvalidArgumentError(field, "has a value that is unknown")
        return word

    def number(self, word: str | None) -> Any:
        """Returns the wire's value of a word; None is unspecified."""
        return 0 if word is None else self._numbers[word]


AGENTS = EnumWords(conversation_pb2.Agent, "AGENT_")
FACTORS = EnumWords(conversation_pb2.Factor, "FACTOR_")
TIERS = EnumWords(conversation_pb2.Tier, "TIER_")
SOURCES = EnumWords(conversation_pb2.ReplySource, "REPLY_SOURCE_")
DIRECTIONS = EnumWords(persistence_pb2.CallDirection, "CALL_DIRECTION_")
STATUSES = EnumWords(persistence_pb2.CallStatus, "CALL_STATUS_")
