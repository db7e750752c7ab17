"""The name in the answer of a caller who is asked for it: in any sentence, odd true names, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.grammar.own_names import own_name
from dialogue.grammar.spellings import dictated, spelled_letters, spelled_part, with_spelling, without_explanation

NAMES = (
    "Priya Nair", "Will Power", "Christian Person", "Sandra Lately", "Catherine Tate", "Hope Sunday", "Joy Driver",
    "Rich Banks", "Destiny Later", "April May Rivers", "Art Waiting", "Chip Doctor", "Jan van der Berg",
    "Maria de la Cruz", "Siobhan O'Brien", "Frank Voicemail-Jones", "An Nguyen",
)  # fmt: skip
SENTENCES = (
    "{}", "{}.", "it's {}", "My name is {}", "that would be under {}", "you can put me down as {}, that'll do",
    "well, everybody says Bo, but it's {} on the deeds", "It's for me, {}, and my husband", "You're speaking to {}",
    "I'd rather say it once: {}, thanks", "{} here", "sure, {}",
)  # fmt: skip
NO_NAMES = (
    "Was Quick", "Driving", "Just a sec", "Not now", "At work", "In the car", "Outside Denver", "Downtown Denver",
    "Bit tired", "Sleepy", "On the bus", "Half a second", "Cooking dinner", "Still thinking", "hold on", "that depends",
    "the money is all gone", "my boss does", "six thousand", "I misread that", "lars at holm dot dk", "siobhan dot gee",
    "Watching the game", "no more questions", "Give me a mo", "Exhausted",
)  # fmt: skip


@given(st.sampled_from(NAMES), st.sampled_from(SENTENCES))
def test_a_name_is_found_in_any_sentence(name: str, sentence: str) -> None:
    assert own_name(sentence.format(name)) == name


@pytest.mark.parametrize("said", NO_NAMES)
def test_what_only_answers_is_no_name(said: str) -> None:
    assert own_name(said) is None


@pytest.mark.parametrize("name", ["Terrence", "Odette", "Xu", "marta lopez", "MARTA LOPEZ"])
def test_one_word_or_no_capitals_may_be_a_name(name: str) -> None:
    assert own_name(name) == name


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("oscar lima sierra echo november", "O L S E N"),
        ("Kate O apostrophe Dowd", "Kate O'Dowd"),
        ("Jo Smith hyphen Reid", "Jo Smith-Reid"),
        ("capital R, o, s, a", "R, o, s, a"),
        ("Mike Oscar Jones", "Mike Oscar Jones"),
    ],
)
def test_words_for_letters_and_signs_are_written_out(said: str, written: str) -> None:
    assert " ".join(dictated(said).split()) == written


@pytest.mark.parametrize(
    ("said", "letters"),
    [("H A double L E double T", "HALLETT"), ("B for Bravo, O, B for Bob", "BOB"), (" ".join("ABCDE" * 20), "")],
)
def test_letters_are_read_and_bounded(said: str, letters: str) -> None:
    assert spelled_letters(said) == letters


@pytest.mark.parametrize(
    ("name", "said", "whole", "part"),
    [
        ("Siobhan Gallagher", "Siobhan Gallagher. that's S I O B H A N", "Siobhan Gallagher", "Siobhan"),
        ("Neve Brennan", "Neve Brennan. N I A M H for the first one", "Niamh Brennan", "Niamh"),
        ("Sean Voycheck", "Sean Voycheck, the last name is W O J C I K", "Sean Wojcik", "Wojcik"),
    ],
)
def test_letters_belong_to_the_part_that_they_fit(name: str, said: str, whole: str, part: str) -> None:
    assert with_spelling(name, spelled_letters(said), said) == whole
    assert spelled_part(whole, said) == part


def test_the_letters_of_a_word_that_was_just_said_explain_it() -> None:
    assert without_explanation("siobhan dot gee, that's G double E, at example") == "siobhan dot gee, at example"
    assert without_explanation("lee, that's J O, at example") == "lee, that's J O, at example"
