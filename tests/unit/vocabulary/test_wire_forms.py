"""Every value of the vocabulary comes back from its message as it was, and every closed set is written down once."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.conversation.v1 import conversation_pb2
from callwright.persistence.v1 import persistence_pb2
from callwright.voice_gateway.v1 import voice_gateway_pb2
from callwright_common.money import MAX_MICROS, Amount
from callwright_common.rpc.enum_codec import codec_of
from vocabulary import enums
from vocabulary.call_events import (
    EVENTS,
    CallEvent,
    Event,
    ScoreChanged,
    TierEscalation,
    TurnLatency,
    TurnRecorded,
    without_personal_data,
)
from vocabulary.call_record import CallHistory
from vocabulary.enums import Agent, EndReason, EscalationOutcome, Outcome, Tier
from vocabulary.exchange import (
    CallResult,
    EndRequest,
    EscalationRecommendation,
    SyncRequest,
    TurnEvent,
    TurnRequest,
    WorkflowContext,
    event_from_proto,
    event_to_proto,
)
from vocabulary.qualification import QualificationScore
from vocabulary.turns import TurnRecord

SETS = [
    one for one in vars(enums).values() if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum
]
CONTRACTS = (conversation_pb2, persistence_pb2, voice_gateway_pb2)

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=20),
    bytes: st.binary(max_size=20),
    bool: st.booleans(),
    int: st.integers(0, 2**31 - 1),
    float: st.integers(0, 10**10).map(lambda micros: micros / 1_000_000),
    datetime: st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    Amount: st.builds(Amount, st.integers(0, MAX_MICROS), st.sampled_from(["USD", "EUR"])),
    type(None): st.none(),
}


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Returns any value of a type of the vocabulary that the contract can say, which leaves out `UNKNOWN`."""
    if kind in _VALUES:
        return _VALUES[kind]
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=3).map(tuple)
    if get_args(kind):
        return st.one_of(*map(values, get_args(kind)))
    if issubclass(kind, StrEnum):
        return st.sampled_from([member for member in kind if member.name != "UNKNOWN"])
    return st.builds(kind, **{field.name: values(get_type_hints(kind)[field.name]) for field in fields(kind)})


@pytest.mark.parametrize("members", SETS)
def test_a_set_holds_exactly_the_names_of_the_contract(members: type[StrEnum]) -> None:
    codec, known = codec_of(members), [member for member in members if member.name != "UNKNOWN"]
    [wire] = [enum for contract in CONTRACTS if (enum := getattr(contract, members.__name__, None))]
    prefix = re.sub("(?<=[a-z])(?=[A-Z])", "_", members.__name__).upper()
    assert [f"{prefix}_UNSPECIFIED", *(f"{prefix}_{member.name}" for member in known)] == wire.keys()
    assert all(member.value == member.name.lower() for member in members)
    assert all(codec.from_proto(codec.to_proto(member)) is member for member in known)
    assert codec.from_proto(0) is None


@pytest.mark.parametrize("contract", [conversation_pb2, persistence_pb2])
def test_no_closed_set_of_the_contract_is_without_a_codec(contract: Any) -> None:
    assert set(contract.DESCRIPTOR.enum_types_by_name) <= {members.__name__ for members in SETS}


@pytest.mark.parametrize("members", [one for one in SETS if "UNKNOWN" in one.__members__])
def test_what_a_newer_build_wrote_is_kept_as_unknown(members: type[StrEnum]) -> None:
    newer = codec_of(members).from_proto(9_999)
    assert newer == "unknown"
    assert codec_of(members).to_proto(newer) == 0


def test_the_kinds_of_events_are_those_of_the_contract() -> None:
    known = {EVENTS.name_of(kind) for kind in get_args(Event)}
    assert known == {field.name for field in persistence_pb2.CallEvent.DESCRIPTOR.oneofs_by_name["event"].fields}


@given(value=values(Event), event=values(CallEvent))
def test_events_come_back_as_they_were(value: Event, event: CallEvent) -> None:
    whole = CallEvent(event.event_id, event.call_id, event.sequence, event.occur_time, value)
    assert CallEvent.from_proto(whole.to_proto()) == whole


@pytest.mark.parametrize(
    "kind",
    [
        CallHistory,
        CallResult,
        EndRequest,
        EscalationRecommendation,
        QualificationScore,
        SyncRequest,
        TurnRecord,
        TurnRequest,
        WorkflowContext,
    ],
)
@settings(max_examples=50)
@given(data=st.data())
def test_values_come_back_as_they_were(kind: Any, data: st.DataObject) -> None:
    value = data.draw(values(kind))
    assert kind.from_proto(value.to_proto()) == value


@given(event=values(TurnEvent))
def test_events_of_a_turn_come_back_as_they_were(event: TurnEvent) -> None:
    assert event_from_proto(event_to_proto(event)) == event


def test_kinds_that_are_unknown_here_are_none() -> None:
    from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2  # noqa: PLC0415

    assert event_from_proto(agent_orchestrator_pb2.ProcessTurnResponse()) is None
    assert CallEvent.from_proto(persistence_pb2.CallEvent()).event is None


def test_an_event_of_a_newer_build_is_read_with_its_unknown_words() -> None:
    message = persistence_pb2.CallEvent(event_id="e1", call_id="c1", sequence=2)
    message.call_ended.end_reason = 77  # type: ignore[assignment]
    message.call_ended.outcome = 78  # type: ignore[assignment]
    ended = CallEvent.from_proto(message).event
    assert (ended.end_reason, ended.outcome) == (EndReason.UNKNOWN, Outcome.UNKNOWN)  # type: ignore[union-attr]


def test_details_without_a_time_of_their_own_get_that_of_their_event() -> None:
    message = persistence_pb2.CallEvent(event_id="e1", call_id="c1", sequence=2)
    message.occur_time.FromDatetime(datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    message.turn_recorded.turn.turn_id = "t1"
    message.turn_recorded.tier = conversation_pb2.TIER_STANDARD
    recorded = CallEvent.from_proto(message).event
    assert isinstance(recorded, TurnRecorded)
    assert recorded.turn.occur_time == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert not message.turn_recorded.turn.HasField("occur_time")


@given(event=values(Event))
def test_nothing_of_the_caller_is_left_without_personal_data(event: Event) -> None:
    kept = without_personal_data(event)
    assert without_personal_data(kept) == kept
    assert type(kept) is type(event)
    match kept:
        case TurnRecorded(turn=turn):
            assert not turn.caller_text + turn.reply_text + turn.heard_text
        case ScoreChanged(score=score):
            assert not any(factor.evidence for factor in score.factors)


@pytest.mark.parametrize(
    ("outcome", "to_tier", "afterwards"),
    [
        (EscalationOutcome.SWITCHED, Tier.PREMIUM, Tier.PREMIUM),
        (EscalationOutcome.LEASE_ENDED, Tier.STANDARD, Tier.STANDARD),
        (EscalationOutcome.VOICE_FAILED, Tier.STANDARD, Tier.STANDARD),
        (EscalationOutcome.DENIED_CALL_LIMIT, Tier.PREMIUM, None),
        (EscalationOutcome.BUDGET_UNAVAILABLE, Tier.PREMIUM, None),
    ],
)
def test_an_escalation_tells_the_tier_in_which_the_call_goes_on(
    outcome: EscalationOutcome, to_tier: Tier, afterwards: Tier | None
) -> None:
    escalation = TierEscalation(
        escalation_id="x1",
        turn_id="t1",
        trigger_agent=Agent.QUALIFICATION,
        qualification_score=0.7,
        from_tier=Tier.STANDARD if to_tier is Tier.PREMIUM else Tier.PREMIUM,
        to_tier=to_tier,
        occur_time=datetime(2026, 11, 2, tzinfo=UTC),
        cost_impact=None,
        budget_check_passed=True,
        outcome=outcome,
        reservation_id="r1",
    )
    assert escalation.tier_afterwards is afterwards


def test_only_the_steps_that_happened_are_told() -> None:
    assert TurnLatency(first_text=0.25, reply_audio=1.5).steps() == {"first_text": 0.25, "reply_audio": 1.5}
