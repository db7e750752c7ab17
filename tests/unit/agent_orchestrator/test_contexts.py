"""Contexts: their bytes, which revisions a turn may start from, what told turns change."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_orchestrator.contexts.call_context import HISTORY_TURNS, CallContext, CompletedTurn, new_context
from agent_orchestrator.contexts.context_codec import (
    MAX_ENCODED_BYTES,
    CorruptContextError,
    decode_context,
    encode_context,
)
from agent_orchestrator.contexts.reconciliation import with_told_turns
from callwright_common.campaign import load_campaign
from dialogue import RuleAnalyzer, answered
from fakes.spoken_calls import at_once
from vocabulary.enums import Agent, EndReason, Expectation, Outcome, ReplySource, TransitionTrigger
from vocabulary.exchange import CallResult, EscalationRecommendation
from vocabulary.turns import AgentTransition, Booking, EndCall, Question, Sentence, Transfer, TurnRecord, Utterance

CAMPAIGN = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FRESH = new_context("call-1", CAMPAIGN.id)
BILL = Question(Expectation.ANSWER, "monthly_bill")


def record(
    turn_id: str, caller_text: str = "hello", heard_text: str = "Hi.", asked: Question | None = None
) -> TurnRecord:
    return TurnRecord(
        turn_id=turn_id,
        caller_text=caller_text,
        reply_text=heard_text,
        heard_text=heard_text,
        source=ReplySource.ORCHESTRATOR,
        occur_time=NOW,
        asked=asked,
    )


def completed(turn_id: str, revision: int) -> CompletedTurn:
    return CompletedTurn(
        turn_id=turn_id,
        revision=revision,
        transition=AgentTransition(
            None, Agent.CONVERSATION, NOW, TransitionTrigger.CALL_STARTED, 0.01, turn_id, context_preserved=False
        ),
        sentences=(Sentence("Hi."), Sentence("How much is it?", BILL)),
        booking=Booking("booking-1", "slot-1", "call-1", CAMPAIGN.id, NOW, NOW, NOW),
        transfer=Transfer(),
        end_call=EndCall(EndReason.OPERATOR),
        escalation=EscalationRecommendation(recommended=False, score=0.1, trigger_agent=Agent.CONVERSATION),
    )


def at_revision(revision: int, *turns: CompletedTurn) -> CallContext:
    last = turns[-1].turn_id if turns else ""
    return FRESH.model_copy(update={"revision": revision, "completed": turns, "last_turn_id": last})


def test_a_context_survives_its_bytes() -> None:
    context = at_revision(3, completed("turn-3", 3)).with_entries([record("turn-3", asked=BILL)])
    context = context.model_copy(update={"result": CallResult(Outcome.BOOKED, "Outcome booked.", None)})
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
    try:
        assert decode_context(bad, "call-1") == at_revision(1), "some bits of a compressed text mean nothing"
    except CorruptContextError:
        return


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


def told(context: CallContext, *entries: TurnRecord) -> CallContext:
    return at_once(with_told_turns(context, entries, CAMPAIGN, RuleAnalyzer(), NOW))


def answered_turn(context: CallContext, entry: TurnRecord) -> CallContext:
    """Returns the context after a turn that the orchestrator answered as the entry tells."""
    state = told(context, entry).dialogue
    kept = answered(context.dialogue, state, entry.turn_id, Utterance(entry.caller_text), entry.source)
    return context.with_entries([entry]).model_copy(update={"dialogue": kept, "last_turn_id": entry.turn_id})


def test_told_turns_are_understood_once() -> None:
    entry = record("turn-1", "my electric bill is too high", "And how much is it?", asked=BILL)
    once = told(FRESH, entry)
    assert set(once.dialogue.facts) == {"interest"}
    assert once.dialogue.pending == "monthly_bill"
    later = replace(entry, occur_time=datetime(2027, 1, 1, tzinfo=UTC))
    assert told(once, later) is once


def test_a_question_that_was_not_heard_counts_as_not_asked() -> None:
    entry = record("turn-1", "my bill is too high", "I see. How much is it?", asked=BILL)
    context = answered_turn(FRESH, entry)
    after = told(context, record("turn-1", "my bill is too high", "I see."))
    assert context.dialogue.asked["monthly_bill"] == 1
    assert after.dialogue.asked["monthly_bill"] == 0
    assert after.history[-1].heard_text == "I see."
    half = told(context, replace(entry, heard_text="I see. How much"))
    assert half.dialogue.asked["monthly_bill"] == 1, "the gateway counts it as heard"


def test_a_turn_whose_words_come_again_had_no_effect() -> None:
    asked = Question(Expectation.ANSWER, "start")
    before = told(FRESH, record("turn-1", "my bill is too high", "When would you like it?", asked))
    context = answered_turn(before, record("turn-2", "in two months", "What is your budget?"))
    withdrawn = told(context, record("turn-2", "", ""))
    assert withdrawn.dialogue.facts == before.dialogue.facts != context.dialogue.facts
    assert withdrawn.dialogue.asks == before.dialogue.asks
    assert withdrawn.history[-1].caller_text == ""
    assert told(withdrawn, record("turn-2", "", "")) is withdrawn
    unheard = told(context, record("turn-2", "in two months", ""))
    assert unheard.dialogue.facts == context.dialogue.facts


def test_a_reply_that_came_too_late_gives_way_to_the_one_that_was_heard() -> None:
    context = answered_turn(FRESH, record("turn-1", "my bill is too high", "How much is it?", asked=BILL))
    other = replace(record("turn-1", "my bill is too high", "One moment."), source=ReplySource.RULES)
    after = told(context, other)
    assert after.dialogue.asks is None
    assert after.dialogue.facts == context.dialogue.facts
    assert told(after, other) is after
