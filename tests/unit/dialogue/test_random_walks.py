"""Random conversations of what real people say, in any order: no echo, no long speeches, no lost call."""

import random
from pathlib import Path

import pytest
import yaml

from callwright_common.campaign import load_campaign
from dialogue import Reply
from dialogue.sentences import MAX_WORDS
from fakes.spoken_calls import SOLAR, SpokenCall
from vocabulary.turns import EndCall, KeyPresses, Silence, TurnInput, Utterance

EVALS = Path(__file__).parents[2] / "evals"
LINES = [row["text"] for row in yaml.safe_load((EVALS / "utterances.yaml").read_text(encoding="utf-8"))]
CAMPAIGNS = (SOLAR, load_campaign(EVALS / "ledgerly.yaml"))
OTHER_INPUTS: list[TurnInput] = [Silence(count=1), Silence(count=2), KeyPresses("1"), KeyPresses("12#")]
TURNS = 14


def walk(seed: int) -> tuple[SpokenCall, list[tuple[str, str]]]:
    """Returns a call of random turns, and the reason and text of each reply."""
    chance = random.Random(seed)  # noqa: S311 - replayable walks, no secret
    call = SpokenCall(CAMPAIGNS[seed % 2], call_id=f"walk-{seed}")
    replies = [("call_started", call.replies[0].text)]
    for _ in range(TURNS):
        turn_input: TurnInput = Utterance(chance.choice([*LINES, "yes", "no", "okay", "what", "the first one"]))
        if chance.random() < 0.1:
            turn_input = chance.choice(OTHER_INPUTS)
        reply = call.turn(turn_input)
        replies.append((reply.trigger, reply.text))
        assert 0 < len(reply.text.split()) <= MAX_WORDS
        if any(isinstance(action, EndCall) for action in reply.actions):
            break
    return call, replies


def _texts(reply: Reply) -> set[str]:
    return {sentence.text for sentence in reply.sentences}


@pytest.mark.parametrize("block", range(10))
def test_no_sentence_is_said_twice_in_a_row(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        call, replies = walk(seed)
        for before, after in zip(call.replies, call.replies[1:], strict=False):
            if after.trigger != "repeat_requested":
                assert not {one.text for one in before.sentences} & {one.text for one in after.sentences}, (
                    seed,
                    replies,
                )


@pytest.mark.parametrize("seed", range(40))
def test_the_same_walk_gives_the_same_words(seed: int) -> None:
    assert walk(seed)[1] == walk(seed)[1]
