"""What the rules read in the words stands where the classifier, or a looser pattern, hears something like it."""

from pathlib import Path

import pytest

from callwright_common.campaign import Authority, load_campaign
from dialogue import Analysis, LearnedAnalyzer, initial_state
from dialogue.analysis import AUTHORITY_VALUES
from dialogue.intents import Intent, Matter
from fakes.classifiers import ToldClassifier
from fakes.spoken_calls import MONDAY, QUALIFIES, SOLAR, SpokenCall
from vocabulary.enums import Expectation, TransitionTrigger
from vocabulary.turns import Utterance

CAMPAIGNS = Path(__file__).parents[2] / "evals" / "campaigns"
WINDOWS, TALLYBOOK = (load_campaign(CAMPAIGNS / f"{name}.yaml") for name in ("clearview-windows", "tallybook"))


async def heard(
    said: str,
    pending: str = "",
    *,
    expecting: Expectation = Expectation.ANSWER,
    matter: str | None = None,
    **chance: float,
) -> Analysis:
    state = initial_state("call-1")
    state.pending, state.expecting, state.matter = pending or None, expecting, matter
    return await LearnedAnalyzer(ToldClassifier(**chance)).analyse(SOLAR, state, Utterance(said), now=MONDAY)


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("cool, second one's fine", 14), ("yup first slot", 10), ("hm, the second time you offered", 14),
        ("sure first one works", 10), ("the first time you said, please", 10), ("fine second one then", 14),
    ],
)  # fmt: skip
def test_an_offered_time_is_picked_after_any_interjection(said: str, hour: int) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    offered = [slot.start_time.hour for slot in call.state.offered]
    call.say(said)
    assert call.state.chosen is not None
    assert call.state.chosen.start_time.hour == offered[0 if hour == 10 else 1]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("just me and my laptop", "just one"), ("me, my brother and the cat", "2 people"),
        ("me and my van", "just one"), ("just me, my wife and two fitters", "4 people"),
    ],
)  # fmt: skip
def test_what_is_no_person_is_not_counted(said: str, count: str) -> None:
    call = SpokenCall(TALLYBOOK)
    call.say(said)
    assert call.value("company_size") == count


@pytest.mark.parametrize("said", ["That one and two more, so three", "The two up top and three below, so five"])
def test_a_bare_count_is_no_sum_of_thousands(said: str) -> None:
    call = SpokenCall(WINDOWS)
    call.say("new windows", said)
    assert "budget" not in call.state.facts


@pytest.mark.parametrize("said", ["it comes every three months and it's about 600", "we get it every two months, 300"])
def test_a_period_is_no_time_at_which_something_is_wanted(said: str) -> None:
    call = SpokenCall()
    call.say("The bill is too high", said)
    assert "start" not in call.state.facts


@pytest.mark.parametrize("said", ["once my girls are out of college", "when the boys are out of the house"])
def test_years_of_a_family_are_no_end_of_the_school_year(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES[:3], said)
    assert "start" not in call.state.facts


@pytest.mark.parametrize("said", ["how long does it take", "how long will that take", "and how long would it take"])
def test_how_long_it_takes_asks_for_no_booking(said: str) -> None:
    call = SpokenCall()
    call.say(*QUALIFIES)
    assert "sixty minutes" in call.say(said).text


@pytest.mark.parametrize("said", ["My English is not very good", "sorry, I do not speak good English"])
async def test_who_lacks_the_language_asks_for_no_repetition(said: str) -> None:
    found = await heard(said, repeat_please=0.9)
    assert found.has(Intent.OTHER_LANGUAGE)
    assert not found.has(Intent.REPEAT)


async def test_who_wants_no_appointment_is_not_taken_to_want_nothing() -> None:
    found = await heard("no, I want no appointment", expecting=Expectation.SLOT_CHOICE, show_disinterest=0.9)
    assert found.has(Intent.NO_APPOINTMENT)
    assert not found.has(Intent.NOT_INTERESTED)


async def test_an_answer_is_no_wish_for_a_call_without_a_word_of_one() -> None:
    plain = await heard("about 180 dollars, I sit over it till midnight", "monthly_bill", callback_later=0.97)
    worded = await heard("about 180 dollars, but talk to me tomorrow", "monthly_bill", callback_later=0.97)
    assert not plain.has(Intent.CALL_LATER)
    assert worded.has(Intent.CALL_LATER)


async def test_an_answer_is_no_objection_without_a_word_of_one() -> None:
    assert (await heard("about 180 dollars, all in", "monthly_bill", objection_need=0.99)).concern is None


async def test_a_need_asks_nothing_without_a_word_of_asking() -> None:
    assert not (await heard("I want to cut my electric bill", ask_price=0.95, provide_need=0.7)).asks


@pytest.mark.parametrize("said", ["one second, I put my wife on", "let me put my husband on"])
async def test_who_fetches_somebody_tells_not_who_decides_and_objects_to_nothing(said: str) -> None:
    found = await heard(said, decides_together=0.95, objection_authority=0.96, hold_on=0.9)
    assert found.has(Intent.WAIT)
    assert found.concern is None
    assert AUTHORITY_VALUES[Authority.TOGETHER] not in {fact.value for fact in found.facts}


async def test_a_sum_is_part_of_a_question_only_where_one_is_asked() -> None:
    told = await heard("fifteen thousand dollars", "decision", ask_question=0.7, provide_budget=0.05)
    asked = await heard("does it cost fifteen thousand dollars?", "decision", ask_question=0.7, provide_budget=0.05)
    assert "budget" in {fact.name for fact in told.facts}
    assert "budget" not in {fact.name for fact in asked.facts}


async def test_a_child_tells_when_the_grown_up_is_back() -> None:
    back = await heard("She comes home at six", expecting=Expectation.MOVE_ON, matter=Matter.CHILD)
    fetches = await heard("hold on, I get her", expecting=Expectation.MOVE_ON, matter=Matter.CHILD)
    assert back.has(Intent.CALL_LATER)
    assert fetches.has(Intent.WAIT)
    assert not fetches.has(Intent.CALL_LATER)


async def test_a_plain_wish_for_a_human_is_one_although_an_answer_stands_beside_it() -> None:
    said = "Would you let me talk with one of the people in your office"
    assert (await heard(said, ask_human=0.99)).has(Intent.WANTS_HUMAN)


@pytest.mark.parametrize(
    "said", ["If you call again I will sue you", "you called my mother yesterday, stop calling us"]
)
async def test_a_grave_word_in_a_complaint_of_calls_is_asked_for_first(said: str) -> None:
    call = SpokenCall()
    found = await heard(said, opt_out=0.4, support=0.95)
    assert found.may_mean(Intent.DO_NOT_CALL) or found.has(Intent.DO_NOT_CALL)
    assert call.say(said).trigger in {TransitionTrigger.DO_NOT_CALL, TransitionTrigger.DOUBTED}


@pytest.mark.parametrize("said", ["Could you drop a leaflet in my mailbox", "please put a brochure in the mail"])
def test_what_is_asked_for_is_no_source(said: str) -> None:
    call = SpokenCall()
    call.say(said)
    assert "glad that you called" not in call.replies[-1].text
