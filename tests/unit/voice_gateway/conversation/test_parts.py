"""Small parts: sentences, tokens, degradation, silence, webhooks' addresses."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callwright_common.breaker import BreakerState, CircuitBreaker
from callwright_common.campaign import Limits
from callwright_common.errors import UnavailableError
from fakes.clock import ManualClock
from voice_gateway.calls.call_watch import CallClock, Due
from voice_gateway.conversation.sentence_aggregator import SentenceAggregator, split_sentences
from voice_gateway.degradation import Degradation, DegradationLevel, Dependency, level_of
from voice_gateway.web.stream_tokens import PendingCall, StreamTokens
from voice_gateway.web.twilio_webhooks import PublicAddress


def pending(sid: str = "CA1") -> PendingCall:
    return PendingCall("call-1", sid, "sunline-solar", "", "", "AC1")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith calls at 9 a.m. on Monday. Fine.", ["Dr. Smith calls at 9 a.m. on Monday.", "Fine."]),
        ("It costs 3.50 dollars.", ["It costs 3.50 dollars."]),
        ('He said "yes." Then he left', ['He said "yes."', "Then he left"]),
        (" \n ... ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(text=st.text("ab .?!", max_size=80), cuts=st.lists(st.integers(0, 80), max_size=8))
def test_sentences_do_not_depend_on_how_the_text_was_cut(text: str, cuts: list[int]) -> None:
    aggregator = SentenceAggregator()
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    found = [one for a, b in pairwise(edges) for one in aggregator.add(text[a:b])]
    rest = aggregator.finish()
    assert [*found, *([rest] if rest else [])] == split_sentences(text)


def test_an_endless_sentence_is_cut_at_a_space() -> None:
    aggregator = SentenceAggregator()
    found = aggregator.add("word " * 200)
    assert found
    assert max(len(sentence) for sentence in found) <= 400


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
    assert tokens.issued_for("CA1") == (token, pending())
    clock.advance(60)
    assert tokens.redeem(token) is None
    assert len(tokens) == 0


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
        ({Dependency.BUDGET}, DegradationLevel.PARTIAL),
        ({Dependency.PERSISTENCE}, DegradationLevel.PARTIAL),
        ({Dependency.ORCHESTRATOR}, DegradationLevel.MINIMAL),
        ({Dependency.ORCHESTRATOR, Dependency.BUDGET}, DegradationLevel.MINIMAL),
        ({Dependency.ORCHESTRATOR, Dependency.DIRECT_MODEL}, DegradationLevel.STATIC),
        ({Dependency.SPEECH}, DegradationLevel.STATIC),
    ],
)
def test_levels(broken: set[str], level: DegradationLevel) -> None:
    names = (
        Dependency.ORCHESTRATOR,
        Dependency.BUDGET,
        Dependency.PERSISTENCE,
        Dependency.DIRECT_MODEL,
        Dependency.SPEECH,
    )
    states = {name: BreakerState.OPEN if name in broken else BreakerState.CLOSED for name in names}
    assert level_of(states) is level


async def test_the_level_falls_at_once_and_rises_after_a_while() -> None:
    clock = ManualClock()
    breaker = CircuitBreaker(Dependency.ORCHESTRATOR, clock, jitter=lambda: 0.0)
    degradation = Degradation({Dependency.ORCHESTRATOR: breaker}, clock, rise_after_seconds=5)
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
