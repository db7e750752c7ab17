"""Who booked and offers a detail of himself is asked for it, be it wanted or not; it is read back and kept."""

import pytest

from callwright_common.campaign import Capture
from dialogue.contact import contact
from fakes.spoken_calls import QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import EndCall

NOTHING_TO_ASK = SOLAR.model_copy(update={"capture": Capture()})
OFFERS_ADDRESS = (
    "Don't you need my address?", "You don't have my address.", "How does he find my house?", "You know where I live?",
    "How will your guy know where to come?", "You never asked for the address.", "How he come to my house?",
    "Should I give you our address?",
)  # fmt: skip
NO_OFFERS = ("What is your address?", "Do you have an office in Denver?", "How does he get paid?", "Where are you?")


def booked() -> SpokenCall:
    call = SpokenCall(NOTHING_TO_ASK)
    call.say(*QUALIFIES, "the first one", "yes")
    assert call.state.expecting is Expectation.ANYTHING_ELSE
    return call


@pytest.mark.parametrize("said", OFFERS_ADDRESS)
def test_an_address_that_is_offered_is_asked_for_read_back_and_kept(said: str) -> None:
    call = booked()
    assert "address" in call.say(said).text
    assert call.state.expecting is Expectation.CONTACT_DETAIL
    assert "Larch Street" in call.say("It's 40 Larch Street, Boulder.").text
    call.say("Yes.")
    known = contact(call.campaign, call.state)
    assert known is not None
    assert (known.address, known.confirmed) == ("40 Larch Street Boulder", True)


@pytest.mark.parametrize("said", NO_OFFERS)
def test_what_is_asked_of_the_company_offers_nothing(said: str) -> None:
    call = booked()
    call.say(said)
    assert call.state.expecting is not Expectation.CONTACT_DETAIL


@pytest.mark.parametrize(
    "said", ["You don't need my name or anything? Carol Vander Ploeg.", "My name is Carol Vander Ploeg, write it down."]
)
def test_a_name_that_is_told_is_kept(said: str) -> None:
    call = booked()
    assert "Carol Vander Ploeg" in call.say(said).text
    call.say("Yes.")
    known = contact(call.campaign, call.state)
    assert known is not None
    assert known.name == "Carol Vander Ploeg"


def test_a_detail_that_is_known_is_read_back() -> None:
    call = booked()
    call.say("My address is 7 Cedar Lane, Golden.", "Yes.")
    assert "seven Cedar Lane" in call.say("You have my address?").text


def test_an_address_that_is_told_where_the_name_is_asked_for_is_no_name() -> None:
    call = SpokenCall(SOLAR)
    call.say(*QUALIFIES, "the first one", "yes", "214 Juniper Avenue, Lakewood")
    assert call.state.facts["address"].value == "214 Juniper Avenue Lakewood"
    assert "caller_name" not in call.state.facts


@pytest.mark.parametrize("said", ["Somebody calls me before?", "Does he call ahead?", "He rings me first, yes?"])
def test_a_call_before_the_visit_is_noted(said: str) -> None:
    call = booked()
    assert "call you before" in call.say(said).text
    assert "a call before the appointment" in call.state.requests


def test_nobody_hangs_up_on_who_offers_his_number() -> None:
    call = booked()
    reply = call.say("You don't want my phone number?")
    assert EndCall not in map(type, reply.actions)
    assert "number" in reply.text


def test_who_says_that_the_address_is_missing_takes_none_out() -> None:
    call = booked()
    call.say("You know my address?")
    reply = call.say("How he come to my house? You don't have address.")
    assert "address" in reply.text
    assert call.state.pending == "address"
