"""The packaged network and the thread that it computes in."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer

from intent_classifier.labels import Label
from intent_classifier.tokens import Option, encoded_pair, option_text

WEIGHTS = Path(__file__).parent / "weights"
_MAX_CHARACTERS = 2_000
_LABELS = tuple(Label)
_OUTPUTS = ("probabilities", "answer", "choice", "question", "fact")
_PAIRS, _OPTIONS = 16, 4_096
"""Of how many pairs and options, the last ones, what the network makes of them is remembered."""


class IntentClassifier:
    """Tells how probable each label is for an utterance.

    One utterance takes some milliseconds of one core; `probabilities` computes in a thread of its own, one utterance
    after the other, so that the loop that paces audio is not held up.
    """

    def __init__(self, directory: Path = WEIGHTS) -> None:
        """Loads the network; takes about a tenth of a second.

        Raises:
            OSError: A file is missing.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._tokenizer = Tokenizer.from_str((directory / "tokenizer.json").read_text(encoding="utf-8"))
        self._session = onnxruntime.InferenceSession(
            (directory / "model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._read = lru_cache(_PAIRS)(self._outputs)
        self._option = lru_cache(_OPTIONS)(self._outputs)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intent-classifier")

    def __enter__(self) -> Self:
        """Returns itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Ends the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def probabilities(self, question: str, text: str) -> Mapping[str, float]:
        """Returns for each `Label`, 0 to 1, how probable it is.

        Args:
            question: What the agent said before; empty if nothing.
            text: The caller's words as they were recognised.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.compute, question, text)

    async def choices(self, question: str, text: str, ask: str, options: Sequence[Option]) -> Sequence[float]:
        """Returns for each choice of a question how probable it is that the caller means it, 0 to 1.

        What they lack to 1 is how probable it is that he means none of them.

        Args:
            question: What the agent said before, with the question.
            text: The caller's words as they were recognised.
            ask: The question alone.
            options: The choices.
        """
        compute = partial(self.meant, question, text, ask, tuple(options))
        return await asyncio.get_running_loop().run_in_executor(self._thread, compute)

    async def facts(self, question: str, text: str, options: Sequence[Option]) -> Sequence[float]:
        """Returns the same for facts, each of which may be what the caller asks for."""
        compute = partial(self.meant, question, text, "", tuple(options), asks=True)
        return await asyncio.get_running_loop().run_in_executor(self._thread, compute)

    def compute(self, question: str, text: str) -> dict[str, float]:
        """Returns the probabilities of the labels at once, in the caller's thread."""
        return dict(zip(_LABELS, map(float, self._read(question, text)["probabilities"]), strict=True))

    def meant(
        self, question: str, text: str, ask: str, options: Sequence[Option], *, asks: bool = False
    ) -> Sequence[float]:
        """Returns what is probable of options at once, in the caller's thread; `asks` says that they are facts."""
        said, offered = ("question", "fact") if asks else ("answer", "choice")
        told = self._read(question, text)[said]
        likeness = [float(told[:-1] @ self._option(ask, option_text(option))[offered]) for option in options]
        return probable_of(likeness, float(told[-1]))

    def _outputs(self, question: str, text: str) -> Mapping[str, NDArray[np.float32]]:
        """Returns what the network makes of a pair, by the name of each output."""
        ids, kinds = encoded_pair(self._tokenizer, question[-_MAX_CHARACTERS:], text[:_MAX_CHARACTERS])
        inputs = {"ids": np.array([ids], np.int64), "kinds": np.array([kinds], np.int64)}
        return {name: found[0] for name, found in zip(_OUTPUTS, self._session.run(_OUTPUTS, inputs), strict=True)}


def probable_of(likeness: Sequence[float], none: float) -> tuple[float, ...]:
    """Returns how probable each of things is that are so alike to what was said; `none` is how alike nothing is."""
    top = max([none, *likeness])
    weights = [math.exp(one - top) for one in likeness]
    whole = sum(weights) + math.exp(none - top)
    return tuple(weight / whole for weight in weights)
