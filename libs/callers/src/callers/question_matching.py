"""Finds the question of a campaign in what an agent said, in its own words or in others, misheard ones included."""

import re
from collections.abc import Iterable

from callers.agent_phrases import COMMON_WORDS, FACTOR_CUES
from callwright_common.campaign import Question

_SURE = 0.6
_LIKELY = 0.25
_CUE = 0.35
_STEM = 5


class QuestionMatcher:
    """Compares a sentence with the wordings of each question of a campaign by their words that mean something."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = tuple(questions)
        self._asked = {one.id: (_words(one.ask), _words(one.ask_again)) for one in self._questions}
        self._labels = {one.id: _words(one.label) for one in self._questions}

    def surely(self, sentence: str) -> str | None:
        """Returns the id of the question most of whose words are in the sentence; None if there is none."""
        words = _words(sentence)
        best = max(self._questions, key=lambda one: self._coverage(one, words))
        return best.id if self._coverage(best, words) >= _SURE else None

    def likely(self, question: str) -> str | None:
        """Returns the id of the question that comes nearest in words and in what it wants; None if none does."""
        words = _words(question)
        scores = {one.id: self._likeness(one, question, words) for one in self._questions}
        best = max(scores, key=scores.__getitem__)
        return best if scores[best] >= _LIKELY else None

    def _coverage(self, question: Question, words: set[str]) -> float:
        return max(len(words & asked) / max(1, len(asked)) for asked in self._asked[question.id])

    def _likeness(self, question: Question, sentence: str, words: set[str]) -> float:
        label = self._labels[question.id]
        named = len(words & label) / max(1, len(label))
        cue = _CUE if FACTOR_CUES[question.factor].search(sentence) else 0.0
        return max(self._coverage(question, words), 0.75 * named) + cue


def _words(text: str) -> set[str]:
    """Returns the words of a text that mean something, each by its first letters: month and monthly are one."""
    return {word[:_STEM] for word in re.findall(r"[a-z]+", text.lower()) if word not in COMMON_WORDS}
