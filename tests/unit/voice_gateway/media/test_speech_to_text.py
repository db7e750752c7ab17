import asyncio
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from pipecat.frames.frames import Frame, InputAudioRawFrame, TranscriptionFrame
from pipecat.tests.utils import SleepFrame, run_test
from prometheus_client import CollectorRegistry

from fakes.counted import counted
from voice_gateway.media.frames import (
    CallerTurnEndedFrame,
    CallerVoicePausedFrame,
    CallerVoiceStartedFrame,
    PauseJudgedFrame,
)
from voice_gateway.media.hearing.speech_to_text import RecognitionError, SpeechToText, Transcript
from voice_gateway.metrics import GatewayMetrics

SECOND = InputAudioRawFrame(b"\x01\x00" * 8000, 8000, 1)


class ScriptedRecognizer:
    """Answers with the length of what it was given, in seconds."""

    def __init__(self, *, failing: bool = False, more: str = "") -> None:
        self.asked: list[float] = []
        self.failing = failing
        self.more = more

    async def transcribe(self, samples: NDArray[np.int16], expected: object = None) -> Transcript:
        self.asked.append(len(samples) / 8000)
        await asyncio.sleep(0)
        if self.failing:
            raise RecognitionError("overloaded")
        return Transcript(f"{len(samples) / 8000:g} seconds{self.more}")


def speech_to_text(recognizer: ScriptedRecognizer) -> SpeechToText:
    return SpeechToText(recognizer, GatewayMetrics(CollectorRegistry()))


async def transcripts(processor: SpeechToText, frames: Sequence[Frame]) -> list[str]:
    """Returns the texts of the transcripts that the processor pushes for frames."""
    down, _ = await run_test(processor, frames_to_send=[*frames, SleepFrame(0.05)])
    assert not any(isinstance(frame, InputAudioRawFrame) for frame in down)
    return [frame.text for frame in down if isinstance(frame, TranscriptionFrame) and frame.finalized]


async def test_the_transcript_is_begun_at_the_pause_and_delivered_at_the_end_of_the_turn() -> None:
    recognizer, metrics = ScriptedRecognizer(), GatewayMetrics(CollectorRegistry())
    frames = [CallerVoiceStartedFrame(), SECOND, SECOND, CallerVoicePausedFrame(), SleepFrame(0.01)]
    processor = SpeechToText(recognizer, metrics)
    assert await transcripts(processor, [*frames, CallerTurnEndedFrame()]) == ["2 seconds"]
    assert recognizer.asked == [2.0]
    assert counted(metrics.transcription) == {"words": 1}


async def test_a_caller_who_goes_on_is_transcribed_as_a_whole() -> None:
    recognizer = ScriptedRecognizer()
    part = [CallerVoiceStartedFrame(), SECOND, CallerVoicePausedFrame(), SleepFrame(0.01)]
    processor = speech_to_text(recognizer)
    assert await transcripts(processor, [*part, *part, CallerTurnEndedFrame()]) == ["2 seconds"]
    assert recognizer.asked == [1.0, 2.0]


async def test_each_turn_begins_anew() -> None:
    turn = [CallerVoiceStartedFrame(), SECOND, CallerVoicePausedFrame(), CallerTurnEndedFrame(), SleepFrame(0.01)]
    processor = speech_to_text(ScriptedRecognizer())
    assert await transcripts(processor, [*turn, *turn]) == ["1 seconds", "1 seconds"]


async def test_a_transcript_holds_nothing_that_cannot_be_stored_or_sent() -> None:
    recognizer = ScriptedRecognizer(more="\0 \ud800and\x1b more\0")
    processor = speech_to_text(recognizer)
    frames = [CallerVoiceStartedFrame(), SECOND, CallerVoicePausedFrame(), SleepFrame(0.01), CallerTurnEndedFrame()]
    assert await transcripts(processor, frames) == ["1 seconds and more"]


async def test_a_failing_recogniser_gives_an_empty_transcript() -> None:
    metrics = GatewayMetrics(CollectorRegistry())
    turn = [CallerVoiceStartedFrame(), SECOND, CallerVoicePausedFrame(), CallerTurnEndedFrame()]
    assert await transcripts(SpeechToText(ScriptedRecognizer(failing=True), metrics), turn) == [""]
    assert counted(metrics.transcription) == {"failed": 1}


async def test_an_endless_utterance_is_bounded() -> None:
    recognizer = ScriptedRecognizer()
    frames = [CallerVoiceStartedFrame(), *[SECOND] * 70, CallerVoicePausedFrame(), CallerTurnEndedFrame()]
    assert await transcripts(speech_to_text(recognizer), frames) == ["60 seconds"]


@pytest.mark.parametrize(("more", "complete"), [(" it is.", True), (" and", False)])
async def test_what_the_words_say_about_a_pause_is_told_before_the_turn_is_over(more: str, complete: bool) -> None:
    frames = [CallerVoiceStartedFrame(), SECOND, CallerVoicePausedFrame(), SleepFrame(0.05)]
    _, up = await run_test(speech_to_text(ScriptedRecognizer(more=more)), frames_to_send=frames)
    assert [frame.complete for frame in up if isinstance(frame, PauseJudgedFrame)] == [complete]
