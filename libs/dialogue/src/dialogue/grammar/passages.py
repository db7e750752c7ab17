"""A text from which what was understood is taken away piece by piece, so that what is left is known."""

import re
from dataclasses import dataclass

_TAKEN = "·"
_REACH = 160
"""As many characters beside a match can say something of it: else each of many would be looked for in all of a text."""


@dataclass(frozen=True)
class Before:
    """What of a text stands before a place, as far as it can say something of what stands there."""

    text: str
    end: int

    def search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Returns the first match; its places are those in the whole text, and `$` is where this ends."""
        return pattern.search(self.text, max(0, self.end - _REACH), self.end)

    @property
    def words(self) -> str:
        """The words themselves."""
        return self.text[max(0, self.end - _REACH) : self.end]


class Passage:
    """A plain text and what of it is still to be understood.

    Attributes:
        text: The whole text.
        rest: The same with a dot for each character of what was understood.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = text

    def take(self, start: int, end: int) -> None:
        """Takes a piece away."""
        self.rest = self.rest[:start] + _TAKEN * (end - start) + self.rest[end:]

    def free(self, match: re.Match[str]) -> bool:
        """Whether nothing of a match in the whole text was understood otherwise."""
        return _TAKEN not in self.rest[match.start() : match.end()]

    def before(self, match: re.Match[str]) -> "Before":
        """Returns the text before a match."""
        return Before(self.text, match.start())

    def after(self, match: re.Match[str]) -> str:
        """Returns the text after a match, as far as it can say something of it."""
        return self.text[match.end() : match.end() + _REACH]
