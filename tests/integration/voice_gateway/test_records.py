"""A gateway whose disk takes no records: it says so, carries calls all the same and comes back by itself."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any


async def test_a_gateway_that_cannot_record_is_not_ready(start_gateway: Callable[..., Any], tmp_path: Path) -> None:
    in_the_way = tmp_path / "call_events.spool"
    in_the_way.mkdir()
    gateway = await start_gateway()
    url = f"{gateway.base_url}/readyz"
    async with asyncio.timeout(20):
        while (answer := await gateway.http.get(url)).status_code == 200:
            pass
        assert answer.json()["problems"] == {"recording of call events": "the disk fails: EISDIR"}
        assert (await gateway.post("/twilio/voice")).status_code == 200
        in_the_way.rmdir()
        while (await gateway.http.get(url)).status_code == 503:
            pass
