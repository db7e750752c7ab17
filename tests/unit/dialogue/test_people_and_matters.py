"""Who is no lead is sold nothing, whoever swears at a machine is answered calmly, and talk of family is no grief."""

from pathlib import Path

import pytest

from callwright_common.campaign import Authority, load_campaign
from dialogue import Intent, LearnedAnalyzer, initial_state
from dialogue.analysis import AUTHORITY_VALUES
from dialogue.intents import Matter
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall
from vocabulary.enums import TransitionTrigger
from vocabulary.turns import EndCall, Utterance

GYM = load_campaign(Path(__file__).parents[2] / "evals" / "campaigns" / "ironleaf-gym.yaml")
QUESTIONS = {text for question in SOLAR.questions for text in (question.ask, question.ask_again)}
MATTERS = {
    "Do you use subs for your installs?": Matter.WORK, "Any openings with your crew this summer?": Matter.WORK,
    "I'm a roofer with two guys and I'd like to work for you.": Matter.WORK,
    "Who runs your marketing over there?": Matter.SALE, "We deliver verified homeowner leads.": Matter.SALE,
    "How would you like fifteen more installs every month?": Matter.SALE,
    "Would you put panels on my igloo?": Matter.JOKE, "I'd like solar for my house on the moon.": Matter.JOKE,
}  # fmt: skip
LEAVES = ("No, that's it. Great, thank you.", "Sweet, thanks a bunch.", "Nope, nothing else. Cool.", "Ok, thank you.")
CURSES = (
    "Oh, not another f***ing robot.", "God damn it, a bloody machine again.", "Great, one of those damn bots.",
    "I'm so sick of these stupid machines.", "Is this a freaking computer?",
)  # fmt: skip
ALONE = (
    "It belongs to me and my late husband, so me.", "It was mine and my late wife's, it's mine.",
    "I got it in the divorce from my husband.", "Her mother and I are divorced, but I am the one who pays.",
)  # fmt: skip
NO_CHILDREN = (
    "My mom's upstairs, she does the bills.", "My wife says I'm not supposed to give a number.", "Mommy says hi, ha.",
    "My daughter is doing her homework, sorry.", "She's six, the little one that you hear.", "My dad is in the garage.",
)  # fmt: skip
AGES = (
    "I am the grown-up here.", "No, no, I'm an adult.", "Very funny, I'm fifty.", "No, it's just me, I'm forty-two.",
    "I'm thirty-eight years old.", "I'm sixty-one, love.", "Hello, I'm her mother.",
)  # fmt: skip
NO_GRIEF = (
    "We have only been in the house four weeks.", "We took on a puppy and the air runs all day.",
    "There's a hole in the shed roof.", "The move was chaos and the bills came on top.",
)  # fmt: skip
CHILDREN = ("mama does, she sleeps", "I have school tomorrow")
GROWN_UP = ("We are fourteen in the office.", "He is in the garden.", "I sent my son an application.")
GRIEF = (
    "My mom, she's in hospice.",
    "It was a stroke, out of nowhere.",
    "She left me on Sunday.",
    "I can't stop crying.",
)


@pytest.mark.parametrize(("said", "matter"), MATTERS.items())
@pytest.mark.parametrize("leave", LEAVES)
def test_who_rings_for_something_else_is_asked_no_question_and_let_go(said: str, matter: Matter, leave: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert call.state.matter == matter
    assert not any(question in reply.text for question in QUESTIONS)
    assert EndCall in map(type, call.say(leave).actions)


def test_who_wants_the_product_besides_is_a_lead_all_the_same() -> None:
    call = SpokenCall()
    call.say("Any openings with your crew this summer?")
    reply = call.say("Yes please, thanks. My own bill is high.")
    assert any(question in reply.text for question in QUESTIONS)


@pytest.mark.parametrize("said", CURSES)
def test_who_swears_at_a_machine_is_answered_calmly_and_not_sold_to(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert reply.trigger is TransitionTrigger.ABUSE
    assert "colleague" in reply.text
    assert not any(question in reply.text for question in QUESTIONS)
    assert not reply.actions
    assert call.state.abuse == 0


@pytest.mark.parametrize("said", ALONE)
def test_the_dead_and_the_divorced_decide_nothing(said: str) -> None:
    call = SpokenCall()
    call.say("My electric bill is too high.", "two hundred a month", said)
    assert call.state.facts["decision"].value == AUTHORITY_VALUES[Authority.ALONE]


@pytest.mark.parametrize(
    ("said", "feeling"),
    [
        ("I'm pretty overweight.", Intent.ASHAMED), ("I've really let myself go.", Intent.ASHAMED),
        ("My doctor told me to move more.", Intent.UNWELL), ("I'm pre-diabetic now.", Intent.UNWELL),
        ("I had my knee replaced.", Intent.UNWELL),
    ],
)  # fmt: skip
def test_shame_and_illness_get_a_kind_word_and_no_condolence(said: str, feeling: Intent) -> None:
    call = SpokenCall(GYM)
    text = call.say(said).text
    assert ("feel bad" in text) == (feeling is Intent.ASHAMED)
    assert ("glad" in text or "good" in text) == (feeling is Intent.UNWELL)
    assert "sorry" not in text


@pytest.mark.parametrize("said", NO_GRIEF + GRIEF)
async def test_grief_is_in_the_callers_words_or_it_is_none(said: str) -> None:
    found = await LearnedAnalyzer(ToldClassifier(distress=0.97)).analyse(
        SOLAR, initial_state("c1"), Utterance(said), now=MONDAY
    )
    assert found.has(Intent.DISTRESS) == (said in GRIEF)


@pytest.mark.parametrize("said", CHILDREN + GROWN_UP)
async def test_a_child_speaks_in_a_childs_words_or_it_is_none(said: str) -> None:
    found = await LearnedAnalyzer(ToldClassifier(child=0.97)).analyse(
        SOLAR, initial_state("c1"), Utterance(said), now=MONDAY
    )
    assert found.has(Intent.CHILD) == (said in CHILDREN)


@pytest.mark.parametrize("said", NO_CHILDREN)
def test_who_answered_a_question_is_a_grown_up(said: str) -> None:
    call = SpokenCall()
    call.say("My bill is about 200 dollars.")
    reply = call.say(said)
    assert reply.trigger is not TransitionTrigger.OTHER_MATTER
    assert EndCall not in map(type, reply.actions)


@pytest.mark.parametrize("age", AGES)
def test_who_was_taken_for_a_child_hears_sorry_once_and_is_talked_to(age: str) -> None:
    call = SpokenCall()
    call.say("My mom is asleep.")
    assert call.state.matter == Matter.CHILD
    reply = call.say(age)
    assert Intent.GROWN_UP in call.state.checked
    assert any(question in reply.text for question in QUESTIONS)
    assert call.say("My mom is asleep, I told you.").trigger is not TransitionTrigger.OTHER_MATTER


@pytest.mark.parametrize("age", ["I'm seven.", "I'm only nine.", "I'm just a kid.", "I am eleven years old"])
def test_a_child_that_tells_its_age_is_asked_for_a_grown_up_and_sold_nothing(age: str) -> None:
    call = SpokenCall()
    call.say("My bill is about 200 dollars.")
    replies = [call.say(said) for said in (age, "How do the panels catch the sun?", "Do you like dinosaurs?")]
    assert all("grown-up" in reply.text for reply in replies[:2])
    assert EndCall in map(type, replies[2].actions)


@pytest.mark.parametrize("said", ["I'm not allowed to say.", "I'm not supposed to tell you that."])
def test_who_may_not_say_a_figure_is_not_asked_for_it_again(said: str) -> None:
    call = SpokenCall()
    call.say("Our power bills keep climbing.")
    pending = call.state.pending
    call.say(said)
    assert pending in call.state.dropped


@pytest.mark.parametrize(
    ("asks", "name"),
    [("My mother passed away, please stop the letters to her.", "Edith Moore."),
     ("My father died. Take him off your mailing list.", "No. Walter Brandt, 18 Linden Court."),
     ("We lost our dad. No more flyers for him, please.", "His name was George Hall.")],
)  # fmt: skip
def test_letters_to_the_dead_are_noted_with_the_name_and_said_back(asks: str, name: str) -> None:
    call = SpokenCall()
    reply = call.say(asks)
    assert "sorry" in reply.text
    assert call.state.requested("stop_letters")
    assert not call.state.requested("do_not_call")
    reply = call.say(name)
    assert call.state.wish is not None
    assert name.rsplit(maxsplit=1)[-1].strip(".").lower() in call.state.wish
    assert "letters" in reply.text
    assert EndCall in map(type, call.say("No, that is all.").actions)


@pytest.mark.parametrize(
    "asks", ["Are you hiring?", "We sell qualified leads to companies.", "I'm a reporter with a paper."]
)
@pytest.mark.parametrize("left", ["My name is Anna Kim.", "My number is 303 555 0142.", "I'm Tom, 720 555 0188."])
def test_what_a_caller_who_is_no_lead_leaves_is_a_note(asks: str, left: str) -> None:
    call = SpokenCall()
    call.say(asks)
    reply = call.say(left)
    assert "noted" in reply.text or "note" in reply.text
    assert not any(question in reply.text for question in QUESTIONS)


@pytest.mark.parametrize(
    "said",
    [
        "How do I avoid hurting myself?", "I hurt myself last year lifting", "so that I don't hurt myself again",
        "I'd kill myself if I had to use a treadmill, haha", "I don't want to be up a ladder and hurt myself",
    ],
)  # fmt: skip
def test_an_injury_is_no_despair(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert not call.actions


@pytest.mark.parametrize(
    "said", ["I want to kill myself", "I'm thinking about hurting myself", "I'm going to hang myself"]
)
def test_despair_is_met_at_once(said: str) -> None:
    call = SpokenCall()
    assert "emergency" in call.say(said).text
