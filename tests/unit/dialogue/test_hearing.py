"""What is listened for once more, and which second hearing is taken."""

from datetime import UTC, datetime

import pytest

from dialogue import ExpectedAnswer
from fakes.spoken_calls import SOLAR
from vocabulary.enums import Expectation
from vocabulary.turns import Question

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
BILL = Question(Expectation.ANSWER, "monthly_bill")
NOTHING_ASKED = ExpectedAnswer(SOLAR, None, NOW)
BILL_ASKED = ExpectedAnswer(SOLAR, BILL, NOW)


@pytest.mark.parametrize(
    ("heard", "again"),
    [
        ("You can reach me at 202-55-0144.", "You can reach me at 202-555-0144."),
        ("My number is 202, triple 5, O 127.5", "My number is 202-555-0127."),
        ("It is 202-555197", "It is 202-555-0197."),
        ("My email is n.millerexample.org", "My email is n dot miller at example dot org."),
    ],
)
def test_a_form_that_was_not_heard_whole_is_listened_for_once_more(heard: str, again: str) -> None:
    form = NOTHING_ASKED.not_whole(heard)
    assert form is not None
    assert SOLAR.company.name in form.lead
    assert form.accepts(again)
    assert not form.accepts(heard)
    assert not form.accepts("I do not know.")


def test_a_lead_that_is_only_said_back_is_not_taken() -> None:
    form = NOTHING_ASKED.not_whole("My number is 202-55-0147.")
    assert form is not None
    assert not form.accepts("My number is 202-555-0147. You can call me on 202-555-0138.")


@pytest.mark.parametrize(
    "heard",
    [
        "",
        "Yes.",
        "My number is 202-555-0144.",
        "I pay $210 a month.",
        "Write to t.okoro@example.org",
        "My zip is 80202.",
    ],
)
def test_what_was_plainly_heard_is_left_as_it_is(heard: str) -> None:
    assert NOTHING_ASKED.not_whole(heard) is None


def test_a_figure_is_listened_for_where_one_is_asked_for() -> None:
    assert BILL_ASKED.not_whole("It is about $210 a month.") is None
    assert BILL_ASKED.not_whole("I see.") is None
    form = BILL_ASKED.not_whole("AT240 month.")
    assert form is not None
    assert form.accepts("About 240 a month.")
