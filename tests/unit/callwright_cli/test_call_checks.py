"""Each check of a finished call passes on true records and fails on doctored ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from callers.spoken_times import SpokenTime
from callwright_cli.verification.checks import (
    check_bookings,
    check_heard_time,
    check_heard_words,
    check_transitions,
    check_voice,
)
from callwright_cli.verification.played_replies import PlayedReply
from fakes import call_records
from phone_simulator.telephone_audio import SAMPLE_RATE, Samples
from vocabulary.call_record import CallHistory
from vocabulary.enums import Agent, EndReason, EscalationOutcome, Tier

DENVER = ZoneInfo("America/Denver")
AGENTS = [Agent.CONVERSATION, Agent.QUALIFICATION, Agent.QUALIFICATION, Agent.SCHEDULER]
AGREED = SpokenTime(weekday=1, day=None, hour=10, minute=0)


def voice(hertz: float, seconds: float = 2.0) -> Samples:
    """Returns a buzz with a pitch, swelling like syllables."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * hertz * harmonic * time) / harmonic for harmonic in range(1, 9))
    return np.asarray(4000 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)), dtype=np.int16)


def played(*, premium_hertz: float = 135.0, milliseconds: int = 2000) -> dict[str, PlayedReply]:
    pitches = {"t-1": 110.0, "t-2": 112.0, "t-3": premium_hertz, "t-4": premium_hertz * 1.01}
    return {turn_id: PlayedReply(milliseconds, voice(hertz)) for turn_id, hertz in pitches.items()}


def doctored(record: CallHistory, number: int, *, heard_seconds: float) -> CallHistory:
    turns = list(record.turns)
    turns[number - 1] = replace(turns[number - 1], heard_seconds=heard_seconds)
    return replace(record, turns=tuple(turns))


@dataclass
class FixedTranscriber:
    text: str

    async def transcribe(self, samples: Samples) -> str:
        return self.text


@pytest.mark.parametrize(("difference", "passes"), [(0, True), (250, True), (-250, True), (251, False), (-251, False)])
def test_heard_time_may_differ_by_a_quarter_of_a_second(difference: int, passes: bool) -> None:
    record = doctored(call_records.call(), 3, heard_seconds=2.0 + difference / 1000)
    check = check_heard_time(record, played())
    assert check.passed is passes
    assert f"worst difference {abs(difference)} ms" in check.measured


def test_heard_time_fails_for_a_reply_that_nobody_played() -> None:
    audio = played()
    del audio["t-2"]
    assert not check_heard_time(call_records.call(), audio).passed


def test_heard_time_fails_for_a_played_reply_without_a_record() -> None:
    audio = {**played(), "t-9": PlayedReply(251, voice(110))}
    assert not check_heard_time(call_records.call(), audio).passed


def test_heard_time_needs_something_to_compare() -> None:
    assert not check_heard_time(replace(call_records.call(), turns=()), {}).passed


async def test_heard_words_pass_when_the_transcript_agrees() -> None:
    ear = FixedTranscriber("that is worth bringing down how much is it")
    check = await check_heard_words(call_records.call(), played(), ear.transcribe)
    assert check.passed
    assert check.measured.startswith("0 errors in 36 words")


async def test_heard_words_fail_beyond_ten_percent() -> None:
    ear = FixedTranscriber("that is worth bringing town how much is it")
    check = await check_heard_words(call_records.call(), played(), ear.transcribe)
    assert not check.passed
    assert check.measured.startswith("4 errors in 36 words, 11.1%")


async def test_heard_words_fail_when_the_record_claims_more_than_was_played() -> None:
    audio = {key: value for key, value in played().items() if key != "t-4"}
    ear = FixedTranscriber("that is worth bringing down how much is it")
    assert not (await check_heard_words(call_records.call(), audio, ear.transcribe)).passed


def test_a_switched_voice_is_measured() -> None:
    check = check_voice(call_records.call(), played(), expected=True)
    assert check.passed
    assert "semitones" in check.measured


def test_the_voice_check_fails_when_the_voice_stayed_the_same() -> None:
    assert not check_voice(call_records.call(), played(premium_hertz=111.0), expected=True).passed


def test_the_voice_check_fails_without_an_expected_switch() -> None:
    record = replace(call_records.call(), escalations=())
    assert not check_voice(record, played(), expected=True).passed
    assert not check_voice(record, played(), expected=False).passed
    standard = replace(record, turns=tuple(replace(turn, tier=Tier.STANDARD) for turn in record.turns))
    assert not check_voice(standard, played(), expected=True).passed
    assert check_voice(standard, played(), expected=False).passed


def test_a_voice_that_the_settings_or_the_budget_keep_from_switching_is_not_checked() -> None:
    record = call_records.call()
    standard = replace(record, turns=tuple(replace(turn, tier=Tier.STANDARD) for turn in record.turns))
    unasked = replace(standard, escalations=())
    off = check_voice(unasked, played(), expected=True, impossible="ENABLE_TIER_ESCALATION is false")
    assert (off.passed, off.measured) == (None, "ENABLE_TIER_ESCALATION is false: no switch was recorded")
    denied = tuple(replace(one, outcome=EscalationOutcome.DENIED_CALL_LIMIT) for one in record.escalations)
    poor = check_voice(replace(standard, escalations=denied), played(), expected=True)
    assert (poor.passed, poor.measured) == (None, "the budget: denied_call_limit: no switch was recorded")
    assert check_voice(record, played(), expected=True, impossible="it is off").passed is False
    assert check_voice(unasked, played(), expected=True).passed is False


def _live(agents: list[Agent]) -> Mapping[str, list[Agent | None]]:
    return {"gateway": [*agents], "orchestrator": [*agents, None]}


def test_transitions_equal_what_was_reported_live() -> None:
    check = check_transitions(call_records.call(), _live(AGENTS), expects_handoff=False)
    assert check.passed
    assert "conversation → qualification → scheduler" in check.measured


@pytest.mark.parametrize(
    "agents",
    [
        [],
        [Agent.CONVERSATION, Agent.SCHEDULER],
        [*AGENTS, Agent.HANDOFF],
        [Agent.QUALIFICATION, Agent.CONVERSATION, Agent.SCHEDULER],
    ],
)
def test_transitions_fail_when_one_service_reported_others(agents: list[Agent]) -> None:
    live: dict[str, list[Agent | None]] = {"gateway": [*AGENTS], "orchestrator": [*agents]}
    assert not check_transitions(call_records.call(), live, expects_handoff=False).passed


def test_transitions_fail_when_a_stored_one_is_missing_or_the_chain_is_broken() -> None:
    record = call_records.call()
    missing = replace(record, transitions=record.transitions[:-1])
    broken = replace(
        record, transitions=(*record.transitions[:2], call_records.transition(Agent.HANDOFF, Agent.SCHEDULER, 4))
    )
    assert not check_transitions(missing, _live(AGENTS), expects_handoff=False).passed
    assert not check_transitions(broken, _live(AGENTS), expects_handoff=False).passed
    assert not check_transitions(replace(record, transitions=()), _live([]), expects_handoff=False).passed


def test_a_hand_off_is_demanded_where_it_is_expected_and_only_there() -> None:
    record = call_records.call()
    to_a_human = call_records.transition(Agent.CONVERSATION, Agent.HANDOFF, 2)
    handed_off = call_records.ended(
        replace(record, transitions=(record.transitions[0], to_a_human)), EndReason.TRANSFERRED
    )
    agents = _live([Agent.CONVERSATION, Agent.HANDOFF])
    assert check_transitions(handed_off, agents, expects_handoff=True).passed
    assert not check_transitions(handed_off, agents, expects_handoff=False).passed
    assert not check_transitions(record, _live(AGENTS), expects_handoff=True).passed
    assert not check_transitions(call_records.ended(handed_off, EndReason.SILENCE), agents, expects_handoff=True).passed


def test_the_booked_time_is_the_agreed_one() -> None:
    assert check_bookings(call_records.call(), AGREED, DENVER, expected=True).passed


@pytest.mark.parametrize(
    "agreed", [None, SpokenTime(1, None, 11, 0), SpokenTime(2, None, 10, 0), SpokenTime(1, 17, 10, 0)]
)
def test_bookings_fail_when_the_caller_agreed_to_something_else(agreed: SpokenTime | None) -> None:
    assert not check_bookings(call_records.call(), agreed, DENVER, expected=True).passed


def test_bookings_fail_without_exactly_one_or_with_an_unexpected_one() -> None:
    record = call_records.call()
    assert not check_bookings(replace(record, bookings=()), AGREED, DENVER, expected=True).passed
    assert not check_bookings(replace(record, bookings=record.bookings * 2), AGREED, DENVER, expected=True).passed
    assert not check_bookings(record, None, DENVER, expected=False).passed
    assert check_bookings(replace(record, bookings=()), None, DENVER, expected=False).passed
