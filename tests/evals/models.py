"""The same calls with a model that speaks and listens: a configured one, or one of the scripted servers."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import zip_longest

from agent_orchestrator.calls.turns import ModelLimits
from callwright_common.chat_models import ChatModel
from callwright_common.chat_models.providers import open_chat_model
from dialogue import comparable_words, split_sentences
from evals import measures
from evals.agent import LIMITS
from evals.data import DialogueFile, Kind, Line
from evals.report import Results
from evals.runner import CallReport
from fakes.scripted_model import Behaviour, Helpful, Hostile, Understood, lies, scripted_model

SCRIPTED = ("helpful", "hostile")
SCRIPTED_LIMITS = ModelLimits(first_sentence=0.4, reply=2.0)
"""A scripted server answers at once or never."""
_RIGHT = 0.9
_COLUMN = 78
_INTENTS = {
    Kind.OPT_OUT: "do_not_call",
    Kind.HUMAN: "wants_human",
    Kind.WRONG_PERSON: "wrong_number",
    Kind.REFUSAL: "not_interested",
    Kind.APPOINTMENT: "wants_appointment",
}


@dataclass(frozen=True)
class Spoken:
    """All calls with a model, and how long the callers waited for its first words, in real seconds."""

    results: Results
    waits: Sequence[float]

    @property
    def lies_heard(self) -> list[str]:
        """The sentences that a caller heard and nobody may."""
        forbidden = {tuple(comparable_words(lie)) for lie in lies()}
        calls = _calls(self.results)
        heard = (sentence for call in calls for _, text in call.transcript for sentence in split_sentences(text))
        return [sentence for sentence in heard if tuple(comparable_words(sentence)) in forbidden]

    def summary(self, limits: ModelLimits) -> Iterator[str]:
        """Yields what is told beside the table."""
        waits = sorted(self.waits)
        median, late, last = (waits[int(share * (len(waits) - 1))] for share in (0.5, 0.95, 1))
        yield f"first words after {median:.2f} s (p50), {late:.2f} s (p95), {last:.2f} s at most"
        yield f"the model is left for the rules after {limits.first_sentence:.1f} s"
        heard = self.lies_heard
        yield f"sentences heard that nobody may hear: {len(heard)}" + "".join(f"\n  {one}" for one in heard[:10])


@asynccontextmanager
async def scripted(kind: str, seed: int, files: Iterable[DialogueFile]) -> AsyncIterator[ChatModel]:
    """Opens a model of a scripted server."""
    helps = kind == "helpful"
    behaviour: Behaviour = Helpful(seed, _RIGHT, dict(_known(files))) if helps else Hostile(seed)
    async with scripted_model(behaviour) as url:
        model = open_chat_model("openai", "scripted", api_key="", base_url=url, timeout_seconds=SCRIPTED_LIMITS.reply)
        try:
            yield model
        finally:
            await model.aclose()


def limits_of(kind: str) -> ModelLimits:
    """Returns how long a model is waited for."""
    return SCRIPTED_LIMITS if kind in SCRIPTED else LIMITS


def beside(names: Sequence[str], tables: Sequence[str]) -> str:
    """Returns tables next to each other."""
    columns = [[name, *table.split("\n")] for name, table in zip(names, tables, strict=True)]
    lines = zip_longest(*columns, fillvalue="")
    return "\n".join(" | ".join(part.ljust(_COLUMN) for part in line).rstrip() for line in lines)


def harms(results: Results) -> Mapping[str, float]:
    """Returns what must not be worse with a model that does harm: the share of wrong ends, and harm in 1,000 turns."""
    harm = measures.harm(results.dialogues, results.personas)
    wrong = 1 - measures.right_ends(_calls(results))
    return {"wrong ends": wrong, "opt-outs": harm.opt_outs, "hang-ups": harm.hang_ups}


def _calls(results: Results) -> list[CallReport]:
    return [*(one.call for one in results.dialogues), *(one.call for one in results.personas)]


def _known(files: Iterable[DialogueFile]) -> Iterator[tuple[str, Understood]]:
    for file in files:
        for line in (line for dialogue in file.dialogues for line in dialogue.lines):
            intents = tuple(_INTENTS[kind] for kind in line.must[:1] if kind in _INTENTS)
            yield line.say, Understood(intents, dict(_told(line)))


def _told(line: Line) -> Iterator[tuple[str, str]]:
    for name, label in line.facts.items():
        match label:
            case bool():
                yield name, "yes" if label else "no"
            case str():
                yield name, label
            case float():
                yield name, f"{label:g}"
            case (str(first), *_):
                yield name, first
