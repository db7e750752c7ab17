"""`make evals-audio`: the same short calls in text and by telephone, and how much is lost on the way.

The calls are spoken by voices that the product does not ship. Those in `spoken/held_out` have voices and lines of which
nothing else is here, and are for the report alone.
"""

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import jiwer

from dialogue import comparable_words
from evals.agent import running_agent
from evals.by_phone import phoned_agent
from evals.data import DialogueFile, Kind, Line, load_campaigns, load_dialogues
from evals.runner import DialogueResult, LineResult, run_dialogue

_OUT = Path("out/evals-audio")
_FIELDS = {
    "money": "sums", "count": "counts", "timeline": "times", "yes_no": "yes or no", "authority": "who decides",
    "choice": "reasons", "caller_name": "names", "email": "e-mails", "phone": "phones",
}  # fmt: skip
_MUSTS = {Kind.OPT_OUT: "opt-outs", Kind.HUMAN: "a human"}


@dataclass(frozen=True)
class SpokenLine:
    """What became of a line.

    Attributes:
        kind: What is told or wanted in it.
        heard: What the recogniser made of it.
        right_in_text: All of it was understood in text.
        right_by_phone: All of it was understood over the telephone.
        asked_back: Over the telephone it was asked back.
    """

    voice: str
    held_out: bool
    kind: str
    said: str
    heard: str
    right_in_text: bool
    right_by_phone: bool
    asked_back: bool

    @property
    def errors(self) -> tuple[int, int]:
        """How many words were heard wrongly, and how many were said."""
        said, heard = " ".join(comparable_words(self.said)), " ".join(comparable_words(self.heard))
        measured = jiwer.process_words(said, heard or " ")
        return measured.substitutions + measured.deletions + measured.insertions, len(said.split())


def _kind(line: Line, result: LineResult) -> str:
    wanted = _MUSTS.get(line.must[0])
    return wanted or next(_FIELDS[fact.field] for fact in result.facts if fact.expected is not None)


def _right(result: LineResult) -> bool:
    answered = result.kind in result.line.must or result.settled in result.line.must
    if result.line.must[0] in _MUSTS:
        return answered
    return result.kind is not Kind.MISSED and all(fact.right for fact in result.facts)


async def run() -> list[SpokenLine]:
    """Holds each call in text, then by telephone."""
    lines: list[SpokenLine] = []
    async with running_agent(load_campaigns()) as agent, phoned_agent(agent) as phoned:
        for file in load_dialogues("spoken"):
            for number in range(len(file.dialogues)):
                in_text = await run_dialogue(agent, file, number)
                phoned.voice, phoned.hearings = file.voice, []
                by_phone = await run_dialogue(phoned, file, number)
                lines += _lines(file, in_text, by_phone, dict(reversed(phoned.hearings)))
                sys.stderr.write(f"{len(lines)} lines\n")
    return lines


def _lines(
    file: DialogueFile, in_text: DialogueResult, by_phone: DialogueResult, heard: dict[str, str]
) -> Iterable[SpokenLine]:
    for text, phone in zip(in_text.lines, by_phone.lines, strict=True):
        yield SpokenLine(
            voice=file.voice,
            held_out=file.held_out,
            kind=_kind(text.line, text),
            said=text.line.say,
            heard=heard.get(text.line.say, ""),
            right_in_text=_right(text),
            right_by_phone=_right(phone),
            asked_back=phone.kind is Kind.ASKS_BACK,
        )


def table(lines: list[SpokenLine]) -> str:
    """Returns the figures, per kind and for known and held-out voices."""
    rows = [f"{'':16}{'lines':>7}{'word errors':>13}{'right in text':>15}{'by telephone':>14}{'asked back':>12}"]
    for name, held_out in (("known voices", False), ("held out", True)):
        part = [line for line in lines if line.held_out is held_out]
        kinds = [kind for kind in (*_FIELDS.values(), *_MUSTS.values()) if any(one.kind == kind for one in part)]
        rows += ["", _row(name, part)]
        rows += [_row(f"  {kind}", [line for line in part if line.kind == kind]) for kind in kinds]
    return "\n".join(rows)


def _row(name: str, lines: list[SpokenLine]) -> str:
    errors = [line.errors for line in lines]
    rate = sum(wrong for wrong, _ in errors) / max(1, sum(words for _, words in errors))
    text, phone = (sum(getattr(line, right) for line in lines) for right in ("right_in_text", "right_by_phone"))
    asked = sum(line.asked_back for line in lines)
    return f"{name:16}{len(lines):>7}{rate:>13.1%}{text:>15}{phone:>14}{asked:>12}"


if __name__ == "__main__":
    spoken = asyncio.run(run())
    _OUT.mkdir(parents=True, exist_ok=True)
    report = [asdict(line) for line in spoken]
    (_OUT / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{table(spoken)}\n\nEvery line is in {_OUT}.\n")
