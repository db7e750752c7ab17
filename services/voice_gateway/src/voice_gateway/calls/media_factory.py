"""The media of each call, built from what all calls share."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from pipecat.processors.frame_processor import FrameProcessor
from starlette.websockets import WebSocket

from callwright_common.campaign import Campaign, Voice, unknown_voices
from callwright_common.readiness import Readiness
from dialogue import split_sentences
from vocabulary.enums import Tier
from voice_gateway.conversation.call_line import Line
from voice_gateway.media.pipeline import MediaModels, build_call_media
from voice_gateway.media.speaking.text_to_speech import PiperSpeech, SpeechError
from voice_gateway.media.twilio.protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics

_PREPARE_PAUSE_SECONDS = 0.5
_LONGEST_PREPARE_PAUSE_SECONDS = 10.0
_VOICES_PAUSE_SECONDS = 5.0


MediaFactory = Callable[[WebSocket, StartMessage, Campaign, FrameProcessor, GatewayMetrics], Line]
"""Builds the media of one call."""


def pipeline_media(models: MediaModels) -> MediaFactory:
    """Returns what builds Pipecat pipelines with the real recogniser and voices."""
    return lambda websocket, start, campaign, processor, metrics: build_call_media(
        websocket=websocket,
        start=start,
        models=models,
        voices=voices_of(campaign),
        processor=processor,
        metrics=metrics,
    )


def voices_of(campaign: Campaign) -> dict[Tier, Voice]:
    """Returns the voice of each tier, the standard one first."""
    return {Tier.STANDARD: campaign.voices.standard, Tier.PREMIUM: campaign.voices.premium}


async def check_voices(speech: PiperSpeech, campaigns: Mapping[str, Campaign], readiness: Readiness) -> None:
    """Returns once Piper has every voice that a campaign names.

    It would speak with its own in place of one that it lacks, so the gateway is not ready while it lacks one.
    """
    while True:
        try:
            problems = unknown_voices(campaigns, await speech.voices())
        except SpeechError:
            pass  # calls tell whether it is away
        else:
            readiness.set("voices of the campaigns", "\n".join(problems) or None)
            if not problems:
                return
        await asyncio.sleep(_VOICES_PAUSE_SECONDS)


async def prepare_speech(speech: PiperSpeech, campaigns: Iterable[Campaign]) -> None:
    """Fills the speech cache with the fixed texts, one by one, trying again until the voices are there."""
    pause = _PREPARE_PAUSE_SECONDS
    for campaign in campaigns:
        voices = voices_of(campaign)
        fillers = [(text, voices[Tier.PREMIUM]) for text in campaign.prompts.fillers]
        for text, voice in [*((text, voices[Tier.STANDARD]) for text in _fixed_texts(campaign)), *fillers]:
            while speech.cached(text, voice) is None and not await speech.prepare([text], voice):
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PREPARE_PAUSE_SECONDS)
            pause = _PREPARE_PAUSE_SECONDS


def _fixed_texts(campaign: Campaign) -> list[str]:
    """Returns the sentences of a campaign's fixed texts."""
    prompts = campaign.prompts
    fixed = (
        prompts.apology,
        prompts.did_not_hear,
        prompts.still_there,
        prompts.goodbye_silence,
        prompts.unavailable,
        prompts.call_back,
        prompts.time_limit,
        prompts.cut_short,
        prompts.goodbye,
    )
    texts = (campaign.opening, *prompts.fillers, *fixed)
    return [sentence for text in texts for sentence in split_sentences(text)]
