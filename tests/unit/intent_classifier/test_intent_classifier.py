"""The packaged classifier: its labels, its bounds, and what it makes of lines that were written for this test alone."""

import asyncio
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from dialogue.learned.meanings import CONCERNS, MEANINGS
from intent_classifier import IntentClassifier, Label
from intent_classifier.classifier import WEIGHTS
from intent_classifier.tokens import encoded_pair

UTTERANCES = Path(__file__).parents[3] / "libs" / "intent_classifier" / "utterances"


def test_every_line_has_a_text_and_known_labels() -> None:
    for path in UTTERANCES.glob("*.jsonl"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            said_by = {"author"} if path.stem == "heard" else set()
            assert set(row) == {"question", "text", "intents", "also_ok"} | said_by, (path.name, number)
            assert row["text"].strip(), (path.name, number)
            assert {*row["intents"], *row["also_ok"]} <= set(Label), (path.name, number)


def test_what_the_dialogue_knows_of_are_labels() -> None:
    assert {*MEANINGS, *CONCERNS} <= set(Label)


def test_what_is_shipped_is_small() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 15_100_000


CLASSIFIER = IntentClassifier()


@settings(max_examples=40, deadline=None)
@given(question=st.text(max_size=400), text=st.text(max_size=3000))
def test_anything_said_gets_a_probability_for_each_label(question: str, text: str) -> None:
    found = CLASSIFIER.compute(question, text)
    assert set(found) == set(Label)
    assert all(0 <= chance <= 1 for chance in found.values())


TOKENIZER = Tokenizer.from_str((WEIGHTS / "tokenizer.json").read_text(encoding="utf-8"))


@settings(deadline=None)
@given(question=st.text(max_size=2000), text=st.text(max_size=2000))
def test_a_pair_is_bounded_and_framed(question: str, text: str) -> None:
    ids, kinds = encoded_pair(TOKENIZER, question, text)
    assert len(ids) == len(kinds) <= 96
    assert sorted(kinds) == kinds


async def test_it_computes_beside_the_loop() -> None:
    here = threading.get_ident()
    with IntentClassifier() as classifier:
        seen: list[int] = []
        compute = classifier.compute

        def watched(question: str, text: str) -> dict[str, float]:
            seen.append(threading.get_ident())
            return compute(question, text)

        classifier.compute = watched  # type: ignore[method-assign]
        both = await asyncio.gather(*(classifier.probabilities("", text) for text in ("hello", "goodbye")))
    assert both == [CLASSIFIER.compute("", text) for text in ("hello", "goodbye")]
    assert here not in seen
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("question", "text", "label"),
    [
        ("Do you own the house?", "could you see to it that this number comes off whatever list you have", "opt_out"),
        ("Is this a good moment?", "there is nobody of that name living here dear", "wrong_number"),
        ("What is your monthly bill?", "id rather talk to one of your colleagues a real one", "ask_human"),
        ("What is your monthly bill?", "hang on am I speaking with a computer here", "ask_robot"),
        ("Do you decide that alone?", "I'm driving could we do this tomorrow", "callback_later"),
    ],
)
def test_what_the_grave_intents_sound_like(question: str, text: str, label: str) -> None:
    assert CLASSIFIER.compute(question, text)[label] > 0.5
