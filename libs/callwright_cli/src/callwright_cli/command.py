"""What the `callwright` command does: `run`, `demo`, `call` and `replay`."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from subprocess import SubprocessError

from rich.console import Console

from callers.personas import PersonaError, find_persona, persona_names
from callers.policy import CallerPolicy
from callwright_cli.campaign_files import tell_changes, written_files
from callwright_cli.live_watch import count_live_calls
from callwright_cli.terminal import show_event, show_hints, show_live_calls, show_stack
from callwright_common.campaign import CampaignError, load_campaigns, on_the_telephone
from callwright_common.settings import SettingsError
from local_stack import LocalStackError
from local_stack.endpoints import StackEndpoints, endpoints_of
from local_stack.ports import ports_held
from local_stack.processes.readiness import grpc_serving
from local_stack.stack import LocalStack
from local_stack.stack_settings import StackSettings, with_records_kept
from local_stack.start_checks import check_parts, checked_settings

_INTERRUPTED = 128 + signal.SIGINT
_CALL_PORTS = ("gateway_http_port", "gateway_grpc_port", "orchestrator_port", "persistence_port", "piper_port")


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status: 2 for wrong settings, 1 for everything else that fails."""
    chosen = _parser().parse_args(arguments)
    console = Console()
    try:
        settings, remarks = checked_settings()
        _tell(console, remarks)
        if chosen.run not in (_call, _replay):
            _tell(console, check_parts(settings))
        status: int = asyncio.run(chosen.run(settings, console, chosen))
        return status
    except (LocalStackError, PersonaError, CampaignError, SettingsError) as error:
        print("\n".join(f"callwright: {line}" for line in str(error).splitlines()), file=sys.stderr)
        return 2 if isinstance(error, SettingsError) else 1
    except (OSError, SubprocessError) as error:
        print(f"callwright: {type(error).__name__}: {error}".rstrip(": "), file=sys.stderr)
        return 1


def _tell(console: Console, remarks: Sequence[str]) -> None:
    for remark in remarks:
        console.print(remark, style="bold yellow", soft_wrap=True, markup=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="callwright", description="Phone voice agents on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="keep the whole system up until Ctrl-C").set_defaults(run=_run)
    for name, run, text in (
        ("demo", _demo, "start the whole system, place one simulated call and end"),
        ("call", _call, "place one simulated call on the system that `callwright run` keeps up"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        names = ", ".join(persona_names())
        command.add_argument("--persona", default="qualified", help=f"who calls: {names}, or a file (*.yaml)")
        command.add_argument("--campaign", default="", help="id of the campaign that is called")
        command.add_argument("--seed", type=int, default=1, help="varies the caller's wording")
        command.add_argument(
            "--out", type=Path, default=Path("out"), help=f"the results are written below it, to {name}/"
        )
    command = commands.add_parser("replay", help="run a recorded call through this build, show what differs")
    command.set_defaults(run=_replay)
    command.add_argument("call_id", help="the call, as `callwright run` keeps it")
    return parser


async def _run(settings: StackSettings, console: Console, chosen: argparse.Namespace) -> int:
    read = written_files(settings.campaigns_dir)

    async def stay_up(stack: LocalStack) -> int:
        show_hints(console, stack)
        try:
            await tell_changes(settings.campaigns_dir, read, lambda change: _tell(console, [change]))
        finally:
            show_live_calls(console, await count_live_calls(stack.endpoints.gateway))
        return 0

    with ports_held(with_records_kept(settings), evade=False) as kept:
        status = await _with_stack(kept, console, chosen.command, stay_up)
    return 0 if status == _INTERRUPTED else status


async def _demo(settings: StackSettings, console: Console, chosen: argparse.Namespace) -> int:
    policy = _policy(settings, chosen)

    async def place_call(stack: LocalStack) -> int:
        return await _place_call(stack.endpoints, policy, chosen)

    with ports_held(settings, evade=True) as free:
        return await _with_stack(free, console, chosen.command, place_call)


async def _call(settings: StackSettings, _console: Console, chosen: argparse.Namespace) -> int:
    unknown = [name.upper() for name in _CALL_PORTS if not getattr(settings, name)]
    if unknown:
        raise LocalStackError(f"tell where the system answers: {', '.join(unknown)} is 0, which any port may be")
    policy, endpoints = _policy(settings, chosen), endpoints_of(settings)
    if await grpc_serving(endpoints.gateway)() is not None:
        nobody = f"the system is not running: nobody serves at {endpoints.gateway} (GATEWAY_GRPC_PORT)"
        raise LocalStackError(f"{nobody}; start it with `make run` in another terminal")
    return await _place_call(endpoints, policy, chosen)


async def _replay(settings: StackSettings, console: Console, chosen: argparse.Namespace) -> int:
    """Returns 0 if the call would go as it went, else 1."""
    if not settings.persistence_port:
        raise LocalStackError("tell where the system answers: PERSISTENCE_PORT is 0, which any port may be")
    # The classifier's runtime takes a while to import, which nothing else here needs.
    from callwright_cli.replay import replay_call  # noqa: PLC0415

    campaigns = on_the_telephone(load_campaigns(settings.campaigns_dir))
    return await replay_call(endpoints_of(settings).persistence, campaigns, chosen.call_id, console)


def _policy(settings: StackSettings, chosen: argparse.Namespace) -> CallerPolicy:
    """Returns the caller that was asked for; without a campaign, the one that unlisted numbers reach."""
    campaigns = on_the_telephone(load_campaigns(settings.campaigns_dir))
    campaign_id = chosen.campaign or settings.default_campaign or next(iter(campaigns))
    if campaign_id not in campaigns:
        raise LocalStackError(f"there is no campaign {campaign_id}; there are {', '.join(campaigns)}")
    return CallerPolicy(find_persona(chosen.persona, campaigns), campaigns[campaign_id], chosen.seed)


async def _place_call(endpoints: StackEndpoints, policy: CallerPolicy, chosen: argparse.Namespace) -> int:
    # The caller's speech recognition takes over a second to import, which the start of the stack does not wait for.
    from callwright_cli.simulated_call import run_call  # noqa: PLC0415

    return await run_call(endpoints, policy, chosen.out / chosen.command)


async def _with_stack(
    settings: StackSettings, console: Console, name: str, body: Callable[[LocalStack], Awaitable[int]]
) -> int:
    """Starts the stack, runs the body on it and stops it; SIGINT, SIGTERM and SIGHUP end the body early.

    A signal that comes while the stack is stopping ends everything at once.
    """
    stack = LocalStack(settings, settings.log_dir / name, lambda event: show_event(console, event))
    work = asyncio.create_task(_start_and(stack, console, body))

    def interrupt() -> None:
        if work.done() or work.cancelling():
            stack.supervisor.kill()
        else:
            console.print("\nStopping …")
            work.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    try:
        return await work
    except asyncio.CancelledError:
        return _INTERRUPTED
    finally:
        await stack.stop()


async def _start_and(stack: LocalStack, console: Console, body: Callable[[LocalStack], Awaitable[int]]) -> int:
    console.print("Starting PostgreSQL, Redis, Piper and the four services …")
    began = time.monotonic()
    await stack.start()
    show_stack(console, stack, time.monotonic() - began)
    return await body(stack)
