"""The packaged network and the thread that it computes in."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from intent_classifier.labels import Label
from intent_classifier.tokens import encoded_pair

WEIGHTS = Path(__file__).parent / "weights"
_MAX_CHARACTERS = 2_000
_LABELS = tuple(Label)


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

    def compute(self, question: str, text: str) -> dict[str, float]:
        """Returns the same at once, in the caller's thread."""
        ids, kinds = encoded_pair(self._tokenizer, question[-_MAX_CHARACTERS:], text[:_MAX_CHARACTERS])
        inputs = {"ids": np.array([ids], np.int64), "kinds": np.array([kinds], np.int64)}
        [[found]] = self._session.run(["probabilities"], inputs)
        return dict(zip(_LABELS, map(float, found), strict=True))
