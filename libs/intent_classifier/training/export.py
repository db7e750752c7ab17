"""Writes a trained classifier as an ONNX graph whose weights have eight bits."""

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from network import EncoderWithHeads
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

RANK = 64
"""Of what the matching heads learned to move, as much is kept as fits so few directions: nearly all of it."""
OUTPUTS = ("probabilities", "answer", "choice", "question", "fact")


class _LowRank(nn.Module):
    """A linear layer by its strongest directions, as plain products, of which the weights are cut to eight bits."""

    def __init__(self, whole: nn.Linear) -> None:
        super().__init__()
        left, strength, right = torch.linalg.svd(whole.weight.detach(), full_matrices=False)
        self.narrow = nn.Parameter((right[:RANK] * strength[:RANK, None].sqrt()).T.contiguous())
        self.wide = nn.Parameter((left[:, :RANK] * strength[:RANK].sqrt()).T.contiguous())
        self.bias = whole.bias

    def forward(self, given: Tensor) -> Tensor:
        """Returns what the layer makes of its input."""
        return given @ self.narrow @ self.wide + self.bias


class _Outputs(nn.Module):
    """The network as it is used: one pair in, all that the heads make of it out."""

    def __init__(self, model: EncoderWithHeads) -> None:
        super().__init__()
        self.model = deepcopy(model)
        for matching in (self.model.answers, self.model.questions):
            for name in ("said", "offered"):
                setattr(matching, name, _LowRank(getattr(matching, name)))

    def forward(self, ids: Tensor, kinds: Tensor) -> tuple[Tensor, ...]:
        """Returns a probability for each label, and what the pair means as each of what is matched."""
        read = self.model.read(ids, kinds, torch.ones_like(ids))
        answers, questions = self.model.answers, self.model.questions
        return (
            torch.sigmoid(self.model.labels(read)),
            answers.of_said(read),
            answers.of_offered(read),
            questions.of_said(read),
            questions.of_offered(read),
        )


def write_graph(model: EncoderWithHeads, path: Path) -> None:
    """Writes the graph: `ids` and `kinds` of shape (1, tokens) in, each of `OUTPUTS` of shape (1, size) out."""
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = torch.ones(1, 9, dtype=torch.long)
        torch.onnx.export(
            _Outputs(model).eval(),
            (example, torch.zeros_like(example)),
            str(whole),
            input_names=["ids", "kinds"],
            output_names=list(OUTPUTS),
            dynamic_axes={"ids": {1: "tokens"}, "kinds": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, path, per_channel=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))
