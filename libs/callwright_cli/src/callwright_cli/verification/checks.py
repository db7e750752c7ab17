"""The checks of a finished call: what was stored against what the caller's side saw, with the numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby, pairwise
from math import hypot

from callers.hearing import Transcribe
from callers.spoken_times import SpokenTime
from callwright_cli.verification.played_replies import PlayedReply
from callwright_cli.verification.voice_measure import has_changed, measure_voice, pitch_change
from callwright_cli.verification.word_errors import spoken_form, word_errors
from phone_simulator.telephone_audio import Samples
from vocabulary.call_events import TurnRecorded
from vocabulary.call_record import CallHistory
from vocabulary.enums import Agent, EndReason, EscalationOutcome, Tier

HEARD_TOLERANCE_MS = 250
WORD_ERROR_LIMIT = 0.10
_NO_SWITCH = "no switch was recorded"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one comparison, with its numbers; None: it cannot hold under the settings and was not made."""

    name: str
    passed: bool | None
    measured: str


def check_heard_time(record: CallHistory, played: Mapping[str, PlayedReply]) -> Check:
    """Compares, turn by turn, how long the reply was heard; a turn without a record was not heard by it."""
    recorded = {one.turn.turn_id: round(one.heard_seconds * 1000) for one in record.turns}
    heard = {turn_id: reply.milliseconds for turn_id, reply in played.items()}
    differences = [abs(recorded.get(turn_id, 0) - heard.get(turn_id, 0)) for turn_id in {**recorded, **heard}]
    worst = max(differences, default=0)
    passed = bool(recorded) and bool(heard) and worst <= HEARD_TOLERANCE_MS
    return Check(
        "heard time",
        passed,
        f"{record.turn_count} turns, {sum(heard.values()) / 1000:.1f} s played, "
        f"worst difference {worst} ms of {HEARD_TOLERANCE_MS} allowed",
    )


async def check_heard_words(record: CallHistory, played: Mapping[str, PlayedReply], transcribe: Transcribe) -> Check:
    """Compares the recorded words with what a transcriber hears on the agent's channel, over the whole call."""
    errors, words = 0, 0
    for recorded in record.turns:
        turn = recorded.turn
        reply = played.get(turn.turn_id)
        heard = await transcribe(reply.audio) if reply is not None and len(reply.audio) else ""
        turn_errors, turn_words = word_errors(turn.heard_text, heard)
        errors += turn_errors
        words += turn_words
    rate = errors / words if words else 1.0
    return Check(
        "heard words",
        rate <= WORD_ERROR_LIMIT,
        f"{errors} errors in {words} words, {rate:.1%} of {WORD_ERROR_LIMIT:.0%}",
    )


def check_voice(
    record: CallHistory, played: Mapping[str, PlayedReply], *, expected: bool, impossible: str = ""
) -> Check:
    """Measures the voice before and after the switch to the premium tier.

    Args:
        record: The call's records.
        played: The replies as the caller's side played them.
        expected: Whether the switch is expected; otherwise it must not happen.
        impossible: Why it cannot happen although it is expected, if a setting forbids it.
    """
    name = "voice"
    switched = [
        one for one in record.escalations if one.outcome is EscalationOutcome.SWITCHED and one.to_tier is Tier.PREMIUM
    ]
    premium = [turn for turn in record.turns if turn.tier is Tier.PREMIUM]
    if not switched and not premium:
        denied = [f"the budget: {one.outcome}" for one in record.escalations if one.outcome.startswith("denied_")]
        why = impossible or next(iter(denied), "")
        return Check(name, None if expected and why else not expected, ": ".join(filter(None, [why, _NO_SWITCH])))
    if impossible:
        return Check(name, False, f"{impossible}, but {len(switched)} switches were recorded")
    before = measure_voice(_spoken([turn for turn in record.turns if turn.tier is not Tier.PREMIUM], played))
    after = measure_voice(_spoken(premium, played))
    if not switched or before is None or after is None:
        return Check(name, False, f"{len(switched)} switches recorded, {len(premium)} turns in the premium voice")
    change, error = pitch_change(before, after), hypot(before.pitch_error, after.pitch_error)
    return Check(
        name,
        has_changed(before, after),
        f"pitch {before.pitch:.0f} → {after.pitch:.0f} Hz ({change:+.1f} ± {error:.1f} semitones), "
        f"{before.words_per_second:.2f} → {after.words_per_second:.2f} words per second",
    )


def check_transitions(
    record: CallHistory, live: Mapping[str, Sequence[Agent | None]], *, expects_handoff: bool
) -> Check:
    """Compares the recorded changes of agent with the agents of the turns as each service reported them live."""
    first = [one.from_agent for one in record.transitions[:1] if one.from_agent]
    stored = [*first, *(one.to_agent for one in record.transitions)]
    chained = all(earlier.to_agent == later.from_agent for earlier, later in pairwise(record.transitions))
    differing = {name: path for name, agents in live.items() if (path := _without_repeats(agents)) != stored}
    handed_off = Agent.HANDOFF in stored and record.call.end_reason is EndReason.TRANSFERRED
    measured = f"recorded {_path(stored)}"
    for name, path in differing.items():
        measured += f"; {name} reported {_path(path)}"
    if not chained:
        measured += "; the changes do not follow on each other"
    if handed_off != expects_handoff:
        measured += "; " + ("no hand-off" if expects_handoff else "an unexpected hand-off")
    passed = bool(stored) and bool(live) and chained and not differing and handed_off == expects_handoff
    return Check("transitions", passed, measured)


def check_bookings(record: CallHistory, agreed: SpokenTime | None, timezone: tzinfo, *, expected: bool) -> Check:
    """Compares the appointment that stands with the time that the caller believes it agreed to."""
    starts = [booking.start_time.astimezone(timezone) for booking in record.bookings if booking.cancel_time is None]
    understood = "none" if agreed is None else agreed.spoken()
    measured = f"recorded {', '.join(f'{start:%A %d %B %H:%M}' for start in starts) or 'none'}, caller: {understood}"
    if not expected:
        return Check("bookings", not starts and agreed is None, measured)
    called_on = record.call.start_time.astimezone(timezone).date()
    passed = len(starts) == 1 and agreed is not None and agreed.matches(starts[0], said_on=called_on)
    return Check("bookings", passed, measured)


def _spoken(turns: Sequence[TurnRecorded], played: Mapping[str, PlayedReply]) -> list[tuple[Samples, int]]:
    return [
        (played[one.turn.turn_id].audio, len(spoken_form(one.turn.heard_text)))
        for one in turns
        if one.turn.turn_id in played
    ]


def _without_repeats(agents: Sequence[Agent | None]) -> list[Agent]:
    return [agent for agent, _ in groupby(filter(None, agents))]


def _path(agents: Sequence[Agent]) -> str:
    return " → ".join(agents) or "none"
