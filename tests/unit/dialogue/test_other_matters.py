"""Callers who do not ring to buy are met with words of their own, never with the next question of the script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue import Intent, LearnedAnalyzer, initial_state, outcome, take_turn
from dialogue.intents import Matter
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SOLAR, SpokenCall, free_slots
from vocabulary.enums import Outcome, TransitionTrigger
from vocabulary.turns import EndCall, Opening, Transfer, TurnInput, Utterance

QUESTIONS = {text for question in SOLAR.questions for text in (question.ask, question.ask_again)}


def asks_the_script(text: str) -> bool:
    return any(question in text for question in QUESTIONS)


leads_in = st.sampled_from(["", "Hi, ", "yes hello, ", "uh, ", "Good morning. "])
kin = st.sampled_from(["husband", "wife", "mother", "dad", "son", "late wife's sister", "best friend", "grandma"])
when = st.sampled_from(["", " in May", " last week", " two days ago", " yesterday", " this morning"])
died = st.sampled_from(["died", "passed away", "was killed", "just died", "passed"])
griefs = st.builds("my {} {}{}".format, kin, died, when) | st.builds("we buried my {}{}".format, kin, when)
dangers = st.sampled_from(
    ["my house is on fire", "there's smoke coming out of the wall", "she is not breathing", "I can smell gas",
     "my husband just collapsed", "somebody is breaking into my house", "call an ambulance please"]
)  # fmt: skip
children = st.builds("I'm {}".format, st.sampled_from(["seven", "only nine", "8 years old", "just a kid", "ten"])) | (
    st.builds("{} is {}".format, st.sampled_from(["my mom", "mommy", "my dad"]),
              st.sampled_from(["in the shower", "upstairs", "asleep", "outside"]))
)  # fmt: skip
things = st.sampled_from(["panels", "battery", "inverter", "system"])
troubles = (
    st.builds("you installed my {} and it shows an error".format, things)
    | st.builds("my {} that you put up doesn't work".format, things)
    | st.builds("your crew {}".format, st.sampled_from(["never showed up", "broke my gate", "left a mess"]))
    | st.builds("I'm {} customer of yours".format, st.sampled_from(["a", "already a", "an existing"]))
    | st.builds("{} my {}".format, st.sampled_from(["cancel", "I want to cancel"]), st.sampled_from(["membership",
                                                                                                      "contract"]))
)  # fmt: skip
others = st.sampled_from(
    ["are you hiring", "I'm looking for work", "do you have any vacancies for installers",
     "I'm calling from an advertising agency", "we help companies get more customers", "I'm a reporter with the Herald",
     "we are doing a survey on energy", "would you sponsor our team", "is this the power company"]
)  # fmt: skip


@given(lead=leads_in, said=griefs)
def test_grief_is_met_with_a_human_word_and_no_question_of_the_script(lead: str, said: str) -> None:
    call = SpokenCall()
    reply = call.say(lead + said)
    assert "sorry" in reply.text
    assert not asks_the_script(reply.text)
    left = call.say("No, I don't want to.")
    assert any(isinstance(action, EndCall) for action in left.actions)
    assert "sunny" not in left.text


@given(said=griefs)
def test_whoever_grieves_may_go_on(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert asks_the_script(call.say("I'd like to carry on with it, mind you.").text)
    assert call.state.matter is None


@given(lead=leads_in, said=dangers)
def test_who_is_in_danger_is_sent_to_the_emergency_number_at_once(lead: str, said: str) -> None:
    reply = SpokenCall().say(lead + said)
    assert "emergency number" in reply.text
    assert any(isinstance(action, EndCall) for action in reply.actions)


parts_with_current = st.sampled_from(["inverter", "battery", "fuse box", "breaker panel", "charger", "outlet"])
signs = st.sampled_from(
    ["is buzzing", "'s hissing", "keeps crackling", "is getting really hot", "has melted", "is wet"]
)
electric_dangers = st.builds("the {} {}".format, parts_with_current, signs).filter(
    lambda said: not said.endswith("wet") or "charger" not in said
) | st.sampled_from(
    ["it smells hot near the meter", "there are sparks coming from the switch", "the fridge tingles when I touch it",
     "the battery is leaking something", "there's a burnt smell in the cupboard", "rain is getting into the fuse box",
     "our smoke alarm won't stop and the carbon monoxide alarm is going off"]
)  # fmt: skip
harmless = st.sampled_from(
    ["do the inverters buzz", "does a battery get hot", "the bill gave me a shock", "that sparked my interest",
     "it gets really hot here in summer", "what if water gets into the inverter", "can a battery catch fire",
     "my heating broke and now I am on electric heaters"]
)  # fmt: skip


@given(lead=leads_in, said=electric_dangers)
def test_signs_of_danger_at_what_carries_current_cannot_wait(lead: str, said: str) -> None:
    reply = SpokenCall().say(lead + said)
    assert "emergency number" in reply.text
    assert Transfer() in reply.actions


@given(lead=leads_in, said=harmless)
def test_talk_of_heat_and_sparks_is_no_danger(lead: str, said: str) -> None:
    reply = SpokenCall().say(lead + said)
    assert "emergency number" not in reply.text
    assert not reply.actions


fetching = st.sampled_from(
    ["hang on, I'll get her", "ok wait. DAD!", "my grandpa is here, do you want him?", "should I wake my mom?",
     "I'll go find my dad", "let me get her for you"]
)  # fmt: skip


@given(said=fetching)
def test_a_child_that_fetches_somebody_is_waited_for(said: str) -> None:
    call = SpokenCall()
    call.say("I'm only nine")
    assert call.say(said).trigger is TransitionTrigger.WAIT_REQUESTED


@pytest.mark.parametrize(
    "said",
    ["my bill is two hundred, no sorry, that was July, normally ninety", "my bill went through the roof",
     "I've a complaint about the utility, they put my bill up"],
)  # fmt: skip
def test_a_bill_of_another_company_is_a_leads(said: str) -> None:
    assert not SpokenCall().say(said).actions


@given(lead=leads_in, said=children)
def test_a_child_is_asked_for_a_grown_up(lead: str, said: str) -> None:
    call = SpokenCall()
    assert "grown-up" in call.say(lead + said).text
    assert any(isinstance(action, EndCall) for action in call.say("no, nobody is here").actions)


def test_a_grown_up_who_comes_to_the_phone_is_talked_to() -> None:
    call = SpokenCall()
    call.say("I'm seven.")
    assert call.say("okay, hold on").trigger is TransitionTrigger.WAIT_REQUESTED
    assert asks_the_script(call.say("Hello, this is Susan.").text)


@given(lead=leads_in, said=troubles)
def test_a_customer_with_a_trouble_gets_a_human(lead: str, said: str) -> None:
    call = SpokenCall()
    reply = call.say(lead + said)
    assert any(isinstance(action, Transfer) for action in reply.actions)
    assert call.state.requests
    assert not call.state.facts


@given(lead=leads_in, said=others)
def test_what_others_ring_about_is_noted_and_the_product_offered_once(lead: str, said: str) -> None:
    call = SpokenCall()
    reply = call.say(lead + said)
    assert not asks_the_script(reply.text)
    assert call.state.requests
    assert SOLAR.product.name in reply.text
    assert not asks_the_script(call.say("I have six years of it on big roofs.").text)
    over = call.say("No, that was it.")
    assert any(isinstance(action, EndCall) for action in over.actions)
    assert outcome(SOLAR, call.state) is Outcome.NOT_QUALIFIED


def test_whoever_wants_the_product_too_is_a_lead() -> None:
    call = SpokenCall()
    call.say("I'm a reporter with the Herald.")
    assert asks_the_script(call.say("Yes, I would like it for my own house.").text)


def test_a_question_in_between_is_answered_and_the_script_stays_away() -> None:
    call = SpokenCall()
    call.say("Are you hiring?")
    reply = call.say("Who is this?")
    assert "automated assistant" in reply.text
    assert not asks_the_script(reply.text)


@pytest.mark.parametrize(
    "said",
    [
        "my kids want us to go green", "my old system stopped working and the company is gone", "I lost power again",
        "my late husband always wanted solar", "my neighbor is a customer of yours", "I work in sales myself",
        "I saw your ad in the newspaper", "the inverter of my old company died", "I got a flyer from you",
        "my battery is dying", "I had a leak last winter, so I want new panels", "my son is ten and asks about it",
        "I need an installer", "what happens if one of your fitters never turns up", "I'm ten minutes away",
        "half the shingles fell off the roof", "my mother had a stroke years ago and her machine needs power",
        "I have a shed roof that's dying for it",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_not_taken_for_it(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert call.state.matter is None


def test_the_campaign_has_words_of_its_own() -> None:
    own = SOLAR.other_matters.model_copy(update={"emergency": "Please ring for help now."})
    call = SpokenCall(SOLAR.model_copy(update={"other_matters": own}))
    assert call.say("My house is on fire!").text == "Please ring for help now."


@pytest.mark.parametrize(
    ("label", "said", "matter"),
    [
        ("support", "that thing keeps beeping at me", Matter.FAULT),
        ("support", "it is about the thing from March", Matter.SUPPORT),
        ("other_matter", "my lad has an interview with you at two", Matter.WORK),
        ("other_matter", "I found a dog with your number on it", Matter.OTHER),
        ("distress", "I've had the doctor here all night", Matter.DISTRESS),
        ("distress", "the police are here about my boy", Matter.EMERGENCY),
        ("child", "grandad does, he snores", Matter.CHILD),
    ],
)
async def test_what_the_classifier_finds_is_known_by_its_words(label: str, said: str, matter: Matter) -> None:
    analyzer = LearnedAnalyzer(ToldClassifier(**{label: 0.95}))
    state = initial_state("c1")
    turns: list[TurnInput] = [Opening(), Utterance(said)]
    for number, turn_input in enumerate(turns):
        reply = await take_turn(
            SOLAR, state, turn_input, analyzer=analyzer, turn_id=f"t{number}", now=MONDAY, slots=free_slots()
        )
        state = reply.state
    assert state.matter is matter
    assert not asks_the_script(reply.text)


async def test_a_classifier_that_does_not_know_a_label_leaves_it_to_the_rules() -> None:
    analyzer = LearnedAnalyzer(ToldClassifier(greet=0.0))
    found = await analyzer.analyse(SOLAR, initial_state("c1"), Utterance("Are you hiring?"), now=MONDAY)
    assert found.has(Intent.OTHER_MATTER)
