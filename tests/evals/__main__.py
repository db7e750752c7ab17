"""`make evals`: holds all calls, shows how far it is, and ends with the report."""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import TypeVar

from evals import report
from evals.agent import running_agent
from evals.data import load_campaigns, load_dialogues, load_personas
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


async def run(seeds: range) -> report.Results:
    """Holds all calls, one after the other."""
    dialogues = [(file, number) for file in load_dialogues() for number in range(len(file.dialogues))]
    callers = [(one, seed) for one in load_personas() for seed in seeds]
    progress = Progress(len(dialogues) + len(callers) + len(ROWS))
    async with running_agent(load_campaigns()) as agent:
        return report.Results(
            [await run_dialogue(agent, file, number) for file, number in progress.through(dialogues)],
            [await run_persona(agent, one, seed) for one, seed in progress.through(callers)],
            [await run_utterance(agent, number) for number in progress.through(range(len(ROWS)))],
        )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, default=5, help="how often each caller calls")
    arguments.add_argument("--out", type=Path, default=Path("out/evals"), help="where JSON and pictures go")
    told = arguments.parse_args()
    results = asyncio.run(run(range(1, told.seeds + 1)))
    report.write(results, told.out)
    sys.stdout.write(f"{report.table(results)}\n\nEvery call and the pictures are in {told.out}.\n")
