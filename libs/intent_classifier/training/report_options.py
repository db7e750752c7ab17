"""Judges how a trained network tells which option of a campaign is meant, on authors that it has not read.

python report_options.py --options ../options/held_out --authors author71
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from options import OPTIONS, Block, Said, load_blocks

from intent_classifier import IntentClassifier
from intent_classifier.classifier import WEIGHTS

AT_LEAST = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""The probabilities from which on it is told what comes of an option that counts."""

Judged = list[tuple[Said, Sequence[float]]]


def judged(classifier: IntentClassifier, blocks: Sequence[Block]) -> Judged:
    """Returns all that is said in some blocks with what is probable of their options."""
    return [
        (one, classifier.meant(block.ask, one.text, block.ask, block.options, asks=block.asks))
        for block in blocks
        for one in block.said
    ]


def told(found: Judged) -> Iterator[str]:
    """Yields how often the likeliest option is right, and what is right and found from each probability on."""
    meant = [(one, chances) for one, chances in found if one.means]
    right = sum(_likeliest(chances) in one.means for one, chances in meant)
    none = len(found) - len(meant)
    yield f"{len(meant)} mean an option, the likeliest is right for {right / len(meant):.2f} of them; {none} mean none"
    for at_least in AT_LEAST:
        counted = [(one, chances) for one, chances in found if max(chances) >= at_least]
        hits = sum(_likeliest(chances) in one.means for one, chances in counted)
        made_up = sum(not one.means for one, _ in counted)
        yield (
            f"  from {at_least:.2f} on: {hits / max(1, len(counted)):.2f} of what counts is right, "
            f"{hits / len(meant):.2f} is found, {made_up} made up"
        )


def _likeliest(chances: Sequence[float]) -> int:
    return max(range(len(chances)), key=chances.__getitem__)


def main() -> None:
    """Judges as the command line says."""
    parser = argparse.ArgumentParser(description="Judges how options are told apart by a trained network.")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--options", type=Path, default=OPTIONS)
    parser.add_argument("--authors", nargs="+", required=True)
    arguments = parser.parse_args()
    blocks = [block for block in load_blocks(arguments.options) if block.author in arguments.authors]
    with IntentClassifier(arguments.weights) as classifier:
        for kind in ("choice", "yes_no", "facts"):
            print(kind, *told(judged(classifier, [block for block in blocks if block.kind == kind])), sep="\n")


if __name__ == "__main__":
    main()
