"""`make evals`: holds all calls, shows how far it is, and ends with the report.

With `LLM_PROVIDER` and the product's other settings of a model, or with a scripted one, the same calls are held with it
too, and both tables stand next to each other.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import TypeVar

from agent_orchestrator.calls.turns import ModelLimits
from callwright_common.chat_models import ChatModel
from callwright_common.chat_models.settings import ChatModelSettings
from callwright_common.logs import configure_logs
from evals import report
from evals.agent import LIMITS, running_agent
from evals.data import load_campaigns, load_dialogues, load_personas
from evals.models import SCRIPTED, Spoken, beside, limits_of, scripted
from evals.runner import run_dialogue, run_persona
from evals.utterances import ROWS, run_utterance

_T = TypeVar("_T")


class Progress:
    """A line on the terminal that tells how many of all calls are over; a file gets one now and then."""

    def __init__(self, calls: int) -> None:
        self._calls = calls
        self._over = 0
        self._began = monotonic()

    def through(self, calls: Iterable[_T]) -> Iterator[_T]:
        """Yields what is to be called next and counts it once that is over."""
        for call in calls:
            yield call
            self._over += 1
            self._show()

    def _show(self) -> None:
        terminal, done = sys.stderr.isatty(), self._over == self._calls
        if terminal or done or self._over % 50 == 0:
            line = f"{self._over} of {self._calls} calls, {monotonic() - self._began:.0f} s"
            sys.stderr.write(("\r" if terminal else "") + line + ("" if terminal and not done else "\n"))
            sys.stderr.flush()


async def run(seeds: range, model: ChatModel | None, limits: ModelLimits) -> Spoken:
    """Holds all calls, one after the other."""
    dialogues = [(file, number) for file in load_dialogues() for number in range(len(file.dialogues))]
    callers = [(one, seed) for one in load_personas() for seed in seeds]
    progress = Progress(len(dialogues) + len(callers) + len(ROWS))
    async with running_agent(load_campaigns(), model, limits) as agent:
        results = report.Results(
            [await run_dialogue(agent, file, number) for file, number in progress.through(dialogues)],
            [await run_persona(agent, one, seed) for one, seed in progress.through(callers)],
            [await run_utterance(agent, number) for number in progress.through(range(len(ROWS)))],
        )
        return Spoken(results, agent.waits)


async def compare(seeds: range, kind: str, out: Path) -> str:
    """Holds all calls offline and, if there is one, with a model; writes and returns what came of them."""
    offline = await run(seeds, None, LIMITS)
    report.write(offline.results, out)
    table = report.table(offline.results)
    if kind == "offline":
        return table
    limits = limits_of(kind)
    if kind in SCRIPTED:
        async with scripted(kind, seeds.start, load_dialogues()) as model:
            spoken = await run(seeds, model, limits)
    else:
        spoken = await run(seeds, ChatModelSettings().chat_model(limits.reply), limits)
    report.write(spoken.results, out / kind)
    both = beside(["offline", kind], [table, report.table(spoken.results)])
    return "\n".join([both, "", *spoken.summary(limits)])


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, default=5, help="how often each caller calls")
    arguments.add_argument("--scripted", choices=SCRIPTED, help="hold them with a scripted model too")
    arguments.add_argument("--out", type=Path, default=Path("out/evals"), help="where JSON and pictures go")
    told = arguments.parse_args()
    configure_logs("evals", "ERROR", sys.stderr)
    kind = told.scripted or ChatModelSettings().llm_provider
    text = asyncio.run(compare(range(1, told.seeds + 1), kind, told.out))
    sys.stdout.write(f"{text}\n\nEvery call and the pictures are in {told.out}.\n")
