import asyncio
import io
import json
import wave
from collections.abc import AsyncIterator, Callable

import httpx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipecat.frames.frames import EndFrame, Frame, InterruptionFrame, StartFrame, TTSAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.tests.utils import SleepFrame, run_test
from prometheus_client import CollectorRegistry

from callwright_common.campaign import Voice
from vocabulary.enums import Tier
from voice_gateway.media.frames import (
    ReplyEndedFrame,
    ReplyStartedFrame,
    SentenceAudioFrame,
    SentenceFrame,
    SpeechFailedFrame,
)
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech, SpeechError, TierVoice, opening_pieces
from voice_gateway.metrics import GatewayMetrics

STANDARD, PREMIUM = Voice(voice="joe"), Voice(voice="joe", speed=1.25, pitch=0.8)


class PiperServer:
    """Answers like Piper: a tone whose length follows the text and `length_scale`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.status = 200
        self.body: bytes | None = None
        self.voices: object = {"en_US-joe-medium": {}}
        self.failing: Callable[[dict[str, object]], bool] = lambda _: False
        self.delay = 0.0

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/voices":
            return httpx.Response(self.status, json=self.voices)
        body = json.loads(request.content)
        self.asked.append(body)
        await asyncio.sleep(self.delay)
        if self.failing(body):
            return httpx.Response(500)
        seconds = len(body["text"]) * 0.05 * body["length_scale"]
        return httpx.Response(self.status, content=tone(seconds) if self.body is None else self.body)


def tone(seconds: float, hertz: float = 300.0, rate: int = 22050) -> bytes:
    """Returns a WAV file."""
    samples = (12000 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.int16)
    with io.BytesIO() as buffer:
        with wave.open(buffer, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(samples.tobytes())
        return buffer.getvalue()


def pitch_of(samples: bytes) -> float:
    """Returns the strongest frequency of samples at 8 kHz."""
    values = np.frombuffer(samples, dtype=np.int16).astype(float)
    return float(np.argmax(np.abs(np.fft.rfft(values))) * 8000 / len(values))


@pytest.fixture
def server() -> PiperServer:
    return PiperServer()


@pytest.fixture
async def speech(server: PiperServer) -> AsyncIterator[PiperSpeech]:
    client = PiperSpeech(
        "http://piper.test", SpeechCache(), timeout_seconds=0.2, transport=httpx.MockTransport(server.answer)
    )
    yield client
    await client.close()


async def test_speed_and_pitch_are_independent(speech: PiperSpeech) -> None:
    text = "x" * 40
    plain = await speech.synthesize(text, STANDARD)
    fast = await speech.synthesize(text, Voice(voice="joe", speed=1.25))
    low = await speech.synthesize(text, Voice(voice="joe", pitch=0.8))
    assert len(plain) / 16000 == pytest.approx(2.0, rel=0.01)
    assert len(fast) / 16000 == pytest.approx(1.6, rel=0.01)
    assert len(low) / 16000 == pytest.approx(2.0, rel=0.01)
    assert pitch_of(plain) == pytest.approx(300, rel=0.01)
    assert pitch_of(fast) == pytest.approx(300, rel=0.01)
    assert pitch_of(low) == pytest.approx(240, rel=0.01)


async def test_a_voice_without_a_name_is_left_to_piper(speech: PiperSpeech, server: PiperServer) -> None:
    await speech.synthesize("Hello.", Voice())
    await speech.synthesize("Hello.", STANDARD)
    assert [asked.get("voice", "not asked for") for asked in server.asked] == ["not asked for", "joe"]


@pytest.mark.parametrize("told", [None, 5, "joe", ["joe"]])
async def test_only_names_of_voices_are_taken_for_such(speech: PiperSpeech, server: PiperServer, told: object) -> None:
    assert await speech.voices() == ["en_US-joe-medium"]
    server.voices = told
    with pytest.raises(SpeechError, match="status"):
        await speech.voices()


@pytest.mark.parametrize("body", [b"", b"no wav", tone(0.0), tone(0.01), tone(1.0)[:44] + bytes(44100)])
async def test_an_answer_without_audio_is_an_error(speech: PiperSpeech, server: PiperServer, body: bytes) -> None:
    server.body = body
    with pytest.raises(SpeechError, match="no_audio"):
        await speech.synthesize("Hello.", STANDARD)


async def test_failures_name_their_reason(speech: PiperSpeech, server: PiperServer) -> None:
    server.failing = lambda _: True
    with pytest.raises(SpeechError, match="status"):
        await speech.synthesize("Hello.", STANDARD)
    server.failing = lambda _: False
    server.delay = 1.0
    with pytest.raises(SpeechError, match="timeout"):
        await speech.synthesize("Hello.", STANDARD)
    nobody = PiperSpeech("http://127.0.0.1:1", SpeechCache())
    with pytest.raises(SpeechError, match="unavailable"):
        await nobody.synthesize("Hello.", STANDARD)
    await nobody.close()


async def test_prepared_speech_is_synthesised_once(speech: PiperSpeech, server: PiperServer) -> None:
    assert await speech.prepare(["One moment.", "Sorry.", "Sorry."], STANDARD) == 2
    await speech.synthesize("Sorry.", STANDARD)
    assert len(server.asked) == 2
    await speech.synthesize("Sorry.", PREMIUM)
    assert len(server.asked) == 3


async def test_prepare_goes_on_when_a_text_fails(speech: PiperSpeech, server: PiperServer) -> None:
    server.failing = lambda body: body["text"] == "Bad."
    assert await speech.prepare(["Bad.", "Good."], STANDARD) == 1


def reply(turn_id: str, tier: Tier, *texts: str) -> list[Frame]:
    sentences: list[Frame] = [SentenceFrame(text, tier, place) for place, text in enumerate(texts)]
    return [ReplyStartedFrame(turn_id=turn_id), *sentences, ReplyEndedFrame()]


def summary(frames: object) -> list[str]:
    """Returns what reaches the output, in a word per frame."""
    words: list[str] = []
    assert isinstance(frames, list)
    for frame in frames:
        match frame:
            case ReplyStartedFrame():
                words.append(f"start {frame.turn_id}")
            case ReplyEndedFrame():
                words.append("end")
            case SentenceAudioFrame():
                words.append(f"{frame.tier}: {frame.text}")
            case TTSAudioRawFrame() if frame.audio:
                words.append("audio")
    return words


def places(frames: object) -> list[int]:
    """Returns which sentences of their replies the output is told of."""
    assert isinstance(frames, list)
    return [frame.place for frame in frames if isinstance(frame, SentenceAudioFrame)]


def tiers(speech: PiperSpeech) -> Pipeline:
    metrics = GatewayMetrics(CollectorRegistry())
    return Pipeline(
        [
            TierVoice(Tier.PREMIUM, PREMIUM, speech, metrics, spoken_by=Tier.STANDARD),
            TierVoice(Tier.STANDARD, STANDARD, speech, metrics),
        ]
    )


async def test_replies_of_both_tiers_come_out_in_order(speech: PiperSpeech, server: PiperServer) -> None:
    frames = [
        *reply("t1", Tier.STANDARD, "First.", "Second."),
        *reply("t2", Tier.PREMIUM, "Third."),
        *reply("t3", Tier.STANDARD, "Last."),
    ]
    down, _ = await run_test(tiers(speech), frames_to_send=[*frames, SleepFrame(0.2)])
    assert summary(list(down)) == [
        *("start t1", "standard: First.", "audio", "standard: Second.", "audio", "end"),
        *("start t2", "premium: Third.", "audio", "end"),
        *("start t3", "standard: Last.", "audio", "end"),
    ]
    # The tiers work side by side; the order of the requests does not matter, their settings do.
    scales = {body["text"]: body["length_scale"] for body in server.asked}
    assert scales == {"First.": 1.0, "Second.": 1.0, "Third.": 0.64, "Last.": 1.0}


LONG = "Tomorrow at nine in the morning, or Tuesday at one in the afternoon, which one shall I take?"
HEAD, REST = "Tomorrow at nine in the morning,", "or Tuesday at one in the afternoon, which one shall I take?"


async def test_a_long_sentence_is_heard_from_its_first_clause_on(speech: PiperSpeech, server: PiperServer) -> None:
    frames = [*reply("t1", Tier.PREMIUM, LONG, LONG), *reply("t2", Tier.STANDARD, "Short.", LONG)]
    down, _ = await run_test(tiers(speech), frames_to_send=[*frames, SleepFrame(0.2)])
    assert summary(list(down)) == [
        *("start t1", f"premium: {HEAD}", "audio", f"premium: {REST}", "audio", f"premium: {LONG}", "audio", "end"),
        *("start t2", "standard: Short.", "audio", f"standard: {LONG}", "audio", "end"),
    ]
    assert places(list(down)) == [0, 0, 1, 0, 1]


async def test_a_long_sentence_that_is_kept_is_spoken_as_it_is(speech: PiperSpeech) -> None:
    await speech.prepare([LONG], STANDARD)
    down, _ = await run_test(tiers(speech), frames_to_send=[*reply("t1", Tier.STANDARD, LONG), SleepFrame(0.2)])
    assert summary(list(down)) == ["start t1", f"standard: {LONG}", "audio", "end"]


@pytest.mark.parametrize(
    "sentence", ["Understood, an electric car.", "A bill of $1,250 a month is a good reason to look at your roof."]
)
def test_a_sentence_without_a_first_clause_stays_whole(sentence: str) -> None:
    assert opening_pieces(sentence) == [sentence]


@given(st.text(alphabet="ab ,;:.", max_size=120).map(lambda text: " ".join(text.split())))
def test_the_pieces_of_a_sentence_are_the_sentence(sentence: str) -> None:
    pieces = opening_pieces(sentence)
    assert " ".join(pieces) == sentence
    assert len(pieces) == 1 or all(pieces)


async def test_a_sentence_that_premium_cannot_speak_is_spoken_by_standard(
    speech: PiperSpeech, server: PiperServer
) -> None:
    server.failing = lambda body: body["length_scale"] != 1.0 and body["text"] == "Second."
    frames = reply("t1", Tier.PREMIUM, "First.", "Second.", "Third.")
    down, up = await run_test(tiers(speech), frames_to_send=[*frames, SleepFrame(0.2)])
    assert summary(list(down)) == [
        *("start t1", "premium: First.", "audio"),
        *("standard: Second.", "audio"),
        *("premium: Third.", "audio", "end"),
    ]
    assert places(list(down)) == [0, 1, 2]
    (failed,) = [frame for frame in up if isinstance(frame, SpeechFailedFrame)]
    assert (failed.text, failed.tier, failed.spoken_by) == ("Second.", Tier.PREMIUM, Tier.STANDARD)


async def test_silence_never_blocks_the_reply(speech: PiperSpeech, server: PiperServer) -> None:
    server.failing = lambda body: body["text"] == "Second."
    frames = reply("t1", Tier.STANDARD, "First.", "Second.", "Third.")
    down, up = await run_test(tiers(speech), frames_to_send=[*frames, SleepFrame(0.2)])
    assert summary(list(down))[-3:] == ["standard: Third.", "audio", "end"]
    (failed,) = [frame for frame in up if isinstance(frame, SpeechFailedFrame)]
    assert failed.spoken_by is None


async def test_an_interruption_reaches_both_tiers(speech: PiperSpeech, server: PiperServer) -> None:
    server.delay = 0.1
    frames = [*reply("t1", Tier.PREMIUM, "Never heard."), SleepFrame(0.02), InterruptionFrame(), SleepFrame(0.02)]
    down, _ = await run_test(
        tiers(speech), frames_to_send=[*frames, *reply("t2", Tier.STANDARD, "New."), SleepFrame(0.3)]
    )
    assert "audio" in summary(list(down))
    assert [word for word in summary(list(down)) if word.endswith("Never heard.")] in ([], ["premium: Never heard."])
    assert summary(list(down))[-4:] == ["start t2", "standard: New.", "audio", "end"]
    assert not any(isinstance(frame, StartFrame | EndFrame) for frame in down)


def test_the_cache_drops_what_was_used_least_recently() -> None:
    cache = SpeechCache(max_bytes=25)
    cache.put("a", STANDARD, bytes(10))
    cache.put("b", STANDARD, bytes(10))
    assert cache.get("a", STANDARD) is not None
    cache.put("c", STANDARD, bytes(10))
    assert cache.get("b", STANDARD) is None
    assert cache.get("a", PREMIUM) is None
    cache.put("a", STANDARD, bytes(15))
    assert len(cache) == 2
    cache.put("huge", STANDARD, bytes(99))
    assert len(cache) == 0
