"""A caller who wants his data deleted: nothing of him stays in the call, a human is to do the rest, nobody rings."""

import pytest

from dialogue import summed_up
from dialogue.contact import PERSONAL, contact
from fakes.spoken_calls import SOLAR, SpokenCall
from unit.dialogue.test_contact_corrections import EMAIL, NAME, PHONE, QUALIFIED_IN_SPANISH, booked, ends
from vocabulary.enums import EndReason, Expectation, Outcome

WISHES = (
    "please erase everything you have about me",
    "What do you have on me? Delete it.",
    "I want my personal data deleted",
    "wipe all of my details, will you",
    "under GDPR I ask for erasure of my records, delete them",
    "I would like to be forgotten, right to be forgotten",
    "Take my information off your system, please.",
)
SPANISH_WISHES = (
    "borre todos mis datos, por favor", "quiero que eliminen mis datos personales",
    "¿qué saben de mí? bórrenlo todo", "no guarden ningún dato mío, ejerzo mi derecho al olvido",
)  # fmt: skip
OTHERS = (
    "wipe the slate clean, let us start over", "we had the old panels removed", "what do you know about my roof?",
    "delete the second appointment", "my contractor deleted the file with the plans", "can you take my details?",
    "I will get my details together", "no details please, just the price",
)  # fmt: skip


def is_passed_on(call: SpokenCall) -> bool:
    """Whether a human is to see to it, is told so and hears that it is still to be done."""
    summary = summed_up(SOLAR, call.state, EndReason.CALLER_HUNG_UP).summary
    return "his data erased, which is still to be done" in summary and "not to be called again" in summary


@pytest.mark.parametrize("wish", [*WISHES, "delete my phone number"])
@pytest.mark.parametrize("ahead", [(), ("my electric bill is too high", "my name is Pell Kim")])
def test_before_anything_is_booked_it_is_passed_on_and_the_call_ends(wish: str, ahead: tuple[str, ...]) -> None:
    call = SpokenCall()
    call.say(*ahead, wish)
    assert ends(call)
    assert is_passed_on(call)
    assert "deleted" in call.replies[-1].text
    assert "has been deleted" not in call.replies[-1].text
    assert wish not in WISHES or not PERSONAL & call.state.facts.keys()
    assert summed_up(SOLAR, call.state, EndReason.CALLER_HUNG_UP).disposition == "wants_erasure"


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("told", [(), (NAME, PHONE), (NAME, PHONE, EMAIL), (NAME, PHONE, EMAIL, "yes")])
def test_whoever_booked_keeps_the_appointment_and_nothing_else(wish: str, told: tuple[str, ...]) -> None:
    call = booked(*told, wish, number="+12025550199")
    assert not ends(call)
    assert call.state.booked is not None
    assert is_passed_on(call)
    assert contact(SOLAR, call.state) is None
    assert "555" not in repr((call.state.read_back, call.state.settled, call.state.agreed, call.state.caller_number))
    call.say("no, that is all")
    assert ends(call), "nothing is asked for again"
    result = summed_up(SOLAR, call.state, EndReason.AGENT_GOODBYE)
    assert (result.outcome, result.disposition) == (Outcome.BOOKED, "wants_erasure")


def test_a_number_that_is_not_noted_is_the_one_he_rings_from() -> None:
    call = booked(NAME, "please delete my phone number", number="+12025550199")
    assert is_passed_on(call)
    assert "caller_name" in call.state.facts
    call = booked(NAME, PHONE, "please delete my phone number")
    assert "phone" not in call.state.facts
    assert not call.state.requested("erasure")


def test_whoever_booked_and_wants_no_calls_either_is_let_go() -> None:
    call = booked(NAME, "never call me again and delete all my data")
    assert ends(call)
    assert is_passed_on(call)


@pytest.mark.parametrize("wish", SPANISH_WISHES)
def test_in_spanish_too(wish: str) -> None:
    call = SpokenCall()
    call.say("hola, hablo español, por favor", wish)
    assert ends(call)
    assert is_passed_on(call)
    call = booked(NAME, wish, qualified=("hola, hablo español, por favor", *QUALIFIED_IN_SPANISH))
    assert is_passed_on(call)
    assert contact(SOLAR, call.state) is None


@pytest.mark.parametrize("said", OTHERS)
def test_what_only_sounds_like_it_is_none(said: str) -> None:
    for call in (SpokenCall(), booked(NAME)):
        call.say(said)
        assert not call.state.requested("erasure")


def asked_whether_to_be_called_no_more() -> SpokenCall:
    """Returns a call in which what was said may have been a wish to be forgotten, and the caller is asked."""
    call = SpokenCall()
    call.state.checked.append("do_not_call")
    call.state.may_want_erasure = True
    call.state.expecting = Expectation.OPT_OUT_CHECK
    return call


@pytest.mark.parametrize("said", ["yes", "yes please", "that would be good, yes"])
def test_whoever_agrees_is_forgotten(said: str) -> None:
    call = asked_whether_to_be_called_no_more()
    call.say(said)
    assert ends(call)
    assert is_passed_on(call)


@pytest.mark.parametrize("denied", ["no, I did not mean that", "No, not at all.", "no, let us go on"])
@pytest.mark.parametrize("later", ["never call me again", "stop calling this number", "take me off your list"])
def test_whoever_denied_it_and_wants_no_calls_later_is_not_forgotten(denied: str, later: str) -> None:
    call = asked_whether_to_be_called_no_more()
    call.say(denied, later)
    assert ends(call)
    assert call.state.requested("do_not_call")
    assert not call.state.requested("erasure")
    assert "deleted" not in call.replies[-1].text
