"""Voices that campaigns name: spoken by Piper, or told."""

import asyncio
from contextlib import AsyncExitStack

import httpx
import yaml

from callwright_common.campaign import Campaign, parse_campaign
from callwright_common.readiness import Readiness
from fakes.virtual_time import virtual_time
from fixtures.helm_chart import CAMPAIGN
from voice_gateway.calls.media_factory import check_voices
from voice_gateway.media.speaking.speech_cache import SpeechCache
from voice_gateway.media.speaking.text_to_speech import PiperSpeech

CONDITION = "voices of the campaigns"


def campaign(standard: str | None) -> dict[str, Campaign]:
    fields = yaml.safe_load(CAMPAIGN.read_text(encoding="utf-8"))
    fields["voices"]["standard"]["voice"] = standard
    return {"solar": parse_campaign(yaml.safe_dump(fields), "solar.yaml")}


def piper(answers: list[httpx.Response | Exception]) -> PiperSpeech:
    """Returns a Piper that answers so, one after the other, and in the end always as the last."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/voices"
        given = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(given, Exception):
            raise given
        return given

    return PiperSpeech("http://piper.test", SpeechCache(), transport=httpx.MockTransport(answer))


def voices(*names: str) -> httpx.Response:
    return httpx.Response(200, json={name: {} for name in names})


@virtual_time
async def test_a_voice_that_piper_lacks_keeps_the_gateway_from_being_ready_until_it_is_there() -> None:
    answers: list[httpx.Response | Exception] = [httpx.ConnectError("away"), httpx.Response(500), voices("ann", "bob")]
    speech, readiness = piper(answers), Readiness()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(speech.close)
        checking = asyncio.create_task(check_voices(speech, campaign("joe"), readiness))
        await asyncio.sleep(60)
        told = "campaign sunline-solar: voices.standard.voice: must be one of ann, bob, not 'joe'"
        assert readiness.problems == {CONDITION: told}
        answers[:] = [voices("ann", "joe")]
        await checking
        assert readiness.ready


@virtual_time
async def test_voices_that_are_there_or_left_to_piper_are_none_to_wait_for() -> None:
    for named, told in [(None, "ann"), ("ann", "ann"), ("en_US-nelson", "en_US-nel"), ("joe", "joe")]:
        speech, readiness = piper([voices(told)]), Readiness()
        await check_voices(speech, campaign(named), readiness)
        assert readiness.ready
        await speech.close()
