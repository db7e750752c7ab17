"""Small parts: tokens, degradation, silence, webhooks' addresses."""

import pytest

from callwright_common.breaker import BreakerState, CircuitBreaker
from callwright_common.campaign import Limits
from callwright_common.errors import UnavailableError
from callwright_common.readiness import Readiness
from fakes.clock import ManualClock
from voice_gateway.calls.call_watch import CallClock, Due
from voice_gateway.calls.live_calls import PendingCall
from voice_gateway.dependencies.degradation import Degradation, DegradationLevel, Dependency, level_of
from voice_gateway.web.stream_tokens import StreamTokens
from voice_gateway.web.twilio_webhooks import PublicAddress


def pending(sid: str = "CA1") -> PendingCall:
    return PendingCall("call-1", sid, "AC1", "sunline-solar", "", "")


def test_a_token_is_good_once() -> None:
    tokens = StreamTokens(ManualClock())
    token = tokens.issue(pending())
    assert tokens.redeem("other") is None
    assert tokens.redeem(token) == pending()
    assert tokens.redeem(token) is None
    assert tokens.issued_for("CA1") is None


def test_calls_without_a_sid_are_calls_of_their_own() -> None:
    tokens = StreamTokens(ManualClock())
    token = tokens.issue(pending(""))
    assert tokens.issued_for("") is None
    assert tokens.redeem(token) == pending("")


def test_a_token_expires() -> None:
    clock = ManualClock()
    tokens = StreamTokens(clock, lifetime_seconds=60)
    token = tokens.issue(pending())
    assert tokens.issued_for("CA1") == token
    clock.advance(60)
    assert tokens.redeem(token) is None
    assert len(tokens) == 0


def test_a_call_is_awaited_for_as_long_as_a_stream_takes_to_open() -> None:
    clock = ManualClock()
    tokens = StreamTokens(clock, lifetime_seconds=60, awaited_seconds=10)
    token = tokens.issue(pending())
    clock.advance(5)
    tokens.issue(pending("CA2"))
    assert tokens.awaited == 2
    clock.advance(5)
    assert tokens.awaited == 1
    assert tokens.redeem(token) == pending()


def test_the_token_of_a_call_that_is_over_is_withdrawn() -> None:
    tokens = StreamTokens(ManualClock())
    token = tokens.issue(pending())
    assert not tokens.withdraw("CA2")
    assert tokens.withdraw("CA1")
    assert not tokens.withdraw("CA1")
    assert tokens.redeem(token) is None
    assert tokens.awaited == 0


def test_tokens_are_bounded() -> None:
    tokens = StreamTokens(ManualClock(), capacity=3)
    first = tokens.issue(pending("CA0"))
    for number in range(1, 4):
        tokens.issue(pending(f"CA{number}"))
    assert len(tokens) == 3
    assert tokens.redeem(first) is None


@pytest.mark.parametrize(
    ("broken", "level"),
    [
        (set(), DegradationLevel.FULL),
        ({Dependency.ESCALATION_BUDGET}, DegradationLevel.PARTIAL),
        ({Dependency.PERSISTENCE}, DegradationLevel.PARTIAL),
        ({Dependency.AGENT_ORCHESTRATOR}, DegradationLevel.MINIMAL),
        ({Dependency.AGENT_ORCHESTRATOR, Dependency.ESCALATION_BUDGET}, DegradationLevel.MINIMAL),
        ({Dependency.AGENT_ORCHESTRATOR, Dependency.DIRECT_MODEL}, DegradationLevel.STATIC),
        ({Dependency.SPEECH}, DegradationLevel.STATIC),
    ],
)
def test_levels(broken: set[Dependency], level: DegradationLevel) -> None:
    states = {one: BreakerState.OPEN if one in broken else BreakerState.CLOSED for one in Dependency}
    assert level_of(states, ready=True) is level
    assert level_of(states, ready=False) is max(level, DegradationLevel.PARTIAL, key=lambda one: one.rank)


async def test_the_level_falls_at_once_and_rises_after_a_while() -> None:
    clock = ManualClock()
    breaker = CircuitBreaker(Dependency.AGENT_ORCHESTRATOR, clock, jitter=lambda: 0.0)
    degradation = Degradation({Dependency.AGENT_ORCHESTRATOR: breaker}, Readiness(), clock, rise_after_seconds=5)
    for _ in range(3):
        with pytest.raises(UnavailableError):
            async with breaker.attempt():
                raise UnavailableError("DOWN", "down")
    assert degradation.level() is DegradationLevel.MINIMAL
    clock.advance(2)
    async with breaker.attempt():
        pass
    assert breaker.state is BreakerState.CLOSED
    assert degradation.level() is DegradationLevel.MINIMAL
    clock.advance(5)
    assert degradation.level() is DegradationLevel.FULL


def due(clock: CallClock, now: float, quiet_since: float, **facts: bool) -> Due:
    busy, answered = facts.get("busy", False), facts.get("answered", False)
    return clock.due(now, busy=busy, quiet_since=quiet_since, caller_answered=answered, last_media_at=now)


def test_silence_is_prompted_twice_and_then_ends_the_call() -> None:
    clock = CallClock(Limits(), 0.0)
    assert due(clock, 17.9, 10.0) is Due.NOTHING
    assert due(clock, 18.0, 10.0) is Due.SILENCE_PROMPT
    assert due(clock, 19.0, 10.0, busy=True) is Due.NOTHING
    # The prompt itself was heard until 20, which does not end the caller's silence.
    assert due(clock, 27.9, 20.0) is Due.NOTHING
    assert due(clock, 28.0, 20.0) is Due.SILENCE_PROMPT
    assert due(clock, 39.0, 30.0) is Due.NOTHING
    assert due(clock, 40.0, 30.0) is Due.SILENCE_HANG_UP


def test_an_answer_ends_the_silence() -> None:
    clock = CallClock(Limits(), 0.0)
    assert due(clock, 18.0, 10.0) is Due.SILENCE_PROMPT
    assert due(clock, 25.0, 24.0, answered=True) is Due.NOTHING
    assert due(clock, 31.9, 24.0) is Due.NOTHING
    assert due(clock, 32.0, 24.0) is Due.SILENCE_PROMPT


def test_a_dead_line_and_the_longest_duration_end_the_call() -> None:
    clock = CallClock(Limits(max_call_seconds=600), 0.0)

    def due_at(now: float, last_media_at: float) -> Due:
        return clock.due(now, busy=True, quiet_since=0.0, caller_answered=False, last_media_at=last_media_at)

    assert due_at(100.0, 71.0) is Due.NOTHING
    assert due_at(100.0, 69.0) is Due.NO_MEDIA
    assert due_at(600.0, 600.0) is Due.DURATION_OVER


@pytest.mark.parametrize(
    ("public", "asked", "signed", "stream"),
    [
        ("", "http://127.0.0.1:8080/twilio/voice", "http://127.0.0.1:8080/twilio/voice", "ws://127.0.0.1:8080/twilio/media"),
        ("https://a.example", "http://10.0.0.1/twilio/voice?campaign=x", "https://a.example/twilio/voice?campaign=x", "wss://a.example/twilio/media"),
        ("http://a.example:81/base", "http://b/twilio/voice", "http://a.example:81/base/twilio/voice", "ws://a.example:81/base/twilio/media"),
        ("https://a.example", "ws://10.0.0.1/twilio/media", "wss://a.example/twilio/media", "wss://a.example/twilio/media"),
    ],
)  # fmt: skip
def test_public_addresses(public: str, asked: str, signed: str, stream: str) -> None:
    address = PublicAddress(public)
    assert address.url_of(asked) == signed
    assert address.stream_url(asked) == stream
