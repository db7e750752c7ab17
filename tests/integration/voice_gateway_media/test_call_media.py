"""A call's media over a real WebSocket, with real voice activity, Whisper and Piper."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fakes.counted import counted
from fakes.media_gateway import STANDARD, HardOfHearing, MediaGateway
from fakes.phone_line import PhoneLine
from voice_gateway.media import mulaw
from voice_gateway.media.hearing.turn_detection import TurnSettings
from voice_gateway.media.twilio.protocol import MediaEnd

Speak = Callable[[str], Awaitable[bytes]]
SENTENCES = ["Thanks for calling.", "Most homes save forty dollars every month."]


async def test_a_turn_is_understood_answered_and_heard_to_its_end(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES]
    question = await speak("What would the solar panels cost me?")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(question)
        ended = await phone.said()
        first_audio = await phone.wait_for("media")
        await gateway.heard_replies(1)
    await gateway.over.wait()

    (turn,) = gateway.conversation.turns
    assert turn.text.lower().rstrip(".?!") == "what would the solar panels cost me"
    assert turn.speech_ended_at < turn.turn_detected_at <= turn.transcribed_at
    # The turn ends after a third of a second of silence, whatever else the machine does: it is counted in audio.
    assert first_audio > ended
    assert turn.turn_detected_at - turn.speech_ended_at >= TurnSettings().complete_seconds - 0.05
    (heard,) = gateway.heard
    assert heard.heard_text == " ".join(SENTENCES)
    assert heard.unheard_text == ""
    assert not heard.interrupted
    assert heard.heard_ms == heard.sent_ms == len(phone.played) // 8
    assert 2000 < heard.heard_ms < 6000
    assert gateway.end is MediaEnd.STOPPED


async def test_barge_in_clears_at_once_and_the_ledger_knows_what_was_heard(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES, ["Sure, I will stop there."]]
    question, interruption = await speak("Hello there."), await speak("Wait, I have a question.")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(question)
        await phone.played_for(1.5)
        phone.say(interruption)
        cleared_at = await phone.wait_for("clear")
        assert phone.saying
        said_at = await phone.said()
        await gateway.heard_replies(2)
    await gateway.over.wait()

    assert cleared_at < said_at
    assert phone.played_ms_at_clear[0] >= 1500
    assert len(gateway.conversation.turns) == 2
    assert "question" in gateway.conversation.turns[1].text.lower()
    first, second = gateway.heard
    assert first.interrupted
    assert abs(first.heard_ms - phone.played_ms_at_clear[0]) <= 250
    assert " ".join(SENTENCES).startswith(first.heard_text)
    assert first.heard_text
    assert f"{first.heard_text} {first.unheard_text}" == " ".join(SENTENCES)
    assert second.heard_text == "Sure, I will stop there."
    assert counted(gateway.metrics.barge_ins) == {"interrupted": 1}


async def test_a_noise_pauses_the_agent_who_then_goes_on(gateway: MediaGateway, speak: Speak) -> None:
    await gateway.models.speech.prepare(SENTENCES, STANDARD)
    gateway.conversation.replies = [SENTENCES]
    hearing = HardOfHearing(gateway.models.recognizer)
    gateway.models = replace(gateway.models, recognizer=hearing)
    question, noise_sound = await speak("Hello there."), await speak("Uh-huh.")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(question)
        await phone.played_for(1.0)
        hearing.deaf = True
        phone.say(noise_sound)
        await phone.wait_for("clear")
        await gateway.heard_replies(1)
    await gateway.over.wait()

    assert len(gateway.conversation.turns) == 1
    assert gateway.conversation.interruptions == 1
    (noise,) = gateway.conversation.noises
    assert noise.interrupted_agent
    (heard,) = gateway.heard
    assert not heard.interrupted
    assert heard.heard_text == " ".join(SENTENCES)
    assert abs(heard.heard_ms - len(phone.played) // 8) <= 250
    assert "resumed" in counted(gateway.metrics.barge_ins)


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
    question = await speak("Hello?")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        for data in MALFORMED:
            await phone.send_raw(data)
        phone.say(question)
        await gateway.heard_replies(1)
        await phone.send({"event": "stop", "streamSid": "MZ1"})
        await gateway.over.wait()

    assert counted(gateway.metrics.bad_frames).total() == len(MALFORMED)
    assert {"foreign_stream", "bad_base64", "oversize", "binary"} <= counted(gateway.metrics.bad_frames).keys()
    assert [reply.heard_text for reply in gateway.heard] == ["I can hear you."]
    assert gateway.end is MediaEnd.STOPPED


async def test_a_caller_on_a_poor_line_without_marks_is_understood_and_answered(
    gateway: MediaGateway, speak: Speak
) -> None:
    gateway.conversation.replies = [["I can hear you."]]
    question = await speak("What would the solar panels cost me?")
    async with PhoneLine(gateway.url, echo_marks=False, poor=True) as phone:
        await gateway.ready.wait()
        phone.say(question)
        await gateway.heard_replies(1)
    await gateway.over.wait()

    (turn,) = gateway.conversation.turns
    assert "solar panels" in turn.text.lower()
    (heard,) = gateway.heard
    assert heard.heard_text == "I can hear you."
    assert abs(heard.heard_ms - len(phone.played) // 8) <= 250


async def test_a_caller_who_pauses_in_mid_sentence_loses_no_words(gateway: MediaGateway, speak: Speak) -> None:
    gateway.conversation.replies = [["All right."]]
    begun, rest = await speak("My budget is around,"), await speak("twenty thousand dollars.")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        phone.say(begun + mulaw.SILENCE * int(0.7 * mulaw.SAMPLE_RATE) + rest)
        await gateway.heard_replies(1)
    await gateway.over.wait()

    (turn,) = gateway.conversation.turns
    assert turn.text.lower().startswith("my budget is around")
    assert "20,000" in turn.text or "twenty thousand" in turn.text


async def test_hanging_up_waits_for_the_goodbye_without_any_mark_coming_back(
    gateway: MediaGateway, speak: Speak
) -> None:
    gateway.conversation.replies = [["Goodbye, and thanks for calling."]]
    goodbye = await speak("Goodbye.")
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
