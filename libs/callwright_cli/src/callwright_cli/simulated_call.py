"""One simulated phone call through a running stack, shown live and checked afterwards."""

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console

from callers.caller import Caller
from callers.hearing import WhisperTranscriber
from callers.policy import CallerPolicy
from callers.voice import CallerVoice, VoiceError
from callwright_cli.call_record import RecordMissingError, read_finished_call
from callwright_cli.call_report import call_document, write_call_document
from callwright_cli.call_view import open_view, show_result
from callwright_cli.latency_chart import draw_latency_chart
from callwright_cli.live_watch import WatchedCall, watch_call
from callwright_cli.verification.checks import (
    Check,
    check_bookings,
    check_heard_time,
    check_heard_words,
    check_transitions,
    check_voice,
)
from callwright_cli.verification.played_replies import played_replies
from callwright_common.rpc.client import open_channel
from local_stack.endpoints import StackEndpoints
from local_stack.processes.readiness import grpc_serving
from phone_simulator.endpoint import CallParty, Endpoint, PhoneCallError
from phone_simulator.media_stream import MediaStream
from phone_simulator.phone_call import PhoneCall
from phone_simulator.telephone_audio import write_stereo_wav
from phone_simulator.webhook import CallRefusedError
from vocabulary.call_record import CallHistory
from vocabulary.enums import EndReason

CALLER_NUMBER = "+12025550123"
CALLED_NUMBER = "+12025550199"
RECORDS_TIMEOUT_SECONDS = 20.0
_WHY_REFUSED = (
    "If the file of {campaign} is new or was changed: the system reads campaigns at its start, so end `make run` with "
    "Ctrl-C and start it again. Else the log of voice_gateway tells why."
)
_STOPPED = "The system was stopped meanwhile; what it recorded is there again with the next `make run`."
_FILES = ("call.json", "call.wav", "latency.svg")


async def run_call(endpoints: StackEndpoints, policy: CallerPolicy, folder: Path) -> int:
    """Places one call, shows it, writes its files and checks the records.

    Returns:
        0 if records and caller's side agree in all that the settings allow, 1 if not or if no call could be placed.
    """
    console, live = Console(), WatchedCall()
    ear = await asyncio.to_thread(WhisperTranscriber)
    try:
        stream = await place_call(endpoints, policy, ear, live, console)
        if not live.call_id:
            raise RecordMissingError(f"the gateway at {endpoints.gateway} did not tell the id of the call")
        async with open_channel(endpoints.persistence) as channel:
            record = await read_finished_call(channel, live.call_id, timeout=RECORDS_TIMEOUT_SECONDS)
    except (PhoneCallError, VoiceError, RecordMissingError) as error:
        console.print(f"The call failed: {error}", style="bold red", soft_wrap=True, markup=False)
        if isinstance(error, CallRefusedError):
            console.print(_WHY_REFUSED.format(campaign=policy.campaign.id), soft_wrap=True, highlight=False)
        elif await grpc_serving(endpoints.gateway)() is not None:
            console.print(_STOPPED, soft_wrap=True, highlight=False)
        return 1
    checks = await verify(record, stream, live, policy, ear)
    earlier = set_aside(folder)
    files = write_files(folder, record, stream, policy)
    show_result(console, record, checks, files)
    if earlier is not None:
        console.print(f"The files of the call before are in {earlier}/", soft_wrap=True, highlight=False, markup=False)
    return 1 if any(check.passed is False for check in checks) else 0


async def place_call(
    endpoints: StackEndpoints, policy: CallerPolicy, ear: WhisperTranscriber, live: WatchedCall, console: Console
) -> MediaStream:
    """Lets a caller call the stack and shows the call until its end; notes what the services tell of it.

    Raises:
        PhoneCallError: if the gateway does not answer or refuses the call.
        VoiceError: if Piper does not speak.
    """
    persona, seed = policy.persona, policy.seed
    party = CallParty(CALLER_NUMBER, CALLED_NUMBER)
    async with (
        httpx.AsyncClient(trust_env=False) as http,
        open_channel(endpoints.gateway) as gateway,
        open_channel(endpoints.orchestrator) as orchestrator,
    ):
        voice = CallerVoice(http, endpoints.piper_url, speed=persona.voice.speed, pitch=persona.voice.pitch)
        console.print(f"The caller ({persona.name}, seed {seed}) practises its lines …", highlight=False)
        for line in policy.likely_lines():
            await voice.speak(line)
        title = f"{persona.name}, seed {seed}: {CALLER_NUMBER} calls {CALLED_NUMBER} (agent: as the caller hears it)"
        with open_view(console, live, title) as view:
            caller = Caller(policy, voice.speak, ear.transcribe, on_spoken=view.spoken)
            watching = asyncio.create_task(watch_call(live, party.call_sid, gateway, orchestrator, view.changed))
            try:
                stream = await PhoneCall(gateway_endpoint(endpoints, policy.campaign.id), party).run(caller)
                await caller.after()
            finally:
                watching.cancel()
                await asyncio.wait([watching])
    return stream


def gateway_endpoint(endpoints: StackEndpoints, campaign_id: str) -> Endpoint:
    """Returns the gateway of a stack as simulated calls reach it."""
    return Endpoint(
        url=f"{endpoints.http_url}/twilio/voice?campaign={campaign_id}",
        auth_token=endpoints.twilio_auth_token,
        status_url=f"{endpoints.http_url}/twilio/status",
    )


async def verify(
    record: CallHistory, stream: MediaStream, live: WatchedCall, policy: CallerPolicy, ear: WhisperTranscriber
) -> list[Check]:
    """Compares the records of a call with what its caller's side saw; leaves out what the gateway's flags forbid."""
    books, timezone = policy.persona.books, ZoneInfo(policy.campaign.calendar.timezone)
    played = played_replies(stream.playout)
    checks = [check_heard_time(record, played), await check_heard_words(record, played, ear.transcribe)]
    if record.call.end_reason is EndReason.DRAIN_TIMEOUT:
        stopped = "the gateway was stopped during the call"
        return checks + [Check(name, None, stopped) for name in ("voice", "transitions", "bookings")]
    if not live.agents_enabled:
        off = "ENABLE_AGENT_INTEGRATION is false"
        checks.append(check_voice(record, played, expected=books, impossible=off))
        return checks + [Check(name, None, off) for name in ("transitions", "bookings")]
    off = "" if live.escalation_enabled else "ENABLE_TIER_ESCALATION is false"
    return [
        *checks,
        check_voice(record, played, expected=books, impossible=off),
        check_transitions(record, live.agents(), expects_handoff=not books),
        check_bookings(record, policy.agreed, timezone, expected=books),
    ]


def set_aside(directory: Path) -> Path | None:
    """Moves the files of the call before into a folder of their own, in place of those of the call before that.

    Returns:
        The folder; None if there was no call before.
    """
    earlier = directory / "earlier"
    present = [directory / name for name in _FILES if (directory / name).exists()]
    for path in present:
        earlier.mkdir(exist_ok=True)
        path.replace(earlier / path.name)
    return earlier if present else None


def write_files(directory: Path, record: CallHistory, stream: MediaStream, policy: CallerPolicy) -> list[str]:
    """Writes document, recording and latency picture of a call; returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    document, recording, chart = (directory / name for name in _FILES)
    write_call_document(document, call_document(record, persona=policy.persona.name, seed=policy.seed))
    write_stereo_wav(recording, bytes(stream.caller_line), bytes(stream.playout.line))
    draw_latency_chart(
        chart, record.turns, title="One call, turn by turn: from the caller's last word to the agent's first"
    )
    return [str(path) for path in (document, recording, chart)]
