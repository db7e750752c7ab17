"""What a caller puts right, points to, asks about or takes back of his details, whenever he does."""

import pytest

from callwright_common.campaign import Campaign
from dialogue.contact import contact
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.enums import Expectation
from vocabulary.turns import Contact, EndCall

CALLING_FROM = "+12025550199"
QUALIFIED = (
    "My electric bill is too high.", "About 180 dollars a month.", "I own it, I decide alone.", "In two months.",
    "fifteen thousand dollars", "the first one", "yes",
)  # fmt: skip
QUALIFIED_IN_SPANISH = (
    "Pago mucho de luz.", "Unos 180 dólares al mes.", "Soy dueño, decido yo solo.", "En dos meses.",
    "quince mil dólares", "el primero", "sí",
)  # fmt: skip
NAME, PHONE, EMAIL = "Pell Kim", "two oh two five five five oh one seven one", "pell dot kim at example dot org"
TOLD = {"name": "Pell Kim", "phone": "+12025550171", "email": "pell.kim@example.org"}
STAGES = {"email": (NAME, PHONE), "read_back": (NAME, PHONE, EMAIL), "after": (NAME, PHONE, EMAIL, "yes")}


def booked(*more: str, number: str = "", qualified: tuple[str, ...] = QUALIFIED) -> SpokenCall:
    """Returns a call in which a time was booked and some more was said."""
    campaign: Campaign = SOLAR
    call = SpokenCall(campaign)
    call.state = call.state.model_copy(update={"caller_number": number})
    call.say(*qualified, *more)
    return call


def known(call: SpokenCall) -> dict[str, str]:
    found = contact(call.campaign, call.state) or Contact()
    return {"name": found.name, "phone": found.phone, "email": found.email}


def ends(call: SpokenCall) -> bool:
    return any(isinstance(action, EndCall) for action in call.replies[-1].actions)


class TestCorrections:
    @pytest.mark.parametrize("stage", STAGES)
    @pytest.mark.parametrize(
        ("said", "changed"),
        [
            ("Sorry, eight one, not seven one", {"phone": "+12025550181"}),
            ("seven two at the end, sorry, not seven one", {"phone": "+12025550172"}),
            ("no I meant 0161 for the phone", {"phone": "+12025550161"}),
            ("the phone's wrong, it's 0190 at the end", {"phone": "+12025550190"}),
            ("the number should end in double eight", {"phone": "+12025550188"}),
            ("wait, I said seven one, I meant one seven", {"phone": "+12025550117"}),
            ("the area code is wrong, should be seven two oh", {"phone": "+17205550171"}),
            ("you have the wrong number, it's 202 555 0110", {"phone": "+12025550110"}),
            ("the other way round, first name is Kim", {"name": "Kim Pell"}),
            ("sorry, you've got my names backwards", {"name": "Kim Pell"}),
            ("Kim is my first name actually", {"name": "Kim Pell"}),
            ("sorry, my surname is Kym, with a Y", {"name": "Pell Kym"}),
            ("it's Bell, not Pell", {"name": "Bell Kim"}),
            ("sorry, my name is spelled K Y M", {"name": "Pell Kym"}),
        ],
    )
    def test_is_taken_at_any_turn_and_refuses_nothing(self, stage: str, said: str, changed: dict[str, str]) -> None:
        call = booked(*STAGES[stage])
        before = known(call)
        call.say(said)
        assert known(call) == before | changed
        assert call.state.withheld == []
        read_back = Expectation.CONTACT_CONFIRMATION
        assert call.state.expecting is (Expectation.CONTACT_DETAIL if stage == "email" else read_back)
        call.say(*[EMAIL, "yes"] if stage == "email" else ["yes"])
        assert known(call) == TOLD | changed
        assert contact(call.campaign, call.state).confirmed  # type: ignore[union-attr]

    @pytest.mark.parametrize("stage", ["read_back", "after"])
    @pytest.mark.parametrize(
        ("said", "email"),
        [
            ("it's dot com, not dot org", "pell.kim@example.com"),
            ("sorry, the email was dot net, not dot org", "pell.kim@example.net"),
            ("no dot between them in the e-mail", "pellkim@example.org"),
        ],
    )
    def test_of_an_address(self, stage: str, said: str, email: str) -> None:
        assert known(booked(*STAGES[stage], said)) == TOLD | {"email": email}

    @pytest.mark.parametrize("said", ["my number needs one more zero", "a digit is missing in the phone number"])
    def test_of_a_number_with_a_digit_too_few_has_it_asked_again(self, said: str) -> None:
        call = booked(*STAGES["read_back"], said)
        assert (call.state.expecting, call.state.pending) == (Expectation.CONTACT_DETAIL, "phone")

    @pytest.mark.parametrize("said", ["no", "No thanks.", "I don't have one", "Not really", "that's fine", "no email"])
    def test_are_not_heard_in_plain_answers(self, said: str) -> None:
        assert known(booked(*STAGES["email"], said)) == {**TOLD, "email": ""}


class TestTheNumberOfTheCall:
    SAID = (
        "the number I'm calling from", "same one I'm callin on", "this number", "You've got it on your screen, no?",
        "whatever shows up on your caller ID", "the line we're on", "doesn't it show?",
    )  # fmt: skip

    @pytest.mark.parametrize("said", SAID)
    def test_is_taken_and_named_by_its_last_digits(self, said: str) -> None:
        call = booked(NAME, number=CALLING_FROM)
        assert "zero one nine nine" in call.replies[-1].text
        call.say(said, "no thanks")
        assert known(call)["phone"] == CALLING_FROM
        assert "zero one nine nine" in call.replies[-1].text

    @pytest.mark.parametrize("said", SAID)
    def test_is_asked_for_where_it_does_not_show(self, said: str) -> None:
        call = booked(NAME, said)
        assert (call.state.pending, known(call)["phone"]) == ("phone", "")
        assert "your number does not" in call.replies[-1].text.lower()


@pytest.mark.parametrize("zero", ["\u0660", "\u06f0", "\u0966", "\uff10"])
def test_digits_of_other_scripts_are_digits(zero: str) -> None:
    said = "".join(chr(ord(zero) + int(digit)) for digit in "2025550144")
    assert known(booked(NAME, said))["phone"] == "+12025550144"


@pytest.mark.parametrize("asked", ["phone", "email"])
@pytest.mark.parametrize("said", ["what for?", "Do you need it?", "is that necessary?", "why do you want that?"])
def test_what_a_detail_is_for_is_told(asked: str, said: str) -> None:
    call = booked(NAME, *([PHONE] if asked == "email" else []), said)
    assert "you may leave it out" in call.replies[-1].text
    assert call.state.pending == asked


@pytest.mark.parametrize(
    "said", ["skip the email", "I don't do email", "text only", "leave the email blank", "we're not on email here"]
)
def test_a_detail_may_be_left_out_in_any_words(said: str) -> None:
    call = booked(NAME, PHONE, said)
    assert call.state.withheld == ["email"]
    assert call.state.expecting is Expectation.CONTACT_CONFIRMATION


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (("siobhan dot gee, G double E", "at example dot org"), "siobhan.gee@example.org"),
        (("priya at", "example.com"), "priya@example.com"),
        (("p underscore kim", "pardon?", "it's example dot org"), "p_kim@example.org"),
        (("t dot okoro", "I'd rather not"), ""),
        (("t dot okoro", "banana", "blue"), ""),
    ],
)
def test_an_address_is_finished_that_was_begun_in_another_turn(said: tuple[str, ...], address: str) -> None:
    call = booked(NAME, PHONE, *said)
    assert known(call)["email"] == address
    assert call.state.expecting is Expectation.CONTACT_CONFIRMATION


class TestTakingOut:
    @pytest.mark.parametrize("stage", STAGES)
    @pytest.mark.parametrize(
        ("said", "detail"),
        [
            ("Please delete my phone number", "phone"),
            ("take my number off the booking again", "phone"),
            ("don't keep my mobile number, please", "phone"),
            ("take my name out again", "name"),
            ("get rid of my name", "name"),
        ],
    )
    def test_forgets_the_detail_and_ends_nothing(self, stage: str, said: str, detail: str) -> None:
        call = booked(*STAGES[stage])
        before = known(call)
        call.say(said)
        assert known(call) == before | {detail: ""}
        assert not ends(call)
        assert call.state.requests == []
        call.say("yes", "no")
        assert known(call)[detail] == ""

    @pytest.mark.parametrize(
        "said", ["scrap my phone number and my name", "don't keep my name or number", "leave my name and my phone out"]
    )
    def test_forgets_several_details_at_once(self, said: str) -> None:
        call = booked(NAME, PHONE, "no e-mail")
        call.say(said)
        assert not known(call)["name"]
        assert not known(call)["phone"]
        assert not ends(call)

    @pytest.mark.parametrize(
        "said", ["take my number off your list", "delete my number and never call me again", "stop calling this number"]
    )
    def test_is_a_wish_not_to_be_called_where_calls_are_spoken_of(self, said: str) -> None:
        assert ends(booked(*STAGES["after"], said))


@pytest.mark.parametrize(
    ("stage", "said", "changed"),
    [
        ("email", "perdón, ocho uno, no siete uno", {"phone": "+12025550181"}),
        ("email", "el número termina en cero uno nueve cero", {"phone": "+12025550190"}),
        ("read_back", "es punto com, no punto org", {"email": "elena.ruiz@example.com"}),
        ("read_back", "borre mi teléfono", {"phone": ""}),
        ("read_back", "no guarde mi correo", {"email": ""}),
    ],
)
def test_the_same_holds_in_spanish(stage: str, said: str, changed: dict[str, str]) -> None:
    details = (
        "Elena Ruiz",
        "dos cero dos cinco cinco cinco cero uno siete uno",
        "elena punto ruiz arroba example punto org",
    )
    call = booked(*details[: 2 if stage == "email" else 3], qualified=QUALIFIED_IN_SPANISH)
    before = known(call)
    call.say(said)
    assert known(call) == before | changed
    assert not ends(call)
