"""What models write, well and badly: what of it passes the gate, however the stream is cut."""

from collections.abc import AsyncGenerator

import pytest

from dialogue import ModelReply
from fakes.model_outputs import Output, callers, outputs, streamed
from fakes.spoken_calls import MONDAY


async def said(output: Output, size: int) -> list[str]:
    """Returns what of an output is said that comes in pieces of a size."""
    caller = callers()[output.caller]
    words = ModelReply(caller.campaign, caller.reply, MONDAY, caller.says[-1])
    return [sentence.text async for sentence in words.sentences(streamed(output.text, size))]


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_good_outputs_are_said_and_bad_ones_are_not(size: int) -> None:
    leaked, lost = [], []
    for output in [*outputs("good"), *outputs("bad")]:
        sentences = await said(output, size)
        leaked += output.leaked(sentences, callers()[output.caller].reply)
        lost += output.lost(sentences)
    assert leaked == []
    assert lost == ["Gladly."], "a bare word goes with the claim that it stands before"


async def test_unseen_outputs_are_judged_alike() -> None:
    good, bad = outputs("unseen_good"), outputs("unseen_bad")
    leaking = [one for one in bad if one.leaked(await said(one, 7), callers()[one.caller].reply)]
    losing = [one for one in good if one.lost(await said(one, 7))]
    assert len(leaking) <= 0.1 * len(bad)
    assert len(losing) <= 0.1 * len(good)


@pytest.mark.parametrize("thought", ["", "<think>They have a high bill.</think>"])
async def test_a_sentence_waits_for_no_more_than_itself(thought: str) -> None:
    caller, read = callers()["bill"], list[str]()

    async def text() -> AsyncGenerator[str, None]:
        for piece in (thought, "High bills", " are no fun.", " How", " much is it?\n", "And so on"):
            read.append(piece)
            yield piece

    words = ModelReply(caller.campaign, caller.reply, MONDAY)
    left = [(sentence.text, len(read)) async for sentence in words.sentences(text())]
    assert left == [("High bills are no fun.", 4), ("How much is it?", 5)]
