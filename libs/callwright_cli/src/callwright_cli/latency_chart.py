"""The latency picture of a call: a waterfall per turn, from the caller's last word to the reply's first sound."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from callwright_cli.call_report import milliseconds
from vocabulary.call_events import TurnRecorded

_STEPS = (
    ("end_of_turn", "end of turn recognised", "#8da0b3"),
    ("transcription", "transcript", "#4477aa"),
    ("first_text", "first words of the reply", "#228833"),
    ("synthesis", "first sentence spoken", "#ccbb44"),
    ("", "until it is on the wire", "#dddddd"),  # what is left of the reply's time
)
_FILLER_COLOUR = "#aa3377"
_MAX_LABEL = 46
_ROW_INCHES = 0.34


def draw_latency_chart(path: Path, turns: Sequence[TurnRecorded], *, title: str) -> None:
    """Writes the picture as SVG, or as whatever the file name's ending says.

    Turns that answer no speech of the caller, such as the opening, and turns whose reply never sounded are left out.
    """
    rows = [turn for turn in turns if {"end_of_turn", "reply_audio"} <= turn.latency.steps().keys()]
    with mpl.rc_context({"svg.hashsalt": "callwright", "font.family": "DejaVu Sans", "font.size": 9}):
        figure = Figure(figsize=(9.6, 1.7 + _ROW_INCHES * max(1, len(rows))), layout="constrained")
        figure.suptitle(title, x=0.008, ha="left", fontsize=11, fontweight="bold")
        figure.legend(handles=_legend(rows), loc="outside lower left", ncols=3, frameon=False, handlelength=1.2)
        axes = figure.subplots()
        for row, turn in enumerate(rows):
            _draw_turn(axes, row, turn)
        _finish(axes, rows)
        figure.savefig(path, facecolor="white", dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)


def _draw_turn(axes: Axes, row: int, turn: TurnRecorded) -> None:
    latency = milliseconds(turn.latency)
    reply, first = latency["reply_audio"], latency.get("first_audio")
    lengths = [latency.get(step, 0.0) for step, _, _ in _STEPS[:-1]]
    lengths.append(max(0.0, reply - sum(lengths)))
    position = 0.0
    for length, (_, _, colour) in zip(lengths, _STEPS, strict=True):
        axes.barh(row, length, left=position, height=0.62, color=colour, linewidth=0)
        position += length
    axes.annotate(f"{reply:,.0f} ms", (position, row), (5, 0), textcoords="offset points", va="center")
    if turn.filler_played and first is not None and first < reply:
        axes.plot([first, first], [row - 0.4, row + 0.4], color=_FILLER_COLOUR, linewidth=2.5, solid_capstyle="butt")


def _finish(axes: Axes, rows: Sequence[TurnRecorded]) -> None:
    axes.set_yticks(range(len(rows)), [_label(turn) for turn in rows])
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds after the caller stopped speaking")
    axes.grid(axis="x", color="#e6e6e6")
    axes.set_axisbelow(True)
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _legend(rows: Sequence[TurnRecorded]) -> list[Patch]:
    patches = [Patch(color=colour, label=label) for _, label, colour in _STEPS]
    if any(turn.filler_played for turn in rows):
        patches.append(Patch(color=_FILLER_COLOUR, label="filler heard"))
    return patches


def _label(turn: TurnRecorded) -> str:
    text = turn.turn.caller_text
    return text if len(text) <= _MAX_LABEL else text[: _MAX_LABEL - 1].rstrip() + "…"
