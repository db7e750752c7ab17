"""Broken lines between gateway and orchestrator: real gRPC through a TCP proxy.

Rows of the fault catalogue:

* B3  the connection breaks after any number of bytes of a reply: the caller hears whole sentences, none twice, and the
      records say what was heard; the next turn is the orchestrator's.
* B1  (real time, `make chaos`) the line is half open: at most two turns fall back, and within 5 s of its mending the
      orchestrator answers again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from callwright.conversation.v1 import conversation_pb2 as wire
from callwright_common.breaker import BreakerSettings
from callwright_common.campaign import Campaign
from callwright_common.rpc.client import open_channel
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.orchestrator import FakeOrchestrator, Plan, orchestrator
from fakes.tcp_proxy import TcpProxy
from voice_gateway.orchestrator_client import OrchestratorClient

PLAN = CallPlan(first_text=1.5, idle=1.0, breaker=BreakerSettings(minimum_calls=10))
REPLY = Plan(["I see, lower bills.", "That is worth it.", "Roughly how much is it?"], pause=0.02)


@asynccontextmanager
async def proxied_call(
    campaign: Campaign, plan: CallPlan
) -> AsyncIterator[tuple[SilentCall, TcpProxy, FakeOrchestrator]]:
    async with orchestrator(REPLY) as server:
        proxy = TcpProxy(int(server.address.rpartition(":")[2]))
        await proxy.open()
        channel = open_channel(f"127.0.0.1:{proxy.port}")
        try:
            async with silent_call(campaign, OrchestratorClient(channel), plan) as call:
                yield call, proxy, server
        finally:
            await channel.close()
            await proxy.close()


@pytest.mark.parametrize("limit", [60, 230, 260, 300, 400])
async def test_b3_a_connection_that_breaks_in_a_reply(campaign: Campaign, limit: int) -> None:
    async with proxied_call(campaign, PLAN) as (call, proxy, server):
        proxy.answer_limit = limit
        await call.say("I want to lower my electric bill.")
        reply = await call.line.answer(1)
        assert len(set(reply.sentences)) == len(reply.sentences)
        assert all(sentence.endswith((".", "?")) for sentence in reply.sentences)
        assert reply.sentences[-1].endswith("?")
        assert call.turns()[0].turn.heard_text == reply.text
        proxy.answer_limit = None
        await proxy.drop()
        answered = 1
        while call.turns()[-1].turn.source != wire.REPLY_SOURCE_ORCHESTRATOR or answered == 1:
            answered += 1
            await call.say(f"About {100 + 10 * answered} dollars a month.")  # a mere "hello?" ends the call in the end
            await call.line.answer(answered)
            assert answered < 20
        told = server.requests[-1].unsynced_entries
        assert told[0].heard_text == reply.text or not told


@pytest.mark.chaos
async def test_b1_a_half_open_line(campaign: Campaign) -> None:
    async with proxied_call(campaign, replace(PLAN, breaker=BreakerSettings())) as (call, proxy, _):
        loop = asyncio.get_running_loop()
        await call.say("Hello?")
        await call.line.answer(1)
        proxy.swallow()
        for number in (2, 3):
            asked_at = loop.time()
            await call.say("Is there a warranty?")
            await call.line.answer(number)
            assert loop.time() - asked_at < 1.8
            assert call.turns()[-1].turn.source == wire.REPLY_SOURCE_RULES
        proxy.pass_on()
        mended_at, number = loop.time(), 3
        while call.turns()[-1].turn.source != wire.REPLY_SOURCE_ORCHESTRATOR:
            assert loop.time() - mended_at < 5
            await asyncio.sleep(0.5)
            number += 1
            await call.say("Is there a warranty?")
            await call.line.answer(number)
