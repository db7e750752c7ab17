"""What the caller hears and what the records say, turn by turn, against a real orchestrator server."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from callwright.conversation.v1 import conversation_pb2 as wire
from callwright_common.breaker import BreakerState
from callwright_common.campaign import Campaign, Handoff
from fakes.orchestrator import Plan
from fakes.spoken_line import SpokenLine
from vocabulary.enums import EndReason, Tier
from voice_gateway.media.heard_reply import ReplyKind

END_CALL = wire.CallAction(end_call=wire.EndCall(reason=wire.END_REASON_AGENT_GOODBYE))
TRANSFER = wire.CallAction(transfer=wire.Transfer())


async def committed(call: Any, revision: int) -> None:
    """Waits until the gateway took over a revision."""
    async with asyncio.timeout(5):
        while call.session.revision < revision:
            await call.session.wait_changed()


async def test_a_turn_is_streamed_sentence_by_sentence_and_recorded(start_call: Callable[..., Any]) -> None:
    call = await start_call(
        Plan(["Nice.", "Who decides?", "And when?"], transition_to=wire.AGENT_QUALIFICATION, score=0.5)
    )
    await call.say("I want solar.")
    reply = await call.line.answer(1)
    assert reply.sentences == ["Nice.", "Who decides?", "And when?"]
    await committed(call, 1)
    turn = call.turns()[0]
    assert (turn.turn.caller_text, turn.turn.heard_text) == ("I want solar.", "Nice. Who decides? And when?")
    assert turn.turn.source == wire.REPLY_SOURCE_ORCHESTRATOR
    assert not turn.turn.interrupted
    assert turn.heard.ToTimedelta().total_seconds() > 0
    assert turn.latency.HasField("first_text")
    assert turn.latency.HasField("end_of_turn")
    kinds = [event.WhichOneof("event") for event in call.spool.events()]
    assert sorted(kinds) == ["agent_transitioned", "score_changed", "turn_recorded"]
    assert [event.sequence for event in call.spool.events()] == [1, 2, 3]
    assert call.session.current_agent is not None


async def test_what_was_heard_goes_with_the_next_request(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["One.", "Two.", "Three."]), Plan(["Fine."]), line=SpokenLine(hears_everything=False))
    await call.say("Hello?")
    reply = await call.line.answer(1)
    await committed(call, 1)
    call.line.hear(reply, "One. Two.")
    call.conversation.interrupted()
    await call.say("Wait.")
    await call.line.answer(2)
    request = call.orchestrator.requests[1]
    assert request.base_revision == 1
    entry = request.unsynced_entries[0]
    assert (entry.heard_text, entry.reply_text, entry.interrupted) == ("One. Two.", "One. Two. Three.", True)
    await committed(call, 2)
    assert not call.session.unsynced


async def test_late_first_words_are_answered_by_the_rules(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(delay=3), Plan(["I am back."]))
    await call.say("How much does it cost?")
    reply = await call.line.answer(1)
    assert "fifteen" in reply.text
    assert call.turns()[0].turn.source == wire.REPLY_SOURCE_RULES
    await asyncio.wait_for(call.orchestrator.was_cancelled.wait(), 2)
    await call.say("Okay.")
    assert (await call.line.answer(2)).text == "I am back."
    assert call.orchestrator.requests[1].unsynced_entries[0].source == wire.REPLY_SOURCE_RULES
    await committed(call, 1)
    assert not call.session.integration.fallback_active


async def test_a_dead_orchestrator_is_skipped_at_once(start_call: Callable[..., Any]) -> None:
    call = await start_call(address="127.0.0.1:1")
    for number in range(1, 4):
        await call.say("Is there a warranty?")
        reply = await call.line.answer(number)
        assert reply.sentences
    assert call.breaker.state is not BreakerState.CLOSED
    assert [turn.turn.source for turn in call.turns()] == [wire.REPLY_SOURCE_RULES] * 3


async def test_an_unfinished_sentence_is_never_spoken(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["The first is whole.", "The second is never said."], die_after=1))
    await call.say("Is there a warranty?")
    reply = await call.line.answer(1)
    assert reply.sentences[0] == "The first is whole."
    assert "The second" not in reply.text
    assert len(reply.sentences) > 1
    turn = call.turns()[0]
    assert turn.partial
    assert turn.turn.source == wire.REPLY_SOURCE_ORCHESTRATOR


def agents_that_followed(call: Any) -> list[tuple[int, int]]:
    """Returns the recorded changes of the agent."""
    changes = [event.agent_transitioned.transition for event in call.spool.events("agent_transitioned")]
    return [(change.from_agent, change.to_agent) for change in changes]


@pytest.mark.parametrize("again", [wire.AGENT_OBJECTION_HANDLER, None])
async def test_an_agent_who_was_heard_took_over_though_the_turns_end_is_lost(
    start_call: Callable[..., Any], again: wire.Agent.ValueType | None
) -> None:
    """Whether the orchestrator has stored the turn or tells the change again: the changes are one chain."""
    call = await start_call(
        Plan(["Hello."], transition_to=wire.AGENT_CONVERSATION),
        Plan(["I see."], transition_to=wire.AGENT_OBJECTION_HANDLER, loses_end=True),
        Plan(["Fine."], transition_to=again),
        Plan(["When?"], transition_to=wire.AGENT_QUALIFICATION),
    )
    for number, words in enumerate(("Hello?", "That is expensive.", "I see.", "Two hundred."), 1):
        await call.say(words)
        await call.line.answer(number)
    assert agents_that_followed(call) == [
        (wire.AGENT_UNSPECIFIED, wire.AGENT_CONVERSATION),
        (wire.AGENT_CONVERSATION, wire.AGENT_OBJECTION_HANDLER),
        (wire.AGENT_OBJECTION_HANDLER, wire.AGENT_QUALIFICATION),
    ]
    assert call.turns()[1].agent == wire.AGENT_OBJECTION_HANDLER


async def test_an_agent_whose_reply_broke_off_did_not_take_over(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["I see.", "But"], transition_to=wire.AGENT_OBJECTION_HANDLER, die_after=1))
    await call.say("Is there a warranty?")
    await call.line.answer(1)
    assert wire.AGENT_OBJECTION_HANDLER not in [after for _, after in agents_that_followed(call)]


async def test_an_empty_reply_is_answered_by_the_direct_model(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan([]))
    await call.say("Is there a warranty?")
    assert (await call.line.answer(1)).sentences


async def test_an_outdated_revision_is_synced_and_tried_once_more(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(wrong_revision=True), Plan(["Here we are."]))
    await call.say("Hello?")
    assert (await call.line.answer(1)).text == "Here we are."
    assert len(call.orchestrator.syncs) == 1
    assert call.orchestrator.requests[1].base_revision == 1
    assert call.orchestrator.requests[0].turn_id == call.orchestrator.requests[1].turn_id


async def test_a_revision_that_stays_outdated_falls_back(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(wrong_revision=True))
    await call.say("Is there a warranty?")
    assert (await call.line.answer(1)).sentences
    assert call.turns()[0].turn.source == wire.REPLY_SOURCE_RULES


async def test_a_filler_bridges_the_wait_and_is_no_answer(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["Here."], delay=0.15), filler_delay=0.05)
    fillers = []
    for number in (1, 2):
        await call.say("Hello?")
        assert (await call.line.answer(number)).text == "Here."
        fillers.append(call.line.fillers[-1].text)
    assert fillers[0] != fillers[1]
    assert all(turn.filler_played for turn in call.turns())
    assert [turn.turn.heard_text for turn in call.turns()] == ["Here.", "Here."]


async def test_an_utterance_that_goes_on_is_one_turn(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["One."], delay=0.2), Plan(["Both."]))
    await call.say("I own the house")
    await asyncio.wait_for(call.orchestrator.was_asked.wait(), 2)
    call.conversation.interrupted()
    await call.say("and my wife decides with me.")
    assert (await call.line.answer(1)).text == "Both."
    # The first turn is in doubt: had it been stored, its words would count twice.
    in_doubt = call.orchestrator.requests[-1].unsynced_entries[0]
    assert (in_doubt.turn_id, in_doubt.caller_text) == (call.orchestrator.requests[0].turn_id, "")
    assert call.orchestrator.requests[-1].input.utterance.text == "I own the house and my wife decides with me."
    # Both are on the record, so that what was decided with the first one names a turn that is there.
    joined, whole = call.turns()
    assert (joined.turn.turn_id, joined.turn.caller_text) == (in_doubt.turn_id, "I own the house")
    assert (joined.joined_into, whole.joined_into) == (whole.turn.turn_id, "")
    assert call.session.turn_count == 1


async def test_words_over_an_answer_nobody_heard_are_one_turn(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["Fine."]), Plan(["Both."]), line=SpokenLine(hears_everything=False))
    await call.say("I own the house")
    reply = await call.line.answer(1)
    await committed(call, 1)
    call.line.hear(reply, "")
    call.conversation.interrupted()
    await call.say("with my wife.")
    await call.line.answer(2)
    request = call.orchestrator.requests[1]
    assert request.input.utterance.text == "I own the house with my wife."
    assert request.unsynced_entries[0].caller_text == ""
    assert request.unsynced_entries[0].heard_text == ""


@pytest.mark.parametrize("between", ["silence", "keys"])
async def test_words_ahead_of_a_silence_that_was_answered_do_not_come_again(
    start_call: Callable[..., Any], between: str
) -> None:
    call = await start_call(Plan(["Fine."]), line=SpokenLine(hears_everything=False))
    await call.say("I own the house")
    reply = await call.line.answer(1)
    await committed(call, 1)
    call.line.hear(reply, "")
    call.conversation.interrupted()
    if between == "silence":
        await call.conversation.still_silent(8.0)
    else:
        call.conversation.key_pressed("1")
    call.line.hear(await call.line.answer(2))
    await call.say("with my wife.")
    await call.line.answer(3)
    first, answered, last = call.orchestrator.requests
    # Whoever answers the silence knows that nothing was heard of the reply ahead of it.
    [told] = answered.unsynced_entries
    assert (told.turn_id, told.caller_text, told.heard_text) == (first.turn_id, "I own the house", "")
    assert last.input.utterance.text == "with my wife."
    assert all(entry.caller_text != "" or entry.turn_id != first.turn_id for entry in last.unsynced_entries)
    assert call.turns()[0].turn.caller_text == "I own the house"
    assert not any(turn.joined_into for turn in call.turns())


async def test_the_call_ends_once_the_goodbye_was_heard(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["Goodbye."], actions=[END_CALL]), line=SpokenLine(hears_everything=False))
    await call.say("Bye.")
    reply = await call.line.answer(1)
    await committed(call, 1)
    assert not call.line.hung_up.is_set()
    call.line.hear(reply)
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.conversation.end_reason == "agent_goodbye"


async def test_an_end_for_a_reason_that_is_unknown_here_is_the_agents_goodbye(start_call: Callable[..., Any]) -> None:
    newer = wire.CallAction(end_call=wire.EndCall(reason=99))  # type: ignore[arg-type]
    call = await start_call(Plan(["Goodbye."], actions=[newer]))
    await call.say("Bye.")
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.conversation.end_reason is EndReason.AGENT_GOODBYE


async def test_a_goodbye_that_is_spoken_over_does_not_end_the_call(start_call: Callable[..., Any]) -> None:
    call = await start_call(
        Plan(["Thank you and goodbye."], actions=[END_CALL]), Plan(["Sure."]), line=SpokenLine(hears_everything=False)
    )
    await call.say("Bye.")
    reply = await call.line.answer(1)
    await committed(call, 1)
    call.line.hear(reply, "Thank you")
    await call.say("One more thing!")
    await call.line.answer(2)
    assert not call.line.hung_up.is_set()
    assert call.conversation.end_reason is None


async def test_a_transfer_follows_the_announcement(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["I connect you."], actions=[TRANSFER]))
    await call.say("A human please.")
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.conversation.end_reason == "transferred"


async def test_without_a_number_a_call_back_is_promised(start_call: Callable[..., Any], campaign: Campaign) -> None:
    nobody = campaign.model_copy(update={"handoff": Handoff()})
    call = await start_call(Plan(["I see."], actions=[TRANSFER]), used_campaign=nobody)
    await call.say("A human please.")
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.line.answers[-1].text == campaign.prompts.call_back
    assert call.conversation.end_reason == "agent_goodbye"


async def test_the_opening_is_heard_without_an_orchestrator(start_call: Callable[..., Any], campaign: Campaign) -> None:
    call = await start_call(address="127.0.0.1:1")
    await call.conversation.open()
    assert (await call.line.answer(1)).text == " ".join(campaign.opening.split())
    assert call.turns()[0].turn.source == wire.REPLY_SOURCE_PROMPT


async def test_without_integration_the_orchestrator_is_never_asked(start_call: Callable[..., Any]) -> None:
    call = await start_call(integrated=False)
    await call.conversation.open()
    await call.line.answer(1)
    await call.say("Is there a warranty?")
    await call.line.answer(2)
    assert call.orchestrator.requests == []
    assert [turn.turn.source for turn in call.turns()] == [
        wire.REPLY_SOURCE_PROMPT,
        wire.REPLY_SOURCE_RULES,
    ]


async def test_the_premium_voice_speaks_from_the_next_reply_on(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["One."], recommended=True, score=0.8), Plan(["Two."]))
    await call.say("Yes.")
    assert (await call.line.answer(1)).tier is Tier.STANDARD
    async with asyncio.timeout(2):
        while call.session.tier is Tier.STANDARD:
            await call.session.wait_changed()
    await call.say("Yes.")
    second = await call.line.answer(2)
    assert (second.tier, second.tiers) == (Tier.PREMIUM, [Tier.PREMIUM])
    escalation = call.spool.events("tier_escalation")[0].tier_escalation
    assert (escalation.outcome, escalation.budget_check_passed) == (wire.ESCALATION_OUTCOME_SWITCHED, True)
    assert call.turns()[1].tier == wire.TIER_PREMIUM


async def test_long_noise_is_asked_about_once(start_call: Callable[..., Any], campaign: Campaign) -> None:
    call = await start_call()
    for _ in range(3):
        await call.conversation.noise(1.5, interrupted_agent=False)
    await call.conversation.noise(0.2, interrupted_agent=False)
    await call.line.answer(1)
    assert [reply.text for reply in call.line.answers] == [campaign.prompts.did_not_hear]
    assert call.line.answers[0].kind is ReplyKind.PROMPT


async def test_keys_become_one_turn_after_a_pause(start_call: Callable[..., Any]) -> None:
    call = await start_call()
    call.conversation.key_pressed("1")
    call.conversation.key_pressed("2")
    await call.line.answer(1)
    assert [request.input.key_presses.keys for request in call.orchestrator.requests] == ["12"]


async def test_a_sentence_without_a_voice_is_apologised_for(start_call: Callable[..., Any], campaign: Campaign) -> None:
    call = await start_call(Plan(["One.", "Two."]))
    await call.say("Hello?")
    await call.line.answer(1)
    for sentence in ("One.", "Two."):
        call.conversation.speech_failed(Tier.STANDARD, sentence, unheard=True)
    assert (await call.line.answer(2)).text == campaign.prompts.apology
    assert call.line.answers[1].kind is ReplyKind.PROMPT
    assert len(call.line.answers) == 2
    assert not call.line.hung_up.is_set()


async def test_a_call_in_which_the_apology_has_no_voice_either_ends(
    start_call: Callable[..., Any], campaign: Campaign
) -> None:
    call = await start_call(line=SpokenLine(hears_everything=False))
    call.conversation.speech_failed(Tier.STANDARD, "Hello.", unheard=True)
    apology = await call.line.answer(1)
    call.conversation.speech_failed(Tier.STANDARD, apology.sentences[0], unheard=True)
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.conversation.end_reason == "failed"
    assert call.notes == [False, False]


async def test_a_voice_that_never_comes_back_ends_the_call(start_call: Callable[..., Any]) -> None:
    call = await start_call()
    for number in range(1, 4):
        call.conversation.speech_failed(Tier.STANDARD, "An answer.", unheard=True)
        await call.line.answer(number)
    call.conversation.speech_failed(Tier.STANDARD, "An answer.", unheard=True)
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert call.conversation.end_reason == "failed"


def shown(call: Any) -> Any:
    """Returns the turn that operators see while it is being heard."""
    return call.session.playing


async def test_a_turn_is_shown_once_its_first_audio_is_on_the_wire(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["One.", "Two."]), line=SpokenLine(hears_everything=False))
    await call.say("Hello?")
    reply = await call.line.answer(1)
    assert shown(call) is None
    call.conversation.note_playing()
    assert shown(call).turn.turn_id == reply.turn_id
    assert shown(call).latency.first_audio is not None
    call.line.hear(reply, "One.")
    assert shown(call) is None
    assert call.session.turns[0].latency.first_audio is not None


async def test_an_unheard_turn_is_recorded_when_the_call_ends(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(delay=2), first_text=2)
    await call.say("Hello?")
    await asyncio.wait_for(call.orchestrator.was_asked.wait(), 2)
    await call.conversation.close()
    turn = call.turns()[0]
    assert (turn.turn.caller_text, turn.turn.heard_text) == ("Hello?", "")


async def test_a_question_that_was_asked_needs_no_rest(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["Fine.", "Who decides?", "I mean you."], die_after=2))
    await call.say("Two hundred dollars.")
    assert (await call.line.answer(1)).sentences == ["Fine.", "Who decides?"]
    assert call.turns()[0].partial


async def test_an_operators_goodbye_waits_for_the_running_sentence(start_call: Callable[..., Any]) -> None:
    call = await start_call(Plan(["One.", "Two."]))
    await call.say("Hello?")
    await call.line.until(lambda: bool(call.line.answers))
    await call.conversation.end_with(EndReason.OPERATOR, "Goodbye.")
    await asyncio.wait_for(call.line.hung_up.wait(), 2)
    assert [reply.text for reply in call.line.answers] == ["One. Two.", "Goodbye."]
    assert call.conversation.end_reason == "operator"
