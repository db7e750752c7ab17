"""Judges a trained classifier, alone and as it is used with the rules, on authors that it has not read.

python libs/intent_classifier/training/report.py --weights out/without_author3 --authors author3
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from lines import UTTERANCES, Example, load_examples

from callwright_common.campaign import load_campaign
from dialogue import LearnedAnalyzer, RuleAnalyzer, initial_state
from dialogue.analysis import Analysis
from dialogue.call_control import CHECKS
from dialogue.confidence import LIKELY
from dialogue.learned.meanings import CONCERNS, MEANINGS
from intent_classifier import IntentClassifier
from intent_classifier.classifier import WEIGHTS
from vocabulary.turns import Utterance

COURTESIES = {"greet", "thanks", "goodbye"}
ROUTING = [label for label in (*MEANINGS, *CONCERNS) if label not in COURTESIES]
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def labels_of(found: Analysis) -> set[str]:
    """Returns the labels that an analysis amounts to."""
    meant = {one.intent for one in found.intents if one.confidence >= LIKELY}
    labels = {label for label, meaning in MEANINGS.items() if meaning.kind & meant}
    return labels | {label for label, concern in CONCERNS.items() if concern == found.objection}


def measured(examples: Iterable[Example], found: Callable[[Example], set[str]]) -> dict[str, Counter[str]]:
    """Returns for each label how often it was right, missed and made up."""
    counts = {label: Counter[str]() for label in ROUTING}
    for example in examples:
        told = found(example)
        for label, count in counts.items():
            if label in example.also_ok - example.intents:
                continue
            count[
                {(True, True): "right", (True, False): "missed", (False, True): "made up", (False, False): "none"}[
                    (label in example.intents, label in told)
                ]
            ] += 1
    return counts


def score(count: Counter[str]) -> tuple[float, float, float]:
    """Returns precision, recall and F1."""
    precision = count["right"] / max(1, count["right"] + count["made up"])
    recall = count["right"] / max(1, count["right"] + count["missed"])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def told_of_checks(examples: Sequence[Example], shipped: Mapping[Example, Analysis]) -> Iterable[str]:
    """Yields how often what harms most was done, only asked for, or missed, and how often without a reason."""
    for label, meaning in MEANINGS.items():
        if meaning.adds not in CHECKS:
            continue
        counts = Counter[str]()
        for one in examples:
            found = shipped[one]
            did = "done" if found.has(meaning.adds) else "asked" if found.may_mean(meaning.adds) else "missed"
            meant = label in one.intents
            if meant or label not in one.also_ok:
                counts[did if meant else f"{did} without a reason"] += 1
        wrongly = (
            f"{counts['done without a reason']} done and {counts['asked without a reason']} asked without a reason"
        )
        yield f"{label:24}{counts['done']} done, {counts['asked']} asked, {counts['missed']} missed; {wrongly}"


def main() -> None:
    """Judges as the command line says."""
    parser = argparse.ArgumentParser(description="Judges a trained classifier on authors that it has not read.")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--lines", type=Path, default=UTTERANCES)
    parser.add_argument("--authors", nargs="+", required=True)
    arguments = parser.parse_args()
    campaign = load_campaign(Path(__file__).parents[3] / "campaigns" / "sunline-solar.yaml")
    examples = [one for one in load_examples(arguments.lines) if one.author in arguments.authors]
    state = initial_state("judged")
    by_rules, probable, shipped, seconds = {}, {}, {}, []
    with IntentClassifier(arguments.weights) as classifier:
        analyzer = LearnedAnalyzer(classifier)
        for one in examples:
            asked, said = state.model_copy(update={"last_reply": [one.question]}), Utterance(one.text)
            by_rules[one] = asyncio.run(RuleAnalyzer().analyse(campaign, asked, said, now=NOW))
            shipped[one] = asyncio.run(analyzer.analyse(campaign, asked, said, now=NOW))
            began = time.perf_counter()
            probable[one] = classifier.compute(one.question, one.text)
            seconds.append(time.perf_counter() - began)
    middle, slow = (1000 * quantiles(seconds, n=20)[place] for place in (9, 18))
    judged = {
        "rules": measured(examples, lambda one: labels_of(by_rules[one])),
        "learned": measured(examples, lambda one: {label for label in ROUTING if probable[one][label] >= LIKELY}),
        "both, as used": measured(examples, lambda one: labels_of(shipped[one])),
    }
    print(f"{len(examples)} lines of {', '.join(arguments.authors)}: precision / recall / F1")
    for label in ROUTING:
        cells = "   ".join("{:.2f} {:.2f} {:.2f}".format(*score(counts[label])) for counts in judged.values())
        print(f"{label:24}{sum(label in one.intents for one in examples):5}   {cells}")
    for name, counts in judged.items():
        print(f"{name:24} micro " + "{:.3f} {:.3f} {:.3f}".format(*score(sum(counts.values(), Counter()))))
    print(*told_of_checks(examples, shipped), sep="\n")
    print(f"an utterance takes {middle:.1f} ms at the median, {slow:.1f} ms at the 95th percentile")


if __name__ == "__main__":
    main()
