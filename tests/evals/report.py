"""The report: a table for the terminal, pictures, and everything as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from evals import measures
from evals.measures import Bin, Tally
from evals.runner import DialogueResult, PersonaResult
from evals.utterances import UtteranceResult


@dataclass(frozen=True)
class Results:
    """All that was held."""

    all_dialogues: Sequence[DialogueResult]
    personas: Sequence[PersonaResult]
    utterances: Sequence[UtteranceResult]

    @property
    def dialogues(self) -> list[DialogueResult]:
        """The dialogues in English."""
        return [one for one in self.all_dialogues if one.file.language == "en"]

    def part(self, *, held_out: bool, language: str = "en") -> list[DialogueResult]:
        """Returns the dialogues of a language that are held out, or the others."""
        of_language = (one for one in self.all_dialogues if one.file.language == language)
        return [one for one in of_language if one.file.held_out is held_out]


def table(results: Results) -> str:
    """Returns the report for the terminal."""
    return "\n".join([*_overview(results), "", *_per_kind(results), "", *_per_field(results), "", *_calls(results)])


def _overview(results: Results) -> Iterator[str]:
    parts = [results.part(held_out=False), results.part(held_out=True)]
    yield f"{'':34}{'known authors':>15}{'held out':>15}"
    rows: dict[str, Callable[[list[DialogueResult]], str]] = {
        "dialogues / lines": lambda part: f"{len(part)} / {sum(len(one.lines) for one in part)}",
        "who must answer, micro-F1": lambda part: f"{measures.total(measures.routing(part).values()).f1:.3f}",
        "  its precision / recall": lambda part: _precision_recall(measures.routing(part)),
        "  recall with what it asked back": lambda part: (
            f"{measures.total(measures.routing(part).values()).recall_asked:.2f}"
        ),
        "goes on where it should": lambda part: f"{measures.goes_on(part).recall:.1%}",
        "facts exact, micro-F1": lambda part: f"{measures.total(measures.facts(part).values()).f1:.3f}",
        "  their precision / recall": lambda part: _precision_recall(measures.facts(part)),
        "right end of the call": lambda part: f"{measures.right_ends([one.call for one in part]):.1%}",
    }
    for name, figure in rows.items():
        yield f"{name:34}" + "".join(f"{figure(part):>15}" for part in parts)
    spanish = [results.part(held_out=held_out, language="es") for held_out in (False, True)]
    yield ""
    yield "in Spanish"
    for name, figure in rows.items():
        yield f"{name:34}" + "".join(f"{figure(part):>15}" for part in spanish)


def _precision_recall(tallies: Mapping[Any, Tally]) -> str:
    found = measures.total(tallies.values())
    return f"{found.precision:.2f} / {found.recall:.2f}"


def _per_kind(results: Results) -> Iterator[str]:
    yield _header("who must answer", "lines", "right", "asked", "settled")
    for kind, tally in measures.routing(results.dialogues).items():
        yield _row(kind, tally)


def _per_field(results: Results) -> Iterator[str]:
    yield _header("facts by kind", "told", "exact", "", "")
    for field, tally in measures.facts(results.dialogues).items():
        yield _row(field, tally)


def _header(name: str, *counted: str) -> str:
    return f"{name:20}" + "".join(f"{column:>8}" for column in (*counted, "false", "P", "R", "F1"))


def _row(name: str, tally: Tally) -> str:
    counts = f"{tally.expected:8}{tally.right:8}{tally.asked or '':>8}{tally.settled or '':>8}{tally.false:8}"
    return f"{name.replace('_', ' '):20}{counts}{tally.precision:8.2f}{tally.recall:8.2f}{tally.f1:8.2f}"


def _calls(results: Results) -> Iterator[str]:
    parts = [[one for one in results.personas if one.persona.held_out is held_out] for held_out in (False, True)]
    seeds = len({one.seed for one in results.personas})
    yield f"{f'callers who decide, {seeds} seeds':34}{'known authors':>15}{'held out':>15}"
    rows: dict[str, Callable[[list[PersonaResult]], str]] = {
        "callers / turns": lambda part: f"{len(part) // max(1, seeds)} / {sum(one.call.turns for one in part)}",
        "right end, pass@1": lambda part: f"{measures.right_ends([one.call for one in part]):.1%}",
        f"right end each time, pass^{seeds}": lambda part: f"{measures.pass_all(part):.1%}",
        "turns to qualify": lambda part: f"{measures.turns_to_qualify(part):.1f}",
        "says what he wants, times": lambda part: f"{measures.demands(part):.1f}",
        "questions asked again, a call": lambda part: f"{measures.mean(one.call.asked_again for one in part):.2f}",
        "  of which were answered": lambda part: f"{measures.mean(one.call.asked_known for one in part):.2f}",
    }
    for name, figure in rows.items():
        yield f"{name:34}" + "".join(f"{figure(part):>15}" for part in parts)
    harm = measures.harm(results.dialogues, results.personas)
    right = sum(not one.problems for one in results.utterances)
    yield ""
    harms = f"opt-outs {harm.opt_outs:.2f}, hang-ups {harm.hang_ups:.2f}, objections {harm.objections:.2f}"
    yield f"without reason, per 1,000 turns: {harms}"
    yield f"single utterances, all of it right: {right} of {len(results.utterances)}"


def write(results: Results, folder: Path) -> None:
    """Writes `report.json`, with every call, and the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    report = json.dumps(_as_json(results), indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(report + "\n", encoding="utf-8")
    kinds = {kind.replace("_", " "): tally.f1 for kind, tally in measures.routing(results.dialogues).items()}
    fields = {field.replace("_", " "): tally.f1 for field, tally in measures.facts(results.dialogues).items()}
    _draw_bars(folder / "routing.svg", kinds, title="Who must answer: F1 by kind of line")
    _draw_bars(folder / "facts.svg", fields, title="Facts noted exactly: F1 by kind")
    ends = {f"{right} as {got}": n for (right, got), n in sorted(_ends(results).items()) if right is not got}
    _draw_bars(folder / "wrong_ends.svg", ends, title="Calls that came to a wrong end")
    _draw_calibration(
        folder / "calibration.svg",
        {
            "what callers do": measures.calibration_of_intents(results.dialogues),
            "what they tell": measures.calibration_of_facts(results.dialogues),
        },
    )


def _ends(results: Results) -> dict[tuple[Any, Any], int]:
    return measures.outcomes([*(one.call for one in results.dialogues), *(one.call for one in results.personas)])


def _as_json(results: Results) -> dict[str, Any]:
    parts = {"known_authors": results.part(held_out=False), "held_out": results.part(held_out=True)}
    calls = [one.call for one in results.personas]
    return {
        "dialogues": {
            name: {
                "routing": _tallies(measures.routing(part)),
                "goes_on": measures.goes_on(part).recall,
                "facts": _tallies(measures.facts(part)),
                "right_ends": measures.right_ends([one.call for one in part]),
                "calls": [_dialogue(one) for one in part],
            }
            for name, part in parts.items()
        },
        "spanish": [_dialogue(one) for one in results.all_dialogues if one.file.language == "es"],
        "personas": {
            "pass_1": measures.right_ends(calls),
            "pass_all": measures.pass_all(results.personas),
            "turns_to_qualify": measures.turns_to_qualify(results.personas),
            "demands": measures.demands(results.personas),
            "calls": [asdict(call) for call in calls],
        },
        "without_reason": asdict(measures.harm(results.dialogues, results.personas)),
        "calibration": {
            "intents": [asdict(one) for one in measures.calibration_of_intents(results.dialogues)],
            "facts": [asdict(one) for one in measures.calibration_of_facts(results.dialogues)],
        },
        "utterances": [asdict(one) for one in results.utterances if one.problems],
    }


def _tallies(tallies: dict[Any, Tally]) -> dict[str, Any]:
    summed = measures.total(tallies.values())
    return {name: asdict(one) | {"f1": one.f1} for name, one in {**tallies, "all": summed}.items()}


def _dialogue(one: DialogueResult) -> dict[str, Any]:
    lines = [
        {
            "say": line.line.say,
            "must": line.line.must,
            "got": line.kind,
            "settled": line.settled,
            "trigger": line.trigger,
            "facts": [asdict(fact) for fact in line.facts],
            "reply": line.reply,
        }
        for line in one.lines
    ]
    call = one.call
    return {"call_id": call.call_id, "expected": call.expected, "outcome": call.outcome, "lines": lines}


def _draw_bars(path: Path, values: Mapping[str, float], *, title: str) -> None:
    with _style():
        figure = Figure(figsize=(7.2, 1.0 + 0.28 * max(1, len(values))), layout="constrained")
        figure.suptitle(title, x=0.008, ha="left", fontsize=11, fontweight="bold")
        axes = figure.subplots()
        bars = axes.barh(list(values), list(values.values()), height=0.62, color="#4477aa")
        axes.bar_label(bars, fmt=lambda value: f"{value:.2f}".removesuffix(".00"), padding=4)
        axes.invert_yaxis()
        axes.set_xlim(0, max([1.0, *values.values()]) * 1.12)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        figure.savefig(path, facecolor="white", metadata={"Date": None})


def _draw_calibration(path: Path, series: dict[str, list[Bin]]) -> None:
    with _style():
        figure = Figure(figsize=(4.8, 4.6), layout="constrained")
        figure.suptitle("How sure, and how often right", x=0.008, ha="left", fontsize=11, fontweight="bold")
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color="#bbbbbb", linewidth=1)
        for (name, bins), colour in zip(series.items(), ("#4477aa", "#228833"), strict=True):
            sure, right = [one.confidence for one in bins], [one.right for one in bins]
            axes.plot(sure, right, color=colour, marker="o", label=f"{name} ({sum(one.count for one in bins)})")
            for one in bins:
                axes.annotate(
                    str(one.count), (one.confidence, one.right), (4, -9), textcoords="offset points", fontsize=7
                )
        axes.set(xlabel="confidence", ylabel="share that was right", xlim=(0, 1.02), ylim=(0, 1.02))
        axes.legend(frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, facecolor="white", metadata={"Date": None})


def _style() -> Any:
    return mpl.rc_context({"svg.hashsalt": "callwright", "font.family": "DejaVu Sans", "font.size": 9})
