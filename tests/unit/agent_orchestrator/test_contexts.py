"""Contexts: their bytes, which revisions a turn may start from, what told turns change."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_orchestrator.call_context import (
    HISTORY_TURNS,
    CallContext,
    CompletedTurn,
    TokenUsage,
    TurnTimings,
    new_context,
)
from agent_orchestrator.context_codec import (
    MAX_ENCODED_BYTES,
    CorruptContextError,
    decode_context,
    encode_context,
)
from agent_orchestrator.conversation import EndOfCall, ReplySource, Tier, Transfer, TurnRecord
from agent_orchestrator.escalation import EscalationRecommendation
from agent_orchestrator.reconciliation import take_in
from callwright_common.campaign import load_campaign
from dialogue import Agent

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FRESH = new_context("call-1", CAMPAIGN.id, Tier.STANDARD, None, {})


def record(turn_id: str, caller_text: str = "hello", heard_text: str = "Hi.") -> TurnRecord:
    return TurnRecord(
        turn_id=turn_id,
        caller_text=caller_text,
        reply_text=heard_text,
        heard_text=heard_text,
        source=ReplySource.ORCHESTRATOR,
        occur_time=NOW,
    )


def completed(turn_id: str, revision: int) -> CompletedTurn:
    return CompletedTurn(
        turn_id=turn_id,
        revision=revision,
        transition=None,
        pieces=("Hi. ",),
        actions=(Transfer(reason="caller_asked"), EndOfCall(reason="goodbye")),
        escalation=EscalationRecommendation(
            recommended=False, score=0.1, threshold=0.7, trigger_agent=Agent.CONVERSATION, warm_up=False
        ),
        timings=TurnTimings(load=0, route=0, first_text=0, speech=0, analysis=0, total=0),
        usage=TokenUsage(provider="offline", model="", input_tokens=0, output_tokens=0),
    )


def at_revision(revision: int, *turns: CompletedTurn) -> CallContext:
    return FRESH.model_copy(update={"revision": revision, "completed": turns})


def test_a_context_survives_its_bytes() -> None:
    context = at_revision(3, completed("turn-3", 3)).with_entries([record("turn-3")])
    assert decode_context(encode_context(context), "call-1") == context


@given(st.data())
def test_damaged_bytes_are_refused(data: st.DataObject) -> None:
    good = encode_context(at_revision(1))
    place = data.draw(st.integers(0, len(good) - 1))
    change = data.draw(st.sampled_from(["flip", "cut", "grow"]))
    bad = {
        "flip": good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :],
        "cut": good[:place],
        "grow": good + b"\0",
    }[change]
    with pytest.raises(CorruptContextError):
        decode_context(bad, "call-1")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CorruptContextError):
        decode_context(data, "call-1")


def test_the_context_of_another_call_is_refused() -> None:
    with pytest.raises(CorruptContextError):
        decode_context(encode_context(FRESH), "call-2")


def test_a_large_context_loses_its_oldest_turns() -> None:
    long = [
        record(f"turn-{turn}", "".join(chr(0x4E00 + (turn * 7919 + place * 31) % 20000) for place in range(4000)))
        for turn in range(HISTORY_TURNS)
    ]
    encoded = encode_context(FRESH.with_entries(long))
    assert len(encoded) <= MAX_ENCODED_BYTES
    kept = decode_context(encoded, "call-1").history
    assert kept == tuple(long[-len(kept) :])


def test_history_is_bounded() -> None:
    context = FRESH.with_entries(record(f"turn-{number}") for number in range(100))
    assert [entry.turn_id for entry in context.history] == [f"turn-{number}" for number in range(70, 100)]


@pytest.mark.parametrize(
    ("base_revision", "told", "accepted"),
    [
        (3, [], True),
        (2, [], False),
        (4, [], False),
        (2, ["turn-3"], True),
        (1, ["turn-3"], False),
        (1, ["turn-2", "turn-3"], True),
        (0, ["turn-2", "turn-3"], False),
        (4, ["turn-3"], False),
    ],
)
def test_a_turn_starts_from_the_revision_or_tells_all_turns_since(
    base_revision: int, told: list[str], accepted: bool
) -> None:
    context = at_revision(3, completed("turn-2", 2), completed("turn-3", 3))
    assert context.accepts(base_revision, [record(turn_id) for turn_id in told]) is accepted


def test_told_turns_are_understood_once() -> None:
    entry = record("turn-1", "my electric bill is too high", "Roughly how much is your electric bill each month?")
    once = take_in(FRESH, [entry], CAMPAIGN, NOW)
    assert set(once.dialogue.facts) == {"interest"}
    assert once.dialogue.pending == "monthly_bill"
    later = entry.model_copy(update={"occur_time": datetime(2027, 1, 1, tzinfo=UTC)})
    assert take_in(once, [later], CAMPAIGN, NOW) is once


def test_a_question_that_was_not_heard_counts_as_not_asked() -> None:
    context = take_in(
        FRESH,
        [record("turn-1", "my bill is too high", "Roughly how much is your electric bill each month?")],
        CAMPAIGN,
        NOW,
    ).model_copy(update={"completed": (completed("turn-1", 1),)})
    cut = record("turn-1", "my bill is too high", "Roughly")
    after = take_in(context, [cut], CAMPAIGN, NOW)
    assert context.dialogue.asked["monthly_bill"] == 1
    assert after.dialogue.asked["monthly_bill"] == 0
    assert after.history[-1].heard_text == "Roughly"


def test_a_turn_whose_words_come_again_had_no_effect() -> None:
    before = take_in(FRESH, [record("turn-1", "my bill is too high", "When would you like to have it?")], CAMPAIGN, NOW)
    answered = take_in(before, [record("turn-2", "in two months", "What budget do you have in mind?")], CAMPAIGN, NOW)
    context = answered.model_copy(update={"completed": (completed("turn-2", 2),), "dialogue_before": before.dialogue})
    withdrawn = take_in(context, [record("turn-2", "", "")], CAMPAIGN, NOW)
    assert withdrawn.dialogue == before.dialogue.model_copy(update={"agent": answered.dialogue.agent})
    assert withdrawn.history[-1].caller_text == ""
    unheard = take_in(context, [record("turn-2", "in two months", "")], CAMPAIGN, NOW)
    assert unheard.dialogue.facts == answered.dialogue.facts
