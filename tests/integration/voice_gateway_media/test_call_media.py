"""A call's media over a real WebSocket, with real voice activity, Whisper and Piper."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from fakes.media_gateway import STANDARD, HardOfHearing, MediaGateway
from fakes.phone_line import PhoneLine
from voice_gateway.pipeline import MediaEnd

Speak = Callable[[str], Awaitable[bytes]]
SENTENCES = [
    "Thanks for calling Sunline Solar.",
    "Most homes like yours save about forty dollars every month.",
]


async def test_a_turn_is_understood_answered_and_heard_to_its_end(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES]
    question = await speak("What would the solar panels cost me?")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        await asyncio.sleep(0.3)
        phone.say(question)
        ended = await phone.said()
        first_audio = await phone.wait_for("media")
        await phone.quiet(1.2)
    await gateway.over.wait()

    (turn,) = gateway.conversation.turns
    assert turn.text.lower().rstrip(".?!") == "what would the solar panels cost me"
    assert turn.speech_started_at < turn.speech_ended_at < turn.turn_detected_at <= turn.transcribed_at
    # Half a second on an idle machine; a busy one may take its time.
    assert first_audio - ended < 6.0
    (heard,) = gateway.heard
    assert heard.heard_text == " ".join(SENTENCES)
    assert heard.unheard_text == ""
    assert not heard.interrupted
    assert heard.heard_ms == heard.sent_ms == len(phone.played) // 8
    assert 4000 < heard.heard_ms < 8000
    assert gateway.end is MediaEnd.STOPPED


async def test_barge_in_clears_at_once_and_the_ledger_knows_what_was_heard(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES, ["Sure, I will stop there."]]
    question, interruption = await speak("Tell me about the panels."), await speak("Wait, I have a question.")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(question)
        await phone.wait_for("media", count=100)
        played_before = await phone.played_for(2.5)
        phone.say(interruption)
        said_at = asyncio.get_running_loop().time()
        cleared_at = await phone.wait_for("clear")
        await phone.said()
        await phone.wait_for("media", count=len(phone.times("media")) + 20)
        await phone.quiet()
    await gateway.over.wait()

    assert played_before >= 2500
    assert cleared_at - said_at < 2.0
    assert [turn.interrupted_agent for turn in gateway.conversation.turns] == [False, True]
    assert gateway.conversation.turns[1].text.lower().startswith("wait")
    first, second = gateway.heard
    assert first.interrupted
    assert abs(first.heard_ms - phone.played_ms_at_clear[0]) <= 250
    assert " ".join(SENTENCES).startswith(first.heard_text)
    assert first.heard_text
    assert f"{first.heard_text} {first.unheard_text}" == " ".join(SENTENCES)
    assert second.heard_text == "Sure, I will stop there."
    ((outcome, seconds),) = gateway.metrics.barge_ins
    assert outcome == "interrupted"
    assert seconds < 0.2


async def test_a_noise_pauses_the_agent_who_then_goes_on(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES]
    hearing = HardOfHearing(gateway.models.recognizer)
    gateway.models = replace(gateway.models, recognizer=hearing)
    question, noise_sound = await speak("Tell me about the panels."), await speak("Uh-huh.")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(question)
        await phone.wait_for("media", count=120)
        await phone.played_for(1.5)
        hearing.deaf = True
        phone.say(noise_sound)
        await phone.wait_for("clear")
        await phone.said()
        await phone.quiet(1.2)
    await gateway.over.wait()

    assert len(gateway.conversation.turns) == 1
    assert gateway.conversation.interruptions == 1
    (noise,) = gateway.conversation.noises
    assert noise.interrupted_agent
    (heard,) = gateway.heard
    assert not heard.interrupted
    assert heard.heard_text == " ".join(SENTENCES)
    assert abs(heard.heard_ms - len(phone.played) // 8) <= 250
    assert gateway.metrics.barge_ins[0][0] == "resumed"


MALFORMED: list[str | bytes] = [
    "",
    "{",
    "[]",
    '"media"',
    "{}",
    '{"event": 7}',
    '{"event": "surprise"}',
    '{"event": "media"}',
    '{"event": "media", "media": {"payload": "***"}}',
    '{"event": "mark", "mark": null}',
    '{"event": "start", "start": {"streamSid": "MZ9", "callSid": "CA9"}}',
    b"\x00\x01\x02",
    '{"event": "media", "media": {"payload": "' + "A" * 200_000 + '"}}',
]


async def test_malformed_frames_do_not_end_the_call(gateway: MediaGateway, speak: Speak) -> None:
    gateway.conversation.replies = [["I can hear you."]]
    question = await speak("Can you hear me?")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        for data in MALFORMED:
            await phone.send_raw(data)
        phone.say(question)
        await phone.wait_for("media", count=20)
        await phone.quiet()
        await phone.send({"event": "stop", "streamSid": "MZ1"})
        await gateway.over.wait()

    assert len(gateway.metrics.bad_frames) == len(MALFORMED)
    assert {"foreign_stream", "bad_base64", "oversize", "binary"} <= set(gateway.metrics.bad_frames)
    assert [reply.heard_text for reply in gateway.heard] == ["I can hear you."]
    assert gateway.end is MediaEnd.STOPPED


async def test_hanging_up_waits_for_the_goodbye_without_any_mark_coming_back(
    gateway: MediaGateway, speak: Speak
) -> None:
    gateway.conversation.replies = [["Goodbye, and thanks for calling."]]
    goodbye = await speak("That is all, goodbye.")
    async with PhoneLine(gateway.url, echo_marks=False) as phone:
        await gateway.ready.wait()
        phone.say(goodbye)
        await gateway.conversation.turn_received.wait()
        assert gateway.media is not None
        assert await gateway.media.hang_up(timeout=15)
        await gateway.over.wait()
        await phone.closed.wait()

    assert gateway.end is MediaEnd.HUNG_UP
    assert [reply.heard_text for reply in gateway.heard] == ["Goodbye, and thanks for calling."]
    assert abs(gateway.heard[0].heard_ms - len(phone.played) // 8) <= 40
