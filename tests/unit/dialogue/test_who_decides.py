"""Who decides is told by who is the subject and who is denied; a yes or no is also read in the words of its answers."""

import pytest

from callwright_common.campaign import Authority
from dialogue.grammar.words import plain_words
from dialogue.rules.renting import who_decides
from fakes.spoken_forms import LEDGERLY, analysis


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("It's not up to my accountant, the shop's mine.", Authority.ALONE),
        ("My husband doesn't get a say in that.", Authority.ALONE),
        ("Nothing to do with the wife, I pay.", Authority.ALONE),
        ("My son doesn't own it, I do.", Authority.ALONE),
        ("Me and her daddy both.", Authority.TOGETHER),
        ("My mum and me, we look at it twice.", Authority.TOGETHER),
        ("Me and my wife, she has to sign.", Authority.TOGETHER),
        ("It's ours, hers and mine.", Authority.TOGETHER),
        ("The house is mine, my wife also decides.", Authority.TOGETHER),
        ("Not without my husband.", Authority.TOGETHER),
        ("My brother-in-law owns the place.", Authority.SOMEBODY_ELSE),
        ("Not me, my sister.", Authority.SOMEBODY_ELSE),
        ("It's me mam's house.", Authority.SOMEBODY_ELSE),
        ("No, love, that's the other house.", None),
    ],
)
def test_who_decides_is_the_subject(said: str, who: Authority | None) -> None:
    assert who_decides(plain_words(said)) == who


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ("They do not pay on time.", True),
        ("No, they're always late.", True),
        ("Most of them, I'd say.", True),
        ("They are never late.", False),
        ("Hardly any of them.", False),
        ("Is it about being on time?", None),
        ("I have no time for this.", None),
    ],
)
def test_a_yes_or_no_is_read_in_the_words_of_its_answers(said: str, late: bool | None) -> None:
    values = {"payments come late": True, "payments come in time": False}
    assert [values[fact.value] for fact in analysis(said, "pain", LEDGERLY).told] == [late] * (late is not None)
