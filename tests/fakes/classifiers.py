"""Classifiers that say what a test tells them."""

from collections.abc import Mapping, Sequence

from intent_classifier import Option


class ToldClassifier:
    """A classifier that finds in everything what it is told to, and keeps what it was asked.

    Attributes:
        asked: The pairs of what the agent said and what the caller said.
        means: How probable each option is, by its name; what is not named is not meant.
    """

    def __init__(self, **probable: float) -> None:
        self.asked: list[tuple[str, str]] = []
        self.means: dict[str, float] = {}
        self._probable = probable

    async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
        self.asked.append((question, text))
        return self._probable

    async def choices(self, question: str, text: str, ask: str, options: Sequence[Option]) -> Sequence[float]:
        return [self.means.get(name, 0.0) for name, _ in options]

    async def facts(self, question: str, text: str, options: Sequence[Option]) -> Sequence[float]:
        return [self.means.get(name, 0.0) for name, _ in options]
