"""The labelled lines that the classifier learns from."""

import json
from dataclasses import dataclass
from pathlib import Path

from intent_classifier.labels import Label

UTTERANCES = Path(__file__).parents[1] / "utterances"
_LABELS = {label.value for label in Label}


@dataclass(frozen=True)
class Example:
    """An utterance with what must and what may be found in it."""

    author: str
    question: str
    text: str
    intents: frozenset[str]
    also_ok: frozenset[str]


def load_examples(directory: Path = UTTERANCES) -> list[Example]:
    """Returns the utterances of all authors; what was heard of one over the telephone is that author's too.

    Raises:
        ValueError: A line has an unknown label or no text.
    """
    examples = []
    for path in sorted(directory.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            unknown = {*row["intents"], *row["also_ok"]} - _LABELS
            if unknown or not row["text"].strip():
                raise ValueError(f"{path.name}:{number}: unknown labels {sorted(unknown)} or no text")
            labels = frozenset(row["intents"]), frozenset(row["also_ok"])
            examples.append(Example(row.get("author", path.stem), row["question"] or "", row["text"], *labels))
    return examples
