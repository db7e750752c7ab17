"""Callers whose first words tell where they heard of the company, or what of the company's they answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue import Intent, LearnedAnalyzer, RuleAnalyzer, initial_state
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, SpokenCall, at_once
from vocabulary.enums import Agent, Expectation
from vocabulary.turns import Utterance

sent = st.sampled_from(["flyer", "leaflet", "postcard", "brochure", "letter", "coupon", "e-mail", "text message"])
people = st.sampled_from(["my neighbor", "my brother in law", "a friend of ours", "my boss", "the guy next door"])
sources = (
    st.builds("I {} a {} from you{}".format, st.sampled_from(["got", "have", "found", "received"]), sent, st.just("."))
    | st.builds("There was a {} of yours, your {} in my mailbox.".format, sent, sent)
    | st.builds("I saw your {}.".format, st.sampled_from(["truck", "sign", "booth", "ad", "website", "billboard"]))
    | st.builds("{} told me to {} you.".format, people, st.sampled_from(["call", "try", "ring"]))
    | st.builds("{} gave me your {}.".format, people, st.sampled_from(["number", "card", "name"]))
    | st.builds("I filled out a form {}.".format, st.sampled_from(["online", "on your website", "at your stand"]))
    | st.builds("I'm returning your {}.".format, st.sampled_from(["call", "message", "letter"]))
    | st.builds("I found you on {}.".format, st.sampled_from(["Google", "Facebook", "the internet"]))
    | st.sampled_from(["I had a missed call from this number.", "I met one of your people at the county fair."])
)


@given(said=sources)
def test_whoever_says_where_he_heard_of_the_company_is_a_lead(said: str) -> None:
    call = SpokenCall()
    reply = call.say(said)
    assert call.state.expecting is Expectation.ANSWER
    assert call.state.agent in {Agent.CONVERSATION, Agent.QUALIFICATION}
    assert not reply.actions


@given(said=sources)
def test_no_classifier_makes_him_ring_about_something_else(said: str) -> None:
    state = SpokenCall().state
    found = at_once(
        LearnedAnalyzer(ToldClassifier(other_matter=0.99, support=0.99, off_topic=0.95, callback_later=0.95)).analyse(
            SpokenCall().campaign, state, Utterance(said), now=MONDAY
        )
    )
    assert not found.has(Intent.OTHER_MATTER, Intent.SUPPORT, Intent.OFF_TOPIC, Intent.CALL_LATER)


def test_what_else_he_tells_is_taken() -> None:
    call = SpokenCall()
    call.say("I got a flyer from you, our electric bill is two hundred and ten a month.")
    assert call.value("monthly_bill") == "$210 a month"
    assert call.state.pending not in call.state.facts


@pytest.mark.parametrize(
    "said",
    [
        "I'm calling from a printing company, we do flyers.",
        "Your crew broke my gate and I saw your truck driving off.",
        "Nobody called me back though I left my number.",
        "You keep calling me about your offer every single day.",
        "Why did you call me?",
        "I found a dog with your number on it.",
    ],
)
def test_other_matters_stay_what_they_are(said: str) -> None:
    found = at_once(RuleAnalyzer().analyse(SpokenCall().campaign, initial_state("c"), Utterance(said), now=MONDAY))
    assert not found.has(Intent.HEARD_OF_US) or found.has(Intent.SUPPORT)
