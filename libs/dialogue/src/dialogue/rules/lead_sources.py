"""Callers who tell where they heard of the company, or what of the company's they answer."""

from collections.abc import Collection, Iterable

from dialogue.grammar.words import Words
from dialogue.intents import HELP_WITH, Intent, Matter
from dialogue.language import language

_HEARD = language("lead_sources").patterns


def tells_source(words: Words) -> bool:
    """Whether a caller says where he heard of the company, or that he answers its call, letter or the like."""
    told = [said for said in (words.text, *words.clauses) if not _HEARD["asks_for_it"].search(said)]
    return any(map(_HEARD["heard_of_us"].search, told))


def beside_source(clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the clauses of a caller in which he tells something else than where he heard of the company."""
    return tuple(one for one in clauses if not _HEARD["heard_of_us"].search(one))


def as_a_leads(intents: Iterable[Intent], matters: Collection[Matter]) -> tuple[Intent, ...]:
    """Returns the intents of a caller who tells where he heard of the company.

    A call that he missed troubles nobody, nor is he a customer who names nothing that he wants help with.
    """
    no_leads = {Intent.WAS_CALLED} if not set(matters).isdisjoint(HELP_WITH) else {Intent.WAS_CALLED, Intent.SUPPORT}
    return (*(intent for intent in intents if intent not in no_leads), Intent.HEARD_OF_US)
