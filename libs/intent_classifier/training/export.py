"""Writes a trained classifier as an ONNX graph whose weights have eight bits."""

from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn


class _WithProbabilities(nn.Module):
    """A classifier that tells probabilities instead of logits."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, kinds: Tensor) -> Tensor:
        """Returns a probability for each label of one utterance."""
        return torch.sigmoid(self.model(ids, kinds, torch.ones_like(ids)))


def write_graph(model: nn.Module, path: Path) -> None:
    """Writes the graph: `ids` and `kinds` of shape (1, tokens) in, `probabilities` of shape (1, labels) out."""
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = torch.ones(1, 9, dtype=torch.long)
        torch.onnx.export(
            _WithProbabilities(model).eval(),
            (example, torch.zeros_like(example)),
            str(whole),
            input_names=["ids", "kinds"],
            output_names=["probabilities"],
            dynamic_axes={"ids": {1: "tokens"}, "kinds": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, path, per_channel=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(path))
