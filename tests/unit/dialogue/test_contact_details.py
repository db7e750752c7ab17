"""Whom a booking is with: what is asked, what is never asked twice, what is read back and what a correction changes."""

from pathlib import Path

import pytest

from callwright_common.campaign import CampaignError, Capture, parse_campaign
from dialogue import initial_state
from dialogue.contact import contact
from dialogue.spoken_contacts import spoken_email, spoken_phone
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import Contact, EndCall

SOLAR_TEXT = (Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml").read_text()
CALLING_FROM = "+12025550199"
QUALIFIED = (
    "My electric bill is too high.", "About 180 dollars a month.", "I own it, I decide alone.", "In two months.",
    "fifteen thousand dollars", "the first one",
)  # fmt: skip
ALL = Capture(name="required", company="optional", phone="required", email="optional", address="optional")


def booked(*more: str, capture: Capture = SOLAR.capture, number: str = CALLING_FROM, yes: str = "yes") -> SpokenCall:
    """Returns a call in which a time was booked and some more was said."""
    call = SpokenCall(SOLAR.model_copy(update={"capture": capture}))
    call.state = call.state.model_copy(update={"caller_number": number})
    call.say(*QUALIFIED, yes, *more)
    return call


def known(call: SpokenCall) -> Contact:
    found = contact(call.campaign, call.state)
    assert found is not None
    return found


def test_a_detail_a_turn_is_asked_for_read_back_once_and_kept() -> None:
    call = booked("Priya Nair", "yes", "priya at example dot org")
    assert "priya at example dot org" in call.replies[-1].text
    call.say("yes that's right")
    assert known(call) == Contact("Priya Nair", "", CALLING_FROM, "priya@example.org", "", confirmed=True)
    assert call.state.expecting is Expectation.ANYTHING_ELSE


def test_a_caller_who_withholds_his_number_is_asked_for_one() -> None:
    call = booked("Priya Nair", number="")
    assert call.state.expecting is Expectation.CONTACT_DETAIL
    call.say("two oh two, triple five, oh one double four")
    assert known(call).phone == "+12025550144"


def test_nothing_that_was_given_is_asked_for() -> None:
    call = booked(yes="Yes. This is Dana O'Brien from Acme, my e-mail is d dot obrien at example dot org", capture=ALL)
    assert known(call) == Contact("Dana O'Brien", "Acme", "", "d.obrien@example.org")
    assert call.state.asked.keys().isdisjoint({"caller_name", "company", "email"})


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("No, it's B as in bravo, not P as in papa, in the e-mail.", {"email": "bell.kim@example.org"}),
        ("nine nine, not seven one", {"phone": "+12025550199"}),
        ("no, it ends in double three", {"phone": "+12025550133"}),
        ("no, the last digit is eight", {"phone": "+12025550178"}),
        ("The area code is three oh three.", {"phone": "+13035550171"}),
        ("No, 202 555 0188.", {"phone": "+12025550188"}),
        ("it's dot net, not dot org", {"email": "pell.kim@example.net"}),
        ("No, it's pell dot kim at example dot com", {"email": "pell.kim@example.com"}),
        ("No, the name is Kym. K Y M.", {"name": "Pell Kym"}),
        ("not Pell, it's Bell", {"name": "Bell Kim"}),
        ("No, my name is Marta Kim", {"name": "Marta Kim"}),
        ("no, my name is spelled K Y M", {"name": "Pell Kym"}),
    ],
)
def test_a_correction_changes_that_detail_alone_and_is_read_back(said: str, changed: dict[str, str]) -> None:
    call = booked(
        "Pell Kim", "two oh two five five five oh one seven one", "pell dot kim at example dot org", number=""
    )
    before = {"name": "Pell Kim", "phone": "+12025550171", "email": "pell.kim@example.org"}
    assert known(call) == Contact(**before)  # type: ignore[arg-type]
    call.say(said)
    assert known(call) == Contact(**before | changed)  # type: ignore[arg-type]
    assert call.state.read_back.keys() == {{"name": "caller_name"}.get(name, name) for name in changed}
    call.say("Yes, exactly.")
    assert known(call).confirmed


@pytest.mark.parametrize("said", ["The e-mail is wrong.", "no, you got my email wrong", "No, the email address."])
def test_a_detail_that_is_said_to_be_wrong_is_asked_for_again(said: str) -> None:
    call = booked("Pell Kim", "yes", "pell at example dot org", said)
    assert (call.state.expecting, call.state.pending) == (Expectation.CONTACT_DETAIL, "email")
    call.say("bell at example dot org", "yes")
    assert known(call) == Contact("Pell Kim", "", CALLING_FROM, "bell@example.org", "", confirmed=True)


@pytest.mark.parametrize(
    "said",
    ["I'd rather not.", "No thank you", "I don't want to give that out", "no", "none of your business", "Skip it."],
)
def test_a_caller_who_will_not_say_is_not_pressed_and_stays_booked(said: str) -> None:
    call = booked(said, said, said, number="")
    assert call.state.booked is not None
    assert call.state.expecting is Expectation.ANYTHING_ELSE
    assert contact(call.campaign, call.state) is None


@pytest.mark.parametrize("said", ["Well, the thing with the cat is over now", "blue, mostly", "hm, banana seventeen"])
def test_asking_comes_to_an_end_whatever_is_said(said: str) -> None:
    call = booked(*[said] * 12, capture=ALL)
    assert call.state.booked is not None
    assert call.state.expecting is not Expectation.CONTACT_DETAIL


def test_a_number_is_corrected_later_in_the_call() -> None:
    call = booked("Pell Kim", "yes", "no thanks", "yes", "Sorry, take 202 555 0133 instead", "yes")
    assert known(call) == Contact("Pell Kim", "", "+12025550133", "", "", confirmed=True)


@pytest.mark.parametrize("said", ["nope", "No.", "uh, no"])
def test_a_no_is_no_name(said: str) -> None:
    assert "caller_name" not in booked(said).state.facts


@pytest.mark.parametrize("said", ["please do", "aye, go on", "you may", "That one is fine.", "use this one"])
def test_the_number_of_the_call_may_be_used(said: str) -> None:
    assert known(booked("Pell Kim", said)).phone == CALLING_FROM


def test_a_goodbye_ends_the_call_with_what_was_told() -> None:
    call = booked("Pell Kim", "no, bye")
    assert any(isinstance(action, EndCall) for action in call.replies[-1].actions)
    assert known(call).name == "Pell Kim"


def test_a_campaign_that_wants_nothing_asks_nothing() -> None:
    assert booked(capture=Capture()).state.expecting is Expectation.ANYTHING_ELSE
    assert contact(SOLAR, initial_state("call")) is None


def test_details_are_said_in_groups_and_letters() -> None:
    assert spoken_phone("+12025550144") == "two zero two, five five five, zero one four four"
    assert spoken_email("t.okoro@example.org", known="Tunde Okoro", letters=False) == "t dot okoro at example dot org"
    assert spoken_email("okoro7@example.org", known="", letters=False) == "O, K, O, R, O, seven at example dot org"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("capture: {name: always}", "capture.name: must be 'required' or 'optional'"),
        ("capture: {emial: required}", "capture.emial: is not a field of a campaign file"),
    ],
)
def test_a_wrong_field_is_named(line: str, problem: str) -> None:
    with pytest.raises(CampaignError, match=problem):
        parse_campaign(
            SOLAR_TEXT.replace("capture: {name: required, phone: required, email: optional, address: required}", line),
            "solar",
        )


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("My son's is better: sam dot lee at example dot org", "sam.lee@example.org"),
        ("Use my home one, bkay at example dot com", "bkay@example.com"),
        ("it's the letter b, then kay, at example dot com", "bkay@example.com"),
        ("The best address, sam at example dot org", "sam@example.org"),
        ("sam, dot, lee, at, example, dot, org", "sam.lee@example.org"),
    ],
)
def test_what_is_said_ahead_of_an_address_is_no_part_of_it(said: str, address: str) -> None:
    call = booked("Priya Nair", "yes", said)
    assert call.state.facts["email"].value == address


@pytest.mark.parametrize(
    "said",
    [
        "What do you need my e-mail for? I don't want spam.",
        "No e-mail, I don't own a computer.",
        "I do not own a phone that does that, so no e-mail",
        "My wife handles the computer",
        "I mean, what would you do with my e-mail?",
        "Why the e-mail? I do not want junk",
    ],
)
def test_who_gives_no_address_changes_nothing_that_is_known(said: str) -> None:
    call = booked("Walt Brannigan", "yes")
    before = {name: fact.value for name, fact in call.state.facts.items()}
    call.say(said)
    assert {name: fact.value for name, fact in call.state.facts.items()} == before
    assert not call.state.begun_email


def test_who_asks_on_puts_no_reason_right() -> None:
    call = SpokenCall()
    call.say("The outages, we lose power", "No, I mean, how many hours does it last? The bill is one eighty")
    assert call.state.facts["interest"].value == "backup power"
    assert call.state.facts["monthly_bill"].number == 180
