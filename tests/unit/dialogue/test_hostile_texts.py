"""Texts that nobody says and a recogniser may still write: they take work in proportion to their length."""

import random
import re

import pytest

from dialogue import initial_state
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.passages import Passage
from dialogue.grammar.phones import take_phones
from fakes.counted_calls import calls_of
from fakes.spoken_calls import MONDAY, RULES, SOLAR, at_once
from vocabulary.enums import Expectation
from vocabulary.turns import Slot, Utterance

PIECES = (
    "1", "1 ", "1 2 ", "+1", "(1)", "1/2 ", "12.5", "1,000,", "$1 ", "5% ", "9:", "9:30 ", "1st ", "one ", "twenty ",
    "hundred ", "one hundred and ", "double ", "at nine ", "in two ", "half past ", "between nine and ",
    ".", "'", '"', "\u2019", "- ", "/", "+", "((", "_", "? ", "no, ", "what? ", "¿qué? ", "yes. ",
    "and ", "a ", "a.b.", "A. ", "a-b-c-", "a@", "x@y.zz ", "dot ", "at ", "b as in boy ", "gmail dot com ",
    "why ", "or ", "monday or ", "not monday ", "my name is ", "Ann-Lee ", "12 Oak Street ", "que el la ",
    "\u0430\u0431 ", "a\u0431\u4e2d\u0639 ", "中文", "😀", "a\u200b", "a\u0301", "\n", "\ta",
)  # fmt: skip
MIXED = random.Random(11)  # noqa: S311 - repeats itself
MIXES = tuple(tuple(MIXED.sample(PIECES, 3)) for _ in range(16))
LENGTH = 2000
SLOT = Slot("s", "", MONDAY, MONDAY)
STATES: tuple[dict[str, object], ...] = (
    {},
    {"expecting": Expectation.ANSWER, "pending": "monthly_bill"},
    {"expecting": Expectation.CONTACT_DETAIL, "pending": "email", "booked": SLOT},
    {"expecting": Expectation.SLOT_CHOICE, "offered": [SLOT]},
)
CALLS_A_CHARACTER, CALLS_ANYWAY = 300, 20_000
"""Ordinary speech takes 35 calls a character; what reads a text anew at each of its words takes a thousand."""


def work_of(text: str, state: dict[str, object]) -> int:
    begun = initial_state("call").model_copy(update=state)
    return calls_of(lambda: at_once(RULES.analyse(SOLAR, begun, Utterance(text), now=MONDAY)))


@pytest.fixture(scope="module", autouse=True)
def _files_are_read() -> None:
    for text in ("hello, it is about nine", "sí señor, ¿qué tal?"):
        work_of(text, {})


@pytest.mark.parametrize("place", range(len(PIECES)), ids=map(repr, PIECES))
def test_one_piece_over_and_over_is_understood_in_proportion(place: int) -> None:
    text = (PIECES[place] * LENGTH)[:LENGTH]
    assert work_of(text, STATES[place % len(STATES)]) <= CALLS_ANYWAY + CALLS_A_CHARACTER * LENGTH


@pytest.mark.parametrize("place", range(len(MIXES)))
def test_mixed_pieces_are_understood_in_proportion(place: int) -> None:
    pieces = random.Random(place)  # noqa: S311 - repeats itself
    text = "at 9 " + "".join(pieces.choice(MIXES[place]) for _ in range(LENGTH))
    assert work_of(text[:LENGTH], STATES[place % len(STATES)]) <= CALLS_ANYWAY + CALLS_A_CHARACTER * LENGTH


@pytest.mark.parametrize("words", [40, 400])
def test_a_number_knows_the_words_near_it_however_many_there_are(words: int) -> None:
    [number] = find_numbers(" ".join(["well", *["so"] * words, "about two hundred dollars", *["so"] * words]))
    assert (number.value, number.money, number.approximate) == (200, True, True)
    assert len(number.before) <= 40
    assert len(number.behind.split()) <= 40


def test_of_a_passage_as_much_is_looked_at_as_stands_near() -> None:
    passage = Passage("not before " + "x" * 1000 + " not at nine")
    match = re.search("nine", passage.text)
    assert match is not None
    found = passage.before(match).search(re.compile(r"not .*$"))
    assert found is not None
    assert passage.text[found.start() :] == "not at nine"
    assert len(passage.after(match)) <= 160


def test_a_number_is_put_right_behind_any_run_of_figures() -> None:
    text = "1 2 " * 200 + "and my number is 202 555 0134 no 0143"
    assert [phone.digits for phone in take_phones(Passage(text))][-1] == "2025550143"
