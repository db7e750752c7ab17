"""What models write, well and badly, on its way from a server through the gateway's direct model to the caller."""

from collections.abc import Callable
from typing import Any

import pytest

from callwright_common.chat_models.providers import open_chat_model
from fakes.chat_server import ChatScript, chat_server
from fakes.model_outputs import callers, outputs

_PARTS = 6
"""So many times a call is held for each of some outputs: together they take minutes."""


@pytest.mark.parametrize("part", range(_PARTS))
async def test_what_the_caller_hears(start_call: Callable[..., Any], part: int) -> None:
    async with chat_server("ollama") as server:
        model = open_chat_model("ollama", "fake", api_key="", base_url=server.url, timeout_seconds=60)
        try:
            for output in [*outputs("good"), *outputs("bad")][part::_PARTS]:
                caller = callers()[output.caller]
                call = await start_call(used_campaign=caller.campaign, integrated=False, model=model)
                await call.conversation.open()
                await call.line.answer(1)
                for number, text in enumerate(caller.says, 2):
                    said_last = number == len(caller.says) + 1
                    server.script = ChatScript(
                        pieces=(output.text[:11], output.text[11:]) if said_last else ("I see.",)
                    )
                    await call.say(text)
                    reply = await call.line.answer(number)
                assert reply.sentences
                assert output.leaked(reply.sentences, caller.reply) == []
                assert output.lost(reply.sentences) in ([], ["Gladly."])
        finally:
            await model.aclose()
