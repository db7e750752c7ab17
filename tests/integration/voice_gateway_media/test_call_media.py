"""A call's media over a real WebSocket, with real voice activity, Whisper and Piper."""

import asyncio
from collections.abc import Awaitable, Callable

from fakes.media_gateway import MediaGateway
from fakes.phone_line import PhoneLine
from voice_gateway.pipeline import MediaEnd

Speak = Callable[[str], Awaitable[bytes]]
SENTENCES = [
    "Thanks for calling Sunline Solar.",
    "Most homes like yours save about forty dollars every month, and the panels come with a long warranty.",
]


async def test_a_turn_is_understood_answered_and_heard_to_its_end(gateway: MediaGateway, speak: Speak) -> None:
    gateway.conversation.replies = [SENTENCES]
    question = await speak("What would the solar panels cost me?")
    async with PhoneLine(gateway.url) as phone:
        await gateway.ready.wait()
        await asyncio.sleep(0.3)
        phone.say(question)
        ended = await phone.said()
        first_audio = await phone.wait_for("media")
        await phone.quiet()
        await phone.wait_for("mark", count=10)
    await gateway.over.wait()

    (turn,) = gateway.conversation.turns
    assert turn.text.lower().rstrip(".?!") == "what would the solar panels cost me"
    assert turn.speech_started_at < turn.speech_ended_at < turn.turn_detected_at <= turn.transcribed_at
    assert first_audio - ended < 1.5
    (heard,) = gateway.heard
    assert heard.heard_text == " ".join(SENTENCES)
    assert heard.unheard_text == ""
    assert not heard.interrupted
    assert heard.heard_ms == heard.sent_ms == len(phone.played) // 8
    assert 5000 < heard.heard_ms < 12000
    assert gateway.metrics.underruns == 0
    assert gateway.end is MediaEnd.STOPPED
