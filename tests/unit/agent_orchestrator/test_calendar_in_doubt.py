"""A calendar that is late, silent or left in the middle: the caller is told what it holds, or that nobody knows."""

import re

import pytest

from fakes.answered_calls import BOOK, CANCEL, MOVE, SAYS, AnsweredCall
from fakes.virtual_time import virtual_time
from vocabulary.enums import Outcome
from vocabulary.exchange import CallResult

KINDS = (BOOK, MOVE, CANCEL)
MANY = 99
CHECKS = re.compile(r"checking")
DONE = re.compile(r"(?:booked for|it is booked|moved to|is moved|I have moved it|cancelled)", re.IGNORECASE)
FAILED = re.compile(r"not booked|not moved|not cancelled|still stands|is still")
NOBODY_KNOWS = re.compile(r"cannot say yet whether|do not see yet whether|still does not answer|still do not see")


def claims(text: str) -> set[str]:
    """Returns what an answer says of the calendar."""
    unknown = bool(NOBODY_KNOWS.search(text))
    rest = re.sub(r"whether [^.]*", "", text)
    failed = bool(FAILED.search(rest))
    done = bool(DONE.search(FAILED.sub("", rest)))
    return {name for name, holds in (("unknown", unknown), ("failed", failed), ("done", done)) if holds}


async def require_truth(call: AnsweredCall, result: CallResult) -> None:
    """Asserts that what is stored and summed up is what the calendar holds."""
    context = await call.context()
    booked = context.dialogue.booked
    assert call.booked == ([booked.slot_id] if booked else [])
    assert (result.outcome is Outcome.BOOKED) == bool(call.booked)
    assert "not known" not in result.summary


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["answers_lost", "requests_lost"])
@virtual_time
async def test_a_calendar_that_is_late_is_asked_again_in_the_same_turn(kind: str, fault: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    setattr(call.book, fault, 2)
    text = await call.say(SAYS[kind])
    assert CHECKS.search(text)
    assert claims(text) == {"done"}
    assert call.booked != before
    call.book.arrive()
    await require_truth(call, await call.end())


@pytest.mark.parametrize("says", ["okay", "hello?", "so is it booked?", "my name is Dana Whitfield", "no, that's all"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["answers_lost", "requests_lost"])
@virtual_time
async def test_what_is_in_doubt_is_looked_up_in_the_next_turn(kind: str, fault: str, says: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    setattr(call.book, fault, MANY)
    assert claims(await call.say(SAYS[kind])) == {"unknown"}
    call.book.recover()
    text = await call.say(says)
    assert claims(text) == {"done" if fault == "answers_lost" else "failed"}
    assert (call.booked == before) == (fault == "requests_lost")
    held = call.booked
    call.book.arrive()
    assert call.booked == held
    await require_truth(call, await call.end())


@pytest.mark.parametrize("kind", KINDS)
@virtual_time
async def test_what_was_not_done_is_done_on_a_yes(kind: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    call.book.requests_lost = MANY
    await call.say(SAYS[kind])
    call.book.recover()
    assert "?" in await call.say("okay")
    assert claims(await call.say("yes")) == {"done"}
    assert call.booked != before
    await require_truth(call, await call.end())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["answers_lost", "requests_lost"])
@virtual_time
async def test_of_a_calendar_that_stays_silent_nothing_is_claimed(kind: str, fault: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    setattr(call.book, fault, MANY)
    text = await call.say(SAYS[kind])
    call.book.unavailable = True
    for words in ("is it booked now?", "could we take another day?", "cancel it then", "when is it?", "no, that's all"):
        assert claims(text) <= {"unknown"}, text
        text = await call.say(words)
    assert claims(text) <= {"unknown"}, text
    result = await call.end()
    assert result.outcome is not Outcome.BOOKED
    assert "not known" in result.summary
    assert result.disposition == "call_back"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["answers_lost", "requests_lost"])
@virtual_time
async def test_at_the_latest_the_end_of_the_call_looks_it_up(kind: str, fault: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    setattr(call.book, fault, MANY)
    await call.say(SAYS[kind])
    call.book.recover()
    result = await call.end()
    call.book.arrive()
    await require_truth(call, result)
    assert "not told" in result.summary


WAITS = range(9)
"""One more than a turn has."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("joins", [False, True], ids=["told", "joined"])
@pytest.mark.parametrize("at", WAITS)
@virtual_time
async def test_a_turn_that_is_left_at_any_wait_is_made_good_in_the_next(kind: str, joins: bool, at: int) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    left = await call.say_and_leave(SAYS[kind], at, joins=joins)
    changed = call.booked != before
    text = await call.say(f"{SAYS[kind]} hello?" if joins else "hello?")
    if left and changed:
        assert "done" in claims(text), text
    await require_truth(call, await call.end())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", WAITS)
@virtual_time
async def test_a_call_that_ends_at_any_wait_is_summed_up_as_the_calendar_is(kind: str, at: int) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    await call.say_and_leave(SAYS[kind], at, joins=False)
    await require_truth(call, await call.end())


@pytest.mark.parametrize(
    ("kind", "said", "offers", "kept"),
    [
        (BOOK, "oh no, that does not work for me after all", "cancel it", 0),
        (CANCEL, "oh no, I would rather keep it", "book", 1),
        (CANCEL, "oh wait, no, I would like to keep it", "book", 1),
        (CANCEL, "leave the appointment as it is", "book", 1),
        (CANCEL, "I changed my mind, keep the appointment", "book", 1),
        (CANCEL, "let us keep the visit after all", "book", 1),
        (CANCEL, "please don't cancel it", "book", 1),
    ],
)
@virtual_time
async def test_what_went_through_and_is_taken_back_is_offered_to_be_undone(
    kind: str, said: str, offers: str, kept: int
) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    call.book.answers_lost = MANY
    await call.say(SAYS[kind])
    call.book.recover()
    text = await call.say(said)
    assert claims(text) == {"done"}
    assert offers in text.lower()
    assert claims(await call.say("yes")) == {"done"}
    await require_truth(call, await call.end())
    assert len(call.booked) == kept


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", WAITS)
@virtual_time
async def test_a_turn_that_a_fallback_answers_claims_nothing(kind: str, at: int) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    if not await call.say_and_leave(SAYS[kind], at, joins=False):
        return
    changed = call.booked != before
    assert claims(await call.fall_back(SAYS[kind])) == {"unknown"}
    alone = await call.end_without_orchestrator()
    assert alone.outcome is not Outcome.BOOKED
    assert "not known" in alone.summary
    assert claims(await call.say("okay")) == {"done" if changed else "failed"}
    await require_truth(call, await call.end())


@pytest.mark.parametrize("kind", KINDS)
@virtual_time
async def test_what_a_turn_that_was_left_may_have_done_is_in_doubt_without_an_orchestrator(kind: str) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    await call.say_and_leave(SAYS[kind], 3, joins=False)
    alone = await call.end_without_orchestrator()
    assert alone.outcome is not Outcome.BOOKED
    assert "not known" in alone.summary


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", WAITS)
@virtual_time
async def test_a_turn_that_was_left_may_be_sent_again(kind: str, at: int) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    before = call.booked
    if not await call.say_and_leave(SAYS[kind], at, joins=False):
        return
    call.forget_last_turn()
    assert claims(await call.say(SAYS[kind])) == {"done"}
    assert call.booked != before
    assert len(call.book.of_call("call-1")) == 1
    await require_truth(call, await call.end())


@pytest.mark.parametrize("kind", [BOOK, MOVE])
@pytest.mark.parametrize("fault", ["answers_lost", "requests_lost"])
@virtual_time
async def test_what_is_told_while_the_calendar_stays_silent_to_the_end_is_kept_afterwards(
    kind: str, fault: str
) -> None:
    call = AnsweredCall()
    await call.lead_to(kind)
    setattr(call.book, fault, MANY)
    await call.say(SAYS[kind])
    call.book.unavailable = True
    for words in ("my name is Dana Whitfield", "my name is Erin Novak", "my phone number is 202 555 0187"):
        await call.say(words)
    assert "not known" in (await call.end()).summary
    [last] = call.book.last_contacts
    assert (last.contact.name, last.contact.phone) == ("Erin Novak", "+12025550187")
    assert last.version == (await call.context()).revision
    await call.end()
    assert call.book.last_contacts == [last]


@pytest.mark.parametrize(("says", "left"), [("please delete my phone number", "Erin Novak"), ("erase my data", "")])
@virtual_time
async def test_what_is_taken_out_while_a_booking_is_in_doubt_is_in_no_record_afterwards(says: str, left: str) -> None:
    call = AnsweredCall()
    await call.lead_to(BOOK)
    call.book.answers_lost = MANY
    await call.say(SAYS[BOOK])
    call.book.unavailable = True
    for words in ("my name is Erin Novak", "my phone number is 202 555 0187", says):
        answer = await call.say(words)
    assert "taken that out" in answer or "is out again" in answer or "data" in answer
    await call.end()
    [last] = call.book.last_contacts
    assert (last.contact.name, last.contact.phone) == (left, "")
