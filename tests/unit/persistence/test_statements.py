"""The words of closed sets in the statements of both services that keep tables."""

import re
from pathlib import Path

import escalation_budget.tables
import persistence.tables
from escalation_budget.ledger.reservations import ReservationState
from escalation_budget.ledger.scopes import ScopeKind
from escalation_budget.migrations import versions

_WORD = re.compile(r"'([a-z_]+)'")


def words_in(folder: str) -> set[str]:
    """Returns the words that stand in the statements of a folder as they are, not as members of a set."""
    return {word for file in Path(folder).glob("*.py") for word in _WORD.findall(file.read_text(encoding="utf-8"))}


def test_no_word_of_the_conversation_stands_twice() -> None:
    assert words_in(persistence.tables.__path__[0]) == {"confirmed", "replaced", "cancelled"}  # of bookings, its own


def test_the_words_of_the_ledger_are_those_of_its_set() -> None:
    assert words_in(escalation_budget.tables.__path__[0]) <= {state.value for state in ReservationState}


def test_the_tables_of_the_ledger_take_the_words_of_its_sets() -> None:
    [text] = [file.read_text(encoding="utf-8") for file in Path(versions.__path__[0]).glob("*.sql")]
    lists = {column: set(_WORD.findall(listed)) for column, listed in re.findall(r"(\w+) text .* IN \((.*?)\)", text)}
    assert lists == {"scope_kind": {kind.value for kind in ScopeKind}, "state": {one.value for one in ReservationState}}
    assert set(_WORD.findall(text)) <= set().union(*lists.values())
