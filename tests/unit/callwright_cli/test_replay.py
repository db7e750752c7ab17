"""A recorded call that is run once more."""

import io
from dataclasses import replace
from datetime import timedelta

from rich.console import Console

from callwright_cli.replay import replay, show_erased, show_replay
from callwright_common.campaign import Campaign
from dialogue import reweighed
from fakes import call_records
from fakes.spoken_calls import RULES, SOLAR, SpokenCall
from vocabulary.call_record import CallHistory
from vocabulary.enums import EndReason, Outcome, ReplySource, TransitionTrigger
from vocabulary.turns import TurnRecord

LINES = (
    "My electric bill is too high", "About 180 dollars", "I own it, just me", "in two months", "fifteen thousand",
    "the first one", "yes please", "no, that's all, goodbye",
)  # fmt: skip


def _recorded() -> tuple[SpokenCall, CallHistory]:
    """A call that was booked, and its record."""
    call, template = SpokenCall(), call_records.call()
    call.say(*LINES)
    turns = [
        replace(
            template.turns[0],
            agent=reply.agent,
            joined_into="",
            turn=TurnRecord(
                turn_id=f"t{number}",
                caller_text=said,
                reply_text=reply.text,
                heard_text=reply.text,
                source=ReplySource.ORCHESTRATOR,
                occur_time=call.now + timedelta(seconds=number),
                asked=reply.asks,
            ),
        )
        for number, (said, reply) in enumerate(zip(("", *LINES), call.replies, strict=True))
    ]
    kept = replace(template.call, call_id="call-1", end_reason=EndReason.AGENT_GOODBYE, outcome=Outcome.BOOKED)
    return call, replace(template, call=kept, turns=tuple(turns), bookings=())


async def test_the_same_build_says_the_same() -> None:
    call, record = _recorded()
    replayed = await replay(record, SOLAR, call.slots or [], RULES)
    assert [turn.recorded.turn.caller_text for turn in replayed.turns if turn.differs] == []
    assert replayed.result.outcome is Outcome.BOOKED


async def test_another_campaign_file_shows_where_it_would_be_heard() -> None:
    call, record = _recorded()
    first, second, *others = SOLAR.questions
    asked_otherwise = second.model_copy(update={"ask": "What does the utility charge you every month?"})
    changed = SOLAR.model_copy(update={"questions": (first, asked_otherwise, *others)})
    replayed = await replay(record, changed, call.slots or [], RULES)
    assert [turn.recorded.turn.caller_text for turn in replayed.turns if turn.differs] == [LINES[0]]
    assert replayed.result.outcome is Outcome.BOOKED
    page = io.StringIO()
    show_replay(Console(file=page), record, replayed)
    assert "now: (qualification, lead_engaged)" in page.getvalue()
    assert "1 of 9 turns differ; outcome booked, now booked" in page.getvalue()


async def test_what_would_be_understood_otherwise_is_told() -> None:
    call, record = _recorded()
    turns = list(record.turns)
    turns[2] = replace(turns[2], turn=replace(turns[2].turn, caller_text="please take me off your list"))
    replayed = await replay(replace(record, turns=tuple(turns)), SOLAR, call.slots or [], RULES)
    assert replayed.turns[2].differs
    assert replayed.turns[2].reply.trigger is TransitionTrigger.DO_NOT_CALL


def _told_of_erased(record: CallHistory, campaign: Campaign) -> tuple[str, bool]:
    page = io.StringIO()
    differs = show_erased(Console(file=page), record, campaign)
    return page.getvalue(), differs


def _erased() -> CallHistory:
    template = call_records.call()
    turns = tuple(replace(turn, turn=turn.turn.without_words()) for turn in template.turns)
    return replace(template, call=replace(template.call, summary="", erase_time=call_records.START), turns=turns)


def test_of_an_erased_call_its_score_alone_is_compared() -> None:
    record = _erased()
    assert record.call.score is not None
    score = reweighed(SOLAR, record.call.score)
    same = replace(record, call=replace(record.call, score=score))
    told, differs = _told_of_erased(same, SOLAR)
    assert not differs
    assert "was erased at 2026-11-23 16:00 UTC" in told
    assert f"left are: {record.turn_count} turns" in told
    assert "differ;" not in told
    stricter = SOLAR.model_copy(update={"scoring": SOLAR.scoring.model_copy(update={"threshold": 0.99})})
    told, differs = _told_of_erased(same, stricter)
    assert differs
    assert "does not qualify from 0.99 on" in told


def test_an_erased_call_without_a_score_has_nothing_to_compare() -> None:
    record = _erased()
    told, differs = _told_of_erased(replace(record, call=replace(record.call, score=None)), SOLAR)
    assert not differs
    assert "nothing is left to be compared" in told
