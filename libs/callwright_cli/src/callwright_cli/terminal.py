"""What the `callwright` command shows of a running stack."""

import sys
from pathlib import Path

from rich.console import Console

from local_stack.loopback import LOOPBACK
from local_stack.processes.supervisor import ProcessEvent, StillStarting
from local_stack.stack import LocalStack

_HINTS = """
Webhook, signed with TWILIO_AUTH_TOKEN:   POST {at.http_url}/twilio/voice
A simulated call, from another terminal:  make call
A look inside:  {grpcurl} -plaintext {at.gateway} callwright.voice_gateway.v1.GatewayAdminService/ListLiveCalls
                {grpcurl} -plaintext {at.persistence} callwright.persistence.v1.PersistenceService/ListCalls
                {grpcurl} -plaintext {at.budget} callwright.escalation_budget.v1.EscalationBudgetService/ListBudgets
                {grpcurl} -plaintext {at.orchestrator} list
Ctrl-C ends everything.
"""


def show_stack(console: Console, stack: LocalStack, seconds: float) -> None:
    """Prints the processes of a stack with their addresses, ids and log files."""
    addresses = _addresses(stack)
    rows = [("process", "pid", "address", "metrics", "log")] + [
        (name, str(pid), *addresses[name], str(stack.supervisor.log_of(name)))
        for name, pid in stack.supervisor.pids().items()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    _print(console, f"Callwright is up after {seconds:.1f} s")
    for row in rows:
        _print(console, "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def show_hints(console: Console, stack: LocalStack) -> None:
    """Prints how a call gets in and how to look inside."""
    _print(console, _HINTS.format(at=stack.endpoints, grpcurl=_grpcurl()).rstrip())
    if stack.settings.postgres_data_dir is not None:
        _print(console, f"Records are kept in {stack.settings.postgres_data_dir}.")


def show_live_calls(console: Console, count: int) -> None:
    """Prints what becomes of the calls that a stack carries when it is stopped."""
    if count:
        calls = "A call is" if count == 1 else f"{count} calls are"
        _print(
            console,
            f"{calls} going on: after a few seconds callers hear that it ends here and are asked to call again; "
            "the record will say drain_timeout. Ctrl-C once more ends everything at once.",
        )


def show_event(console: Console, event: ProcessEvent | StillStarting) -> None:
    """Prints what happened to a process of the stack, or what it is still waited for."""
    if isinstance(event, StillStarting):
        parts = "; ".join(f"{name} ({missing})" for name, missing in event.waits_for.items())
        _print(console, f"Still starting, which may take a minute or two: {parts}", style="dim")
        return
    process = f" (pid {event.pid})" if event.pid is not None else ""
    _print(console, f"{event.part}{process} {event.text}", style="yellow")


def _grpcurl() -> str:
    """Returns how to call the grpcurl of the development tools, else that of the path."""
    installed = Path(sys.executable).with_name("grpcurl")
    if not installed.exists():
        return "grpcurl"
    return str(installed.relative_to(Path.cwd()) if installed.is_relative_to(Path.cwd()) else installed)


def _print(console: Console, text: str, style: str | None = None) -> None:
    """Prints a text as it is: unwrapped, so that it can be copied and searched in a file."""
    console.print(text, style=style, soft_wrap=True, highlight=False, markup=False)


def _addresses(stack: LocalStack) -> dict[str, tuple[str, str]]:
    """Returns the address of each process and the URL of its metrics, which is empty without any."""
    at, ports = stack.endpoints, stack.settings
    metrics = f"http://{LOOPBACK}:{{}}/metrics".format
    return {
        "postgres": (f"{LOOPBACK}:{ports.postgres_port}", ""),
        "redis": (f"{LOOPBACK}:{ports.redis_port}", ""),
        "piper": (at.piper_url, ""),
        "escalation_budget": (f"grpc {at.budget}", metrics(ports.budget_metrics_port)),
        "persistence": (f"grpc {at.persistence}", metrics(ports.persistence_metrics_port)),
        "agent_orchestrator": (f"grpc {at.orchestrator}", metrics(ports.orchestrator_metrics_port)),
        "voice_gateway": (f"{at.http_url}, grpc {at.gateway}", metrics(ports.gateway_metrics_port)),
    }
