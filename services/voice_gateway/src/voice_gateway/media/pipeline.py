"""The media of one call: builds its Pipecat pipeline, runs it and ends it.

::

    TwilioInput → SpeechToText → CallerTurns → processor → TierVoice … → TwilioOutput

All audio runs at 8 kHz. RTVI, turn tracking, metrics and the idle timeout of Pipecat are off.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from pipecat.frames.frames import ErrorFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.workers.runner import WorkerRunner
from starlette.websockets import WebSocket

from callwright_common.campaign import Voice
from callwright_common.logs import get_logger
from vocabulary.enums import Tier
from voice_gateway.media.caller_turns import CallerTurns
from voice_gateway.media.frames import HangUpFrame
from voice_gateway.media.hearing.speech_to_text import SpeechRecognizer, SpeechToText
from voice_gateway.media.hearing.turn_detection import TurnDetector, TurnSettings
from voice_gateway.media.hearing.voice_activity import SileroModel, VoiceActivity
from voice_gateway.media.hearing.whisper_recognizer import WhisperRecognizer
from voice_gateway.media.mulaw import SAMPLE_RATE
from voice_gateway.media.pipecat_logs import silence_pipecat
from voice_gateway.media.speaking.heard_ledger import HeardLedger
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech, TierVoice
from voice_gateway.media.twilio.input import TwilioInput
from voice_gateway.media.twilio.line import TwilioLine
from voice_gateway.media.twilio.output import TwilioOutput
from voice_gateway.media.twilio.protocol import MediaEnd, StartMessage
from voice_gateway.metrics import GatewayMetrics

_logger = get_logger(__name__)

_CANCEL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class MediaModels:
    """What all calls of a process share.

    Attributes:
        voice_activity: Tells voice from other sound.
        recognizer: Turns utterances into words.
        speech: Turns sentences into audio; `speech.prepare` fills its cache ahead of calls.
    """

    voice_activity: SileroModel
    recognizer: SpeechRecognizer
    speech: PiperSpeech


@asynccontextmanager
async def media_models(piper_url: str, whisper_model: str) -> AsyncIterator[MediaModels]:
    """Loads the models that all calls share, and releases them; Pipecat's own log goes off with it.

    Args:
        piper_url: Base address of Piper's HTTP server.
        whisper_model: Directory of CTranslate2 weights or a model's name; empty takes the packaged weights.
    """
    silence_pipecat()
    recognizer = await asyncio.to_thread(WhisperRecognizer, whisper_model)
    speech = PiperSpeech(piper_url, SpeechCache())
    try:
        await asyncio.to_thread(recognizer.warm_up)
        yield MediaModels(SileroModel(), recognizer, speech)
    finally:
        recognizer.close()
        await speech.close()


class CallMedia:
    """The media of one call.

    Attributes:
        ledger: What the caller has heard.
    """

    def __init__(self, line: TwilioLine, caller: TwilioInput, pipeline: Pipeline) -> None:
        self.ledger: HeardLedger = line.ledger
        self._line = line
        self._caller = caller
        self._worker = PipelineWorker(
            pipeline,
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE, audio_out_sample_rate=SAMPLE_RATE),
            enable_rtvi=False,
            enable_turn_tracking=False,
            idle_timeout_secs=None,
            cancel_timeout_secs=_CANCEL_SECONDS,
        )
        self._worker.add_event_handler("on_pipeline_error", self._on_error)

    @property
    def caller_speaking(self) -> bool:
        """Whether the caller's voice is heard right now."""
        return self._caller.caller_speaking

    @property
    def last_media_at(self) -> float:
        """Monotonic seconds of the last audio from the phone side."""
        return self._line.last_media_at

    async def run(self) -> MediaEnd:
        """Carries the call until it ends and returns why; every task of it is gone then."""
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        running = asyncio.create_task(runner.run(), name="call pipeline")
        running.add_done_callback(lambda _: self._line.end(MediaEnd.FAILED))
        try:
            return await self._line.wait_until_ended()
        finally:
            self._line.end(MediaEnd.HUNG_UP)
            await self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await self._line.close()

    async def hang_up(self, *, timeout: float) -> bool:
        """Ends the call once all queued speech was heard, at the latest after `timeout` seconds.

        Returns:
            False if the time was not enough, or the call ended otherwise meanwhile.
        """
        await self._worker.queue_frame(HangUpFrame())
        try:
            async with asyncio.timeout(timeout):
                return await self._line.wait_until_ended() is MediaEnd.HUNG_UP
        except TimeoutError:
            await self.close()
            return False

    async def close(self) -> None:
        """Ends the call now; `run` returns. Safe to call twice."""
        self._line.end(MediaEnd.HUNG_UP)

    async def _on_error(self, _worker: PipelineWorker, frame: ErrorFrame) -> None:
        # The frame's text may hold what was said.
        _logger.warning(
            "a processor failed",
            processor=frame.processor.name if frame.processor else "",
            error_type=type(frame.exception).__name__ if frame.exception else "",
        )


def build_call_media(
    *,
    websocket: WebSocket,
    start: StartMessage,
    models: MediaModels,
    voices: Mapping[Tier, Voice],
    processor: FrameProcessor,
    metrics: GatewayMetrics,
) -> CallMedia:
    """Returns the media of a call whose `start` message was read with `twilio.line.read_start`.

    The first of the voices speaks the sentences that another cannot speak. The processor stands between the caller's
    turns and the agent's sentences.
    """
    line = TwilioLine(websocket, start, metrics)
    caller = TwilioInput(line, VoiceActivity(models.voice_activity), TurnDetector(TurnSettings()))
    stand_in, *others = voices
    tiers = [
        *(TierVoice(tier, voices[tier], models.speech, metrics, spoken_by=stand_in) for tier in others),
        TierVoice(stand_in, voices[stand_in], models.speech, metrics),
    ]
    pipeline = Pipeline(
        [
            caller,
            SpeechToText(models.recognizer, metrics),
            CallerTurns(line),
            processor,
            *tiers,
            TwilioOutput(line),
        ]
    )
    return CallMedia(line, caller, pipeline)
