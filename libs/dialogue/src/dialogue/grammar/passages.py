"""A text from which what was understood is taken away piece by piece, so that what is left is known."""

import re

_TAKEN = "·"


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

    def before(self, match: re.Match[str]) -> str:
        """Returns the whole text before a match."""
        return self.text[: match.start()]

    def after(self, match: re.Match[str]) -> str:
        """Returns the whole text after a match."""
        return self.text[match.end() :]
