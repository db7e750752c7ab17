"""Closed forms of another language in the words of the first one, which the grammars read."""

from dataclasses import replace

from dialogue.grammar.words import Words
from dialogue.language import language

_FORMS = language("closed_forms")


def in_first_language(words: Words) -> Words:
    """Returns plain words with all numbers, times and the like as they are said in the first language."""
    clauses = tuple(clause for clause in map(_put, words.clauses) if clause)
    return replace(words, original=_FORMS.replaced(words.original), text=" ".join(clauses), clauses=clauses)


def _put(text: str) -> str:
    return " ".join(_FORMS.replaced(text).split())
