"""A conversation against a real orchestrator server, without audio."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callwright_common.campaign import Campaign, load_campaign
from callwright_common.rpc.client import open_channel
from fakes.gateway_calls import CallPlan, SilentCall, silent_call
from fakes.orchestrator import FakeOrchestrator, Plan, orchestrator
from fakes.spoken_line import SpokenLine
from voice_gateway.orchestrator_client import OrchestratorClient

CAMPAIGN_FILE = Path(__file__).parents[4] / "campaigns" / "sunline-solar.yaml"


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign(CAMPAIGN_FILE)


@dataclass
class Call(SilentCall):
    """A call and the server that answers it."""

    orchestrator: FakeOrchestrator | None = None


@pytest.fixture
async def start_call(campaign: Campaign) -> AsyncIterator[Callable[..., object]]:
    async with AsyncExitStack() as stack:

        async def start(
            *plans: Plan,
            line: SpokenLine | None = None,
            address: str = "",
            used_campaign: Campaign = campaign,
            **differs: Any,
        ) -> Call:
            server = await stack.enter_async_context(orchestrator(*plans))
            channel = open_channel(address or server.address)
            stack.push_async_callback(channel.close)
            plan = CallPlan(**differs)
            call = await stack.enter_async_context(
                silent_call(used_campaign, OrchestratorClient(channel), plan, line=line)
            )
            return Call(**vars(call), orchestrator=server)

        yield start
