"""A number answers where it is stated, not where it is asked about, proposed or told of how it was."""

from pathlib import Path

import pytest

from callwright_common.campaign import Campaign, load_campaign
from dialogue import Fact
from fakes.spoken_forms import LEDGERLY, analysis

CAMPAIGNS = Path(__file__).parents[3] / "evals" / "campaigns"
WINDOWS, GYM, DENTIST = (
    load_campaign(CAMPAIGNS / f"{name}.yaml") for name in ("clearview-windows", "ironleaf-gym", "harbor-dental")
)


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("Does that go for all forty of them?", None),
        ("Eleven. Would it be cheaper past twenty?", 11),
        ("Last spring we were thirty, it's twelve now.", 12),
        ("Seventeen, down from twenty-five.", 17),
        ("We grew from eight to fourteen.", 14),
        ("Five plasterers, three roofers and me.", 9),
        ("My sister, two lads and me.", 4),
        ("Four in the yard, six out on the road, so ten.", 10),
        ("Two vans and a trailer.", None),
        ("We are open from nine to five.", None),
    ],
)
def test_people_are_counted_where_they_are_stated(said: str, people: int | None) -> None:
    assert number(told(said, "team_size", LEDGERLY)) == people


@pytest.mark.parametrize(
    ("said", "windows"),
    [
        ("Three down, two up and one at the side.", 6),
        ("All eight of 'em.", 8),
        ("Nine! I did say nine.", 9),
        ("Can your men do seven in one day?", None),
        ("Six, and could four of those be first?", 6),
    ],
)
def test_windows_are_counted_where_they_are_stated(said: str, windows: int | None) -> None:
    assert number(told(said, "windows", WINDOWS)) == windows


@pytest.mark.parametrize(
    ("said", "sum_"),
    [
        ("Twenty-four hundred. Is that enough for three teeth?", 2400),
        ("Three thousand? I had more like nineteen hundred in mind.", 1900),
        ("The other clinic wanted five thousand, I'd do two.", 2000),
        ("What would four teeth come to?", None),
    ],
)
def test_a_sum_is_what_is_stated(said: str, sum_: int | None) -> None:
    assert number(told(said, "budget", DENTIST)) == sum_


def test_a_proposed_number_and_a_sum_of_unlike_parts_are_in_doubt() -> None:
    proposed = told("Could I come four times?", "visits", GYM)
    unlike = told("A bay, two on the landing and a skylight.", "windows", WINDOWS)
    assert number(proposed) == number(unlike) == 4
    assert all(fact is not None and fact.is_doubtful for fact in (proposed, unlike))


def told(said: str, question: str, campaign: Campaign) -> Fact | None:
    return next((fact for fact in analysis(said, question, campaign).told if fact.name == question), None)


def number(fact: Fact | None) -> float | None:
    return fact.number if fact is not None else None
