"""What the command shows of a simulated call while it goes on and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from callers.caller import Spoken
from callwright_cli.call_report import money
from callwright_cli.live_watch import WatchedCall
from callwright_cli.verification.checks import Check
from phone_simulator.telephone_audio import SAMPLE_RATE
from vocabulary.call_record import CallHistory
from vocabulary.enums import EndReason, Tier
from vocabulary.turns import Contact

SHOWN_LINES = 14
_VERDICTS = {
    True: Text("pass", "green"),
    False: Text("FAIL", "bold red"),
    None: Text("skipped", "yellow"),
}
_CUT_SHORT = {
    EndReason.DRAIN_TIMEOUT: "The gateway was stopped during the call; the caller was asked to call again.",
    EndReason.GATEWAY_LOST: "The gateway vanished during the call.",
    EndReason.FAILED: "The call broke off by a fault; the log of voice_gateway tells which.",
}


@dataclass(frozen=True, slots=True)
class _Line:
    """Something said, with what the gateway reports of the turn it was said in."""

    spoken: Spoken
    agent: str
    tier: str
    milliseconds: str


class CallView:
    """Prints one line for everything that happens on a call."""

    def __init__(self, console: Console, call: WatchedCall, title: str) -> None:
        self._console = console
        self._call = call
        self._title = title
        self._summary = ""
        self._shown: set[str] = set()

    def __enter__(self) -> Self:
        """Prints the title."""
        self._print(self._title)
        return self

    def __exit__(self, *error: object) -> None:
        """Has nothing to close."""

    def spoken(self, spoken: Spoken) -> None:
        """Prints who said what, for the agent with its name, tier and milliseconds."""
        line = self._line(spoken)
        agent = f"agent ({line.agent}, {line.tier}, {line.milliseconds})"
        who = "caller" if spoken.by_caller else agent
        interrupting = " [interrupts]" if spoken.interrupting else ""
        self._print(f"{spoken.start / SAMPLE_RATE:6.1f} s  {who}{interrupting}: {spoken.text}")

    def changed(self) -> None:
        """Prints score and tier when they differ from what was printed last."""
        call = self._call
        summary = f"{call.agent or '-'}, {call.state or '-'}, {call.tier or '-'} voice"
        if call.score is not None:
            factors = ", ".join(f"{one.factor} {one.value:.2f}" for one in call.score.factors)
            summary += f", score {call.score.overall:.2f} ({factors})"
        if summary != self._summary:
            self._summary = summary
            self._print(f"          {summary}")

    def _line(self, spoken: Spoken) -> _Line:
        """Returns a line; the agent's with the milliseconds of its turn, if that was reported and not shown yet."""
        call = self._call
        turn = next(reversed(call.turns.values()), None)
        if spoken.by_caller or turn is None or turn.turn.turn_id in self._shown:
            return _Line(spoken, call.agent or "agent", call.tier or "", "-")
        self._shown.add(turn.turn.turn_id)
        first_audio = turn.latency.first_audio
        milliseconds = "-" if first_audio is None else f"{first_audio * 1000:.0f} ms"
        return _Line(spoken, turn.agent or "agent", turn.tier, milliseconds)

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True, highlight=False, markup=False)


class _TerminalView(CallView):
    """A table of what was said, beside agent, tier, score and factors, redrawn in place."""

    def __init__(self, console: Console, call: WatchedCall, title: str) -> None:
        super().__init__(console, call, title)
        self._lines: list[_Line] = []
        self._live = Live(self._render(), console=console, refresh_per_second=4, transient=False)

    def __enter__(self) -> Self:
        """Begins to draw."""
        self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Leaves the last picture standing."""
        self._live.stop()

    def spoken(self, spoken: Spoken) -> None:
        """Adds what was said."""
        self._lines.append(self._line(spoken))
        self.changed()

    def changed(self) -> None:
        """Draws anew."""
        self._live.update(self._render())

    def _render(self) -> RenderableType:
        grid = Table.grid(expand=True, padding=(0, 1))
        grid.add_column(ratio=3)
        grid.add_column(ratio=1, min_width=30)
        grid.add_row(self._words(), self._status())
        return Panel(grid, title=self._title, title_align="left")

    def _words(self) -> Table:
        table = Table(expand=True, box=None, pad_edge=False)
        table.add_column("s", justify="right")
        table.add_column("who")
        table.add_column("words", ratio=1)
        table.add_column("ms", justify="right")
        for line in self._lines[-SHOWN_LINES:]:
            start = f"{line.spoken.start / SAMPLE_RATE:.1f}"
            if line.spoken.by_caller:
                who = "caller (interrupts)" if line.spoken.interrupting else "caller"
                table.add_row(start, Text(who, "cyan"), Text(line.spoken.text, "cyan"), "")
            else:
                style = "bold green" if line.tier == Tier.PREMIUM else "green"
                table.add_row(start, Text(line.agent, "green"), Text(line.spoken.text, style), line.milliseconds)
        return table

    def _status(self) -> Group:
        call = self._call
        parts: list[RenderableType] = [
            Text.assemble("agent  ", (call.agent or "-", "bold")),
            Text.assemble("state  ", (call.state or "-", "bold")),
            Text.assemble("voice  ", (call.tier or "-", "bold magenta" if call.tier is Tier.PREMIUM else "bold")),
            Text(),
        ]
        if call.score is not None:
            scale = Table.grid(padding=(0, 1))
            factors = [(Text(one.factor), one.value) for one in call.score.factors]
            for name, value in [(Text("score", "bold"), call.score.overall), *factors]:
                scale.add_row(name, ProgressBar(total=1.0, completed=value, width=12), f"{value:.2f}")
            parts += [scale, Text(f"threshold {call.score.threshold:.2f}", style="dim")]
        return Group(*parts)


def open_view(console: Console, call: WatchedCall, title: str) -> CallView:
    """Returns a view that fits the console: a live table on a terminal, else plain lines."""
    return _TerminalView(console, call, title) if console.is_terminal else CallView(console, call, title)


def show_result(console: Console, record: CallHistory, checks: Sequence[Check], files: Sequence[str]) -> None:
    """Prints the summary of a finished call and each check with its numbers."""
    call = record.call
    seconds = (call.end_time - call.start_time).total_seconds() if call.end_time else 0.0
    premium = f"cost {money(call.premium_cost)}" if record.escalations else "unused"
    score = call.score.overall if call.score else 0.0
    console.print(
        f"\nCall {call.call_id}: {seconds:.0f} s, {record.turn_count} turns, ended by {call.end_reason}, "
        f"outcome {call.outcome}, disposition {call.disposition or '-'}, score {score:.2f}, premium voice {premium}",
        soft_wrap=True,
        highlight=False,
    )
    if call.end_reason in _CUT_SHORT:
        console.print(_CUT_SHORT[call.end_reason], style="yellow", soft_wrap=True, highlight=False)
    if call.summary:
        console.print(call.summary, soft_wrap=True, highlight=False, markup=False)
    for booking in record.bookings:
        if booking.contact is not None:
            console.print(f"Booked for {_told(booking.contact)}", soft_wrap=True, highlight=False, markup=False)
    table = Table(box=None, pad_edge=False)
    for name in ("check", "", "measured"):
        table.add_column(name, overflow="fold")
    for check in checks:
        verdict = _VERDICTS[check.passed]
        table.add_row(check.name, verdict, check.measured)
    console.print(table)
    console.print("Written: " + ", ".join(files), soft_wrap=True, highlight=False, markup=False)


def _told(contact: Contact) -> str:
    """Returns what the caller told of himself, and whether he agreed to it."""
    details = filter(None, (contact.name, contact.company, contact.phone, contact.email, contact.address))
    return f"{', '.join(details)} ({'confirmed' if contact.confirmed else 'not confirmed'})"
