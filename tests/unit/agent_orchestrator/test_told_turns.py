"""What really happened on the line changes the orchestrator's context and the gateway's opaque state alike."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_orchestrator.contexts.call_context import CallContext, new_context
from agent_orchestrator.contexts.context_codec import decode_context, encode_context
from agent_orchestrator.contexts.reconciliation import with_told_turns
from dialogue import CloseReason, DialogueState, answered, decode_state, encode_state, fall_back, take_turn
from fakes.spoken_calls import MONDAY, RULES, SOLAR, at_once, free_slots
from vocabulary.enums import Expectation, ReplySource
from vocabulary.turns import Opening, Question, TurnInput, TurnRecord, Utterance

SAID = [
    "",
    "my bill is too high",
    "about 180 dollars",
    "just me",
    "in two months",
    "how long is the warranty?",
    "I want an appointment",
    "hold on",
    "no, 210 dollars",
]
DECIDED = {
    "please take me off your list": CloseReason.DO_NOT_CALL,
    "let me talk to a human": CloseReason.TRANSFERRED,
    "you have the wrong number": CloseReason.WRONG_NUMBER,
}
ASKED = [
    None,
    Question(Expectation.ANSWER, "monthly_bill"),
    Question(Expectation.ANSWER, "start"),
    Question(Expectation.CALLBACK_OFFER),
]
turns: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    said=st.sampled_from(SAID),
    own=st.booleans(),
    heard=st.sampled_from(["all", "part", "nothing", "another", "withdrawn"]),
    asked=st.sampled_from(ASKED),
    told_at_once=st.booleans(),
)


@dataclass
class Call:
    """One call, as the orchestrator keeps it and as the gateway does since the orchestrator's last answer."""

    context: CallContext = field(default_factory=lambda: new_context("call-1", SOLAR.id))
    state: bytes = b""
    unsynced: dict[str, TurnRecord] = field(default_factory=dict)
    number: int = 0

    def take(self, *, said: str, own: bool, heard: str, asked: Question | None, told_at_once: bool) -> None:
        self.number += 1
        turn_id, turn_input = f"turn-{self.number}", Utterance(said) if said else Opening()
        record = TurnRecord(turn_id, said, "Well.", "Well.", ReplySource.ORCHESTRATOR, MONDAY, asked=asked)
        if own:
            state = self.answer(turn_id, turn_input, ReplySource.ORCHESTRATOR)
            self.context = self.context.model_copy(update={"dialogue": state})
            self.state, self.unsynced = encode_state(state), {}
            record = replace(record, asked=state.asks if heard == "all" else asked)
        match heard:
            case "nothing":
                record = replace(record, heard_text="", asked=None)
            case "another":
                record = replace(record, source=ReplySource.DIRECT_MODEL)
            case "withdrawn":
                record = replace(record, caller_text="", heard_text="", asked=None)
        self.unsynced[turn_id] = record
        if told_at_once:
            self.tell()

    def tell(self) -> None:
        context = at_once(with_told_turns(self.context, self.unsynced.values(), SOLAR, RULES, MONDAY))
        self.context = decode_context(encode_context(context), "call-1")

    def answer(self, turn_id: str, turn_input: TurnInput, source: ReplySource) -> DialogueState:
        self.tell()
        before = self.context.dialogue
        work = take_turn(SOLAR, before, turn_input, analyzer=RULES, turn_id=turn_id, now=MONDAY, slots=None)
        return answered(before, at_once(work).state, turn_id, turn_input, source)


@settings(deadline=None)
@given(st.lists(turns, max_size=8), st.sampled_from(SAID))
def test_both_go_on_from_the_same_state(course: list[dict[str, object]], said: str) -> None:
    call = Call()
    for turn in course:
        call.take(**turn)  # type: ignore[arg-type]
    turn_input = Utterance(said) if said else Opening()
    expected = call.answer("last", turn_input, ReplySource.RULES)
    told = [*call.unsynced.values()]
    work = fall_back(SOLAR, "call-1", call.state, turn_input, told=told * 2, turn_id="last", now=MONDAY, analyzer=RULES)
    assert decode_state(at_once(work).dialogue_state, "call-1") == expected


@settings(deadline=None)
@given(st.lists(turns, min_size=1, max_size=8))
def test_what_is_told_again_changes_nothing(course: list[dict[str, object]]) -> None:
    call = Call()
    for turn in course:
        call.take(**turn)  # type: ignore[arg-type]
    call.tell()
    context = call.context
    for record in call.unsynced.values():
        context = at_once(with_told_turns(context, [record], SOLAR, RULES, MONDAY))
    assert context is call.context


@settings(deadline=None)
@given(st.lists(turns, max_size=6), st.sampled_from(list(DECIDED)))
def test_what_a_fallback_decided_holds(course: list[dict[str, object]], said: str) -> None:
    call = Call()
    for turn in course:
        call.take(**turn)  # type: ignore[arg-type]
    told = [*call.unsynced.values()]
    answer = fall_back(
        SOLAR, "call-1", call.state, Utterance(said), told=told, turn_id="last", now=MONDAY, analyzer=RULES
    )
    fallback = at_once(answer)
    reply = fallback.reply
    record = TurnRecord("last", said, reply.text, reply.text, ReplySource.RULES, MONDAY, asked=reply.asks)
    context = at_once(
        with_told_turns(call.context, [*told, record], SOLAR, RULES, MONDAY, left=fallback.dialogue_state)
    )
    state = context.dialogue
    assert (state.close_reason, state.agent) == (DECIDED[said], reply.agent)
    assert state.asks == reply.asks
    assert state.turns == decode_state(fallback.dialogue_state, "call-1").turns
    again = at_once(with_told_turns(context, [*told, record], SOLAR, RULES, MONDAY))
    assert again is context


def test_a_turn_that_was_stored_after_the_fallback_outlives_what_it_left() -> None:
    call = Call()
    call.take(said="my bill is too high", own=True, heard="all", asked=None, told_at_once=True)
    turn_input = Utterance("about 180 dollars")
    work = fall_back(SOLAR, "call-1", call.state, turn_input, turn_id="f", now=MONDAY, analyzer=RULES)
    left = at_once(work).dialogue_state
    context = at_once(with_told_turns(call.context, [], SOLAR, RULES, MONDAY, left=left))
    call.context = context
    call.take(said="please take me off your list", own=True, heard="all", asked=None, told_at_once=True)
    after = at_once(with_told_turns(call.context, [], SOLAR, RULES, MONDAY, left=left))
    assert after.dialogue.close_reason is CloseReason.DO_NOT_CALL


@pytest.mark.parametrize("heard_text", ["", "I have noted that."])
@pytest.mark.parametrize("said", list(DECIDED))
def test_what_was_decided_in_a_turn_whose_commit_was_lost_holds(said: str, heard_text: str) -> None:
    call = Call()
    call.take(said="my bill is too high", own=True, heard="all", asked=None, told_at_once=True)
    lost = TurnRecord("lost", said, heard_text, heard_text, ReplySource.ORCHESTRATOR, MONDAY)
    context = at_once(with_told_turns(call.context, [lost], SOLAR, RULES, MONDAY))
    assert context.dialogue.close_reason is DECIDED[said]


def test_an_appointment_that_was_changed_meanwhile_counts() -> None:
    first, second = free_slots()[:2]
    context = new_context("call-1", SOLAR.id)
    state = context.dialogue.model_copy(update={"booked": first, "answered_by": {"t": ReplySource.RULES}})
    context = context.model_copy(update={"dialogue": context.dialogue.model_copy(update={"booked": second})})
    left = encode_state(state)
    assert at_once(with_told_turns(context, [], SOLAR, RULES, MONDAY, left=left)).dialogue.booked == second


def test_what_a_fallback_left_damaged_is_left_alone() -> None:
    call = Call()
    call.take(said="my bill is too high", own=True, heard="all", asked=None, told_at_once=True)
    after = at_once(with_told_turns(call.context, [], SOLAR, RULES, MONDAY, left=b"nonsense"))
    assert after.dialogue == call.context.dialogue
    assert not after.preserved


def test_an_appointment_outlives_a_fallback_that_knows_nothing_of_it() -> None:
    booked = free_slots()[0]
    context = new_context("call-1", SOLAR.id)
    context = context.model_copy(update={"dialogue": context.dialogue.model_copy(update={"booked": booked})})
    left = encode_state(new_context("call-1", SOLAR.id).dialogue)
    assert at_once(with_told_turns(context, [], SOLAR, RULES, MONDAY, left=left)).dialogue.booked == booked


def test_a_state_keeps_what_the_caller_said_before_a_withdrawn_turn() -> None:
    call = Call()
    call.take(said="my bill is too high", own=True, heard="all", asked=None, told_at_once=True)
    call.take(said="about 180 dollars", own=True, heard="withdrawn", asked=None, told_at_once=True)
    assert call.context.dialogue.facts.keys() == {"interest"}
