"""Speech synthesis: Piper's HTTP server, the speech cache, and the voice of one tier in a call's pipeline.

Each tier is a TTS service of its own, one behind the other in the pipeline. A service speaks the `SentenceFrame`s of
its tier and passes everything else on in order, so that replies of different tiers never overlap. A sentence that a
service cannot speak goes on to the tier that speaks for it.
"""

import asyncio
import io
import json
import re
import wave
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace
from time import monotonic

import httpx
import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pipecat.frames.frames import AggregatedTextFrame, Frame, TTSAudioRawFrame, TTSSpeakFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from callwright_common.campaign import Voice
from callwright_common.logs import get_logger
from vocabulary.enums import Tier
from voice_gateway.media.frames import ReplyStartedFrame, SentenceAudioFrame, SentenceFrame, SpeechFailedFrame
from voice_gateway.media.mulaw import SAMPLE_RATE
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.metrics import GatewayMetrics

_logger = get_logger(__name__)

_CONCURRENT_REQUESTS = 4
_TRIAL_TEXT = "Testing, one."
_MAX_SPEECH_BYTES = 20 * 1024 * 1024
_SHORTEST_SECONDS = 0.05
# Piper's voices come at full scale; a phone line wants headroom.
_GAIN = 0.7
# How fast is spoken to a caller who hears badly, against the voice's own speed.
_SLOWLY = 0.8
# An HTTP answer may take a while on a busy machine; Pipecat's audio context must not give up before the client does.
_CONTEXT_SECONDS = 30.0
# A reply's first sentence of this length is spoken in two pieces, so that the first is heard while the second is made.
_LONG_CHARACTERS = 40
_FIRST_CLAUSE = re.compile(r".{12,}?[,;:](?=\s)")


class SpeechError(Exception):
    """A sentence was not synthesised. Attribute `reason`: `timeout`, `unavailable`, `status` or `no_audio`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PiperSpeech:
    """Speech by Piper's HTTP server, shared by all calls; 16-bit samples at 8 kHz."""

    def __init__(
        self,
        base_url: str,
        cache: SpeechCache,
        *,
        timeout_seconds: float = 8.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._cache = cache
        self._timeout = timeout_seconds
        self._turns = asyncio.Semaphore(_CONCURRENT_REQUESTS)
        self._client = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(timeout_seconds, connect=1.0),
            limits=httpx.Limits(max_connections=_CONCURRENT_REQUESTS, max_keepalive_connections=_CONCURRENT_REQUESTS),
            transport=transport,
            trust_env=False,
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    def cached(self, text: str, voice: Voice) -> bytes | None:
        """Returns the samples of a text that was kept."""
        return self._cache.get(text, voice)

    async def synthesize(self, text: str, voice: Voice) -> bytes:
        """Returns the samples of a sentence.

        Raises:
            SpeechError: if there is no audio within the time limit.
        """
        cached = self._cache.get(text, voice)
        if cached is not None:
            return cached
        # Resampling for the pitch shortens the speech by its factor, which a longer synthesis makes up for.
        wanted = {"text": text, "length_scale": voice.pitch / voice.speed}
        wanted |= {"voice": voice.voice} if voice.voice else {}
        wav = await self._ask(self._client.build_request("POST", "/synthesize", json=wanted))
        return await asyncio.to_thread(_phone_samples, wav, voice.pitch)

    async def voices(self) -> list[str]:
        """Returns the names of the voices that Piper has.

        Raises:
            SpeechError: if it does not tell them.
        """
        content = await self._ask(self._client.build_request("GET", "/voices"))
        try:
            return list(json.loads(content).keys())
        except (ValueError, AttributeError):
            raise SpeechError("status") from None

    async def _ask(self, request: httpx.Request) -> bytes:
        try:
            async with asyncio.timeout(self._timeout), self._turns:
                answer = await self._client.send(request)
        except (TimeoutError, httpx.TimeoutException):
            raise SpeechError("timeout") from None
        except httpx.HTTPError:
            raise SpeechError("unavailable") from None
        if answer.status_code != httpx.codes.OK:
            raise SpeechError("status")
        return answer.content

    async def check(self, voice: Voice) -> None:
        """Asks for a sign of life: a text that is in no cache, because no agent says it.

        Raises:
            SpeechError: if there is no audio within the time limit.
        """
        await self.synthesize(_TRIAL_TEXT, voice)

    async def prepare(self, texts: Iterable[str], voice: Voice) -> int:
        """Synthesises texts into the cache, one after the other; returns how many are there."""
        ready = 0
        for text in dict.fromkeys(texts):
            try:
                self._cache.put(text, voice, await self.synthesize(text, voice))
                ready += 1
            except SpeechError as error:
                _logger.warning("a prompt was not synthesised ahead", reason=error.reason)
        return ready


def _phone_samples(wav: bytes, pitch: float) -> bytes:
    """Returns a WAV file's samples at 8 kHz, raised in pitch by a factor that also shortens them.

    Raises:
        SpeechError: if it holds no audio.
    """
    if len(wav) > _MAX_SPEECH_BYTES:
        raise SpeechError("no_audio")
    try:
        with wave.open(io.BytesIO(wav)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    except (wave.Error, EOFError, ValueError):
        raise SpeechError("no_audio") from None
    if len(samples) < rate * _SHORTEST_SECONDS or not samples.any():
        raise SpeechError("no_audio")
    resampled = soxr.resample(samples.astype(np.float32) * _GAIN, rate * pitch, SAMPLE_RATE)
    clipped: NDArray[np.int16] = np.clip(resampled, -32768, 32767).astype(np.int16)
    return clipped.tobytes()


def opening_pieces(sentence: str) -> list[str]:
    """Returns a long sentence as its first clause and the rest, where the voice pauses anyway; a short one as it is."""
    clause = _FIRST_CLAUSE.match(sentence) if len(sentence) >= _LONG_CHARACTERS else None
    return [clause[0], sentence[clause.end() :].strip()] if clause else [sentence]


class TierVoice(TTSService):
    """The voice of one tier in a call's pipeline."""

    def __init__(
        self, tier: Tier, voice: Voice, speech: PiperSpeech, metrics: GatewayMetrics, *, spoken_by: Tier | None = None
    ) -> None:
        """Speaks the sentences of `tier`; `spoken_by` names the later tier that speaks those that fail."""
        super().__init__(
            name=f"TierVoice-{tier}",
            push_start_frame=True,
            push_stop_frames=True,
            stop_frame_timeout_s=_CONTEXT_SECONDS,
            sample_rate=SAMPLE_RATE,
            settings=TTSSettings(model=None, voice=voice.voice, language=None),
        )
        self._tier = tier
        self._voice = voice
        self._slow_voice = voice.model_copy(update={"speed": voice.speed * _SLOWLY})
        self._speech = speech
        self._gateway_metrics = metrics
        self._spoken_by = spoken_by
        self._sentence: SentenceFrame | None = None
        self._reply_begins = False

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Speaks the sentences of its tier and passes everything else on in order."""
        if not isinstance(frame, SentenceFrame) or frame.tier != self._tier:
            self._reply_begins = self._reply_begins or isinstance(frame, ReplyStartedFrame)
            await super().process_frame(frame, direction)
            return
        whole = not self._reply_begins or self._speech.cached(frame.text, self._voice_of(frame)) is not None
        self._reply_begins = False
        for text in [frame.text] if whole else opening_pieces(frame.text):
            self._sentence = replace(frame, text=text)
            await super().process_frame(TTSSpeakFrame(text, append_to_context=False), direction)

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        """Passes frames on but for Pipecat's text frames: a `SentenceAudioFrame` announces a sentence's audio."""
        if not isinstance(frame, AggregatedTextFrame):
            await super().push_frame(frame, direction)

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Yields the sentence's audio, or the sentence itself for the tier that speaks for this one."""
        asked_at, sentence = monotonic(), self._sentence
        if sentence is None:
            return
        voice = self._voice_of(sentence)
        cached = self._speech.cached(text, voice)
        try:
            samples = cached or await self._speech.synthesize(text, voice)
        except SpeechError as error:
            # Pipecat closes the context of a sentence only behind audio.
            yield TTSAudioRawFrame(b"", SAMPLE_RATE, 1, context_id=context_id)
            await self._report(text, error.reason)
            if self._spoken_by is not None:
                yield replace(sentence, tier=self._spoken_by)
            return
        first_byte = self._gateway_metrics.synthesis_first_byte
        first_byte.labels(self._tier, str(cached is not None).lower()).observe(monotonic() - asked_at)
        yield SentenceAudioFrame(text, self._tier, sentence.place)
        yield TTSAudioRawFrame(samples, SAMPLE_RATE, 1, context_id=context_id)

    def _voice_of(self, sentence: SentenceFrame) -> Voice:
        return self._slow_voice if sentence.slowly else self._voice

    async def _report(self, text: str, reason: str) -> None:
        _logger.warning("a voice gave no audio", tier=self._tier, reason=reason)
        self._gateway_metrics.speech_failures.labels(tier=self._tier, reason=reason).inc()
        failed = SpeechFailedFrame(text, self._tier, self._spoken_by)
        await self.push_frame(failed, FrameDirection.UPSTREAM)
