"""Which filler comes next."""

from collections.abc import Sequence
from itertools import cycle


class FillerChoice:
    """Takes the fillers in turn, so that the same one is not heard twice in a row."""

    def __init__(self, fillers: Sequence[str]) -> None:
        self._fillers = cycle(fillers)

    def next(self) -> str:
        """Returns the next filler."""
        return next(self._fillers)
