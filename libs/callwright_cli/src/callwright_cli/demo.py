"""The demo: one simulated phone call through a running stack, shown live and checked afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import grpc
import httpx
from rich.console import Console

from callers.caller import Caller
from callers.hearing import WhisperTranscriber
from callers.personas import PERSONAS
from callers.policy import CallerPolicy
from callers.voice import CallerVoice
from callwright_cli.call_record import RecordedCall, RecordMissingError, read_finished_call
from callwright_cli.call_report import call_document, write_call_document
from callwright_cli.demo_view import open_view, show_result
from callwright_cli.latency_chart import draw_latency_chart
from callwright_cli.live_watch import CallWatch, LiveCall
from callwright_cli.verification.checks import (
    Check,
    PlayedTurn,
    check_bookings,
    check_heard_time,
    check_heard_words,
    check_transitions,
    check_voice,
)
from callwright_cli.verification.played_replies import played_replies
from callwright_common.campaign import load_campaigns
from callwright_common.client import open_channel
from local_stack.endpoints import StackEndpoints
from phone_simulator.media_stream import MediaStream
from phone_simulator.phone_call import PhoneCall, PhoneCallSettings
from phone_simulator.telephone_audio import write_stereo_wav
from phone_simulator.webhook import CallParty, TwimlError

CALLER_NUMBER = "+12025550123"
CALLED_NUMBER = "+12025550199"
RECORDS_TIMEOUT_SECONDS = 20.0
STATUS_PATH = "/twilio/status"
VOICE_PATH = "/twilio/voice"


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call that has ended, as the caller's side knows it."""

    stream: MediaStream
    policy: CallerPolicy
    live: LiveCall


async def run_demo(endpoints: StackEndpoints, persona_name: str, seed: int, out: Path) -> int:
    """Places one call, shows it, writes its files below `out/demo` and checks the records.

    Returns:
        0 if the records and the caller's side agree, 1 if not or if the call could not be placed.
    """
    console = Console()
    persona = PERSONAS[persona_name]
    ear = await WhisperTranscriber.load()
    try:
        placed = await place_call(endpoints, CallerPolicy(persona, seed), seed, ear, console)
        async with _channel(endpoints.persistence) as channel:
            record = await read_finished_call(channel, placed.live.call_id, timeout=RECORDS_TIMEOUT_SECONDS)
    except (TwimlError, RecordMissingError, httpx.HTTPError, OSError) as error:
        console.print(f"The demo failed: {error or type(error).__name__}", style="bold red", markup=False)
        return 1
    checks = await verify(record, placed, endpoints.campaigns_dir, ear)
    files = write_files(out / "demo", record, placed, seed)
    show_result(console, record, checks, files)
    return 0 if all(check.passed for check in checks) else 1


async def place_call(
    endpoints: StackEndpoints, policy: CallerPolicy, seed: int, ear: WhisperTranscriber, console: Console
) -> PlacedCall:
    """Lets a caller call the stack and shows the call until its end.

    Raises:
        TwimlError: if the webhook refuses the call.
        httpx.HTTPError: if the gateway or Piper do not answer.
        OSError: if the gateway refuses the media stream.
    """
    persona = policy.persona
    live = LiveCall()
    party = CallParty(CALLER_NUMBER, CALLED_NUMBER)
    async with AsyncExitStack() as resources:
        http = await resources.enter_async_context(httpx.AsyncClient(trust_env=False))
        gateway = await resources.enter_async_context(_channel(endpoints.gateway))
        orchestrator = await resources.enter_async_context(_channel(endpoints.orchestrator))
        voice = CallerVoice(http, endpoints.piper_url, speed=persona.speed, pitch=persona.pitch)
        console.print(f"The caller ({persona.name}, seed {seed}) practises its lines …", highlight=False)
        await voice.prepare(policy.likely_lines())
        title = f"{persona.name}, seed {seed}: {CALLER_NUMBER} calls {CALLED_NUMBER}"
        view = resources.enter_context(open_view(console, live, title))
        caller = Caller(policy, voice, ear, seed, on_spoken=view.spoken)
        watching = asyncio.create_task(CallWatch(live, gateway, orchestrator, view.changed).run(party.call_sid))
        try:
            stream = await PhoneCall(_settings(endpoints), party, seed=seed).run(caller.talk)
            await caller.after(stream)
        finally:
            watching.cancel()
            await asyncio.wait([watching])
    return PlacedCall(stream, policy, live)


def _settings(endpoints: StackEndpoints) -> PhoneCallSettings:
    return PhoneCallSettings(
        webhook_url=endpoints.http_url + VOICE_PATH,
        auth_token=endpoints.twilio_auth_token,
        status_url=endpoints.http_url + STATUS_PATH,
    )


@asynccontextmanager
async def _channel(address: str) -> AsyncIterator[grpc.aio.Channel]:
    channel = open_channel(address)
    try:
        yield channel
    finally:
        await channel.close()


async def verify(record: RecordedCall, placed: PlacedCall, campaigns_dir: Path, ear: WhisperTranscriber) -> list[Check]:
    """Compares the records of a call with what its caller's side saw."""
    playout, persona = placed.stream.playout, placed.policy.persona
    played = {
        turn_id: PlayedTurn(reply.milliseconds, reply.audio(playout.line))
        for turn_id, reply in played_replies(playout).items()
    }
    campaign = load_campaigns(campaigns_dir)[record.campaign]
    return [
        check_heard_time(record, played),
        await check_heard_words(record, played, ear),
        check_voice(record, played, expected=persona.books),
        check_transitions(record, placed.live.agents(), expects_handoff=not persona.books),
        check_bookings(record, placed.policy.agreed, ZoneInfo(campaign.calendar.timezone), expected=persona.books),
    ]


def write_files(directory: Path, record: RecordedCall, placed: PlacedCall, seed: int) -> list[str]:
    """Writes document, recording and latency picture of a call; returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    document, recording, chart = (directory / name for name in ("call.json", "call.wav", "latency.svg"))
    write_call_document(document, call_document(record, persona=placed.policy.persona.name, seed=seed))
    write_stereo_wav(recording, bytes(placed.stream.caller_line), bytes(placed.stream.playout.line))
    draw_latency_chart(
        chart, record.turns, title="One call, turn by turn: from the caller's last word to the agent's first"
    )
    return [str(path) for path in (document, recording, chart)]
