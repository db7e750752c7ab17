"""Trains the network from `utterances/` and `options/` and writes `src/intent_classifier/weights/`.

The encoder of all-MiniLM-L6-v2 (Apache-2.0) reads the agent's question and the caller's words as a pair; a linear head
on its first token and its mean tells each label by itself, and two matching heads lay the pair beside what a campaign
offers to be meant. The word embeddings stay as they came, reduced to the words that callers use; rarer words are
spelled in pieces. What is written is one ONNX graph with weights of eight bits.

    python libs/intent_classifier/training/train.py                      all authors, as shipped
    python libs/intent_classifier/training/train.py --without author3    all but some, to be judged by `report.py`
"""

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from export import write_graph
from lines import Example, load_examples
from matching import Matcher
from network import LABELS, EncoderWithHeads, base_model, padded, reduced_tokenizer
from options import Block, load_blocks
from tokenizers import Tokenizer
from torch import Tensor, nn

from intent_classifier.labels import Label
from intent_classifier.tokens import encoded_pair

WEIGHTS = Path(__file__).parents[1] / "src" / "intent_classifier" / "weights"
POSITIVE_WEIGHT = 3.0
MATCHING = 0.03
"""The weight of matching beside the labels, whose loss is a mean over all of them."""
SLOW = ("encoder.", "answers.said", "answers.offered", "questions.said", "questions.offered")
"""What learns slowly, because it begins with what the encoder came with."""
SEED = 20261127
WHATEVER_WAS_ASKED = frozenset(Label) - {
    *(Label.AFFIRM, Label.DENY, Label.BACKCHANNEL, Label.SHOW_INTEREST, Label.SHOW_DISINTEREST),
    *(Label.PROVIDE_BUDGET, Label.PROVIDE_TIMELINE, Label.PROVIDE_AUTHORITY, Label.PROVIDE_NEED),
    *(Label.SCHEDULE_ACCEPT, Label.SCHEDULE_PROPOSE, Label.WRONG_NUMBER, Label.CORRECT),
}
"""What is meant by the words alone, whatever question they follow."""
JOINED = 0.1
"""The share of utterances behind which the same caller says another thing in the same breath."""
LONGEST_JOINED = 24
"""Words; what is longer says several things already."""


def targets(examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Returns what is to be found, and what counts at all."""
    wanted = torch.tensor([[float(label in one.intents) for label in LABELS] for one in examples])
    counted = torch.tensor(
        [[float(label not in one.also_ok or label in one.intents) for label in LABELS] for one in examples]
    )
    return wanted, counted


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> Iterator[list[int]]:
    """Yields places in batches of like lengths, in random order."""
    order = sorted(range(len(lengths)), key=lambda place: lengths[place] + rng.random() * 6)
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def in_one_breath(example: Example, others: Sequence[Example], rng: random.Random) -> Example:
    """Returns an utterance, now and then with another one behind it that means the same whatever was asked."""
    if rng.random() >= JOINED or len(example.text.split()) > LONGEST_JOINED:
        return example
    other = rng.choice(others)
    also_ok = (example.also_ok | other.also_ok) - example.intents - other.intents
    text = f"{example.text.rstrip('.')}{rng.choice([', ', ' ', ' and ', '. '])}{other.text}"
    return replace(example, text=text, intents=example.intents | other.intents, also_ok=also_ok)


def spoken_anew(example: Example, questions: Sequence[str], rng: random.Random) -> tuple[str, str]:
    """Returns a pair as it might as well have been heard.

    Callers say what they mean to say whatever they were asked: where the question does not matter, another one may
    stand there. Some recognisers write neither capitals nor signs.
    """
    text, question = example.text, example.question
    if example.intents and example.intents <= WHATEVER_WAS_ASKED and rng.random() < 0.4:
        question = rng.choice(questions)
    if rng.random() < 0.3:
        text = "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '-@")
    if rng.random() < 0.15:
        question = ""
    return question, text


def train(examples: Sequence[Example], blocks: Sequence[Block], epochs: float) -> tuple[EncoderWithHeads, Tokenizer]:
    """Returns the trained network and its tokenizer."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    base = base_model()
    texts = [text for one in examples for text in (one.question, one.text)]
    tokenizer, kept = reduced_tokenizer(base, [*texts, *(text for one in blocks for text in one.texts)])
    model = EncoderWithHeads(base, kept)
    questions = sorted({one.question for one in examples if one.question})
    joinable = [
        one for one in examples if one.intents <= WHATEVER_WAS_ASKED and len(one.text.split()) <= LONGEST_JOINED / 2
    ]
    learning = [(name, one) for name, one in model.named_parameters() if one.requires_grad]
    slow = [one for name, one in learning if name.startswith(SLOW)]
    fast = [one for name, one in learning if not name.startswith(SLOW)]
    optimizer = torch.optim.AdamW([{"params": slow, "lr": 1.2e-4}, {"params": fast, "lr": 2e-3}], weight_decay=0.01)
    total = math.ceil(epochs * math.ceil(len(examples) / 32))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * total), max(0.0, (total - step) / (0.9 * total)))
    )
    lossy = nn.BCEWithLogitsLoss(reduction="none", pos_weight=torch.tensor(POSITIVE_WEIGHT))
    matcher = Matcher(tokenizer, blocks, examples, rng)
    print(f"{len(examples)} utterances, {matcher.size} of options, {len(kept)} words, {total} steps", flush=True)
    model.train()
    step, began, lately = 0, time.monotonic(), [0.0, 0.0]
    while step < total:
        heard = [in_one_breath(one, joinable, rng) for one in examples]
        wanted, counted = targets(heard)
        rows = [encoded_pair(tokenizer, *spoken_anew(one, questions, rng)) for one in heard]
        for places in batches([len(ids) for ids, _ in rows], 32, rng):
            with torch.autocast("cpu", torch.bfloat16):
                logits = model.labels(model.read(*padded([rows[place] for place in places])))
            labels = (lossy(logits.float(), wanted[places]) * counted[places]).sum() / counted[places].sum()
            meant = matcher.loss(model)
            optimizer.zero_grad()
            (labels + MATCHING * meant).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            lately = [0.95 * old + 0.05 * new.item() for old, new in zip(lately, (labels, meant), strict=True)]
            step += 1
            if step % 50 == 0:
                gone = time.monotonic() - began
                losses = f"losses {lately[0]:.4f} {lately[1]:.3f}"
                print(f"step {step}/{total}, {losses}, {gone:.0f} of {gone / step * total:.0f} s", flush=True)
            if step == total:
                break
    return model.eval(), tokenizer


def main() -> None:
    """Trains as the command line says."""
    parser = argparse.ArgumentParser(description="Trains the classifier of intents.")
    parser.add_argument("--without", nargs="*", default=[], metavar="AUTHOR", help="authors that are only judged")
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    examples = load_examples()
    known = [one for one in examples if one.author not in arguments.without]
    blocks = [one for one in load_blocks() if one.author not in arguments.without]
    model, tokenizer = train(known, blocks, arguments.epochs)
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_graph(model, arguments.out / "model.onnx")
    tokenizer.save(str(arguments.out / "tokenizer.json"), pretty=False)


if __name__ == "__main__":
    main()
