"""Metrics are served over HTTP for as long as the process wants."""

from pathlib import Path

import httpx
import pytest
from prometheus_client import Counter

from callwright_common.metrics import metrics_endpoint, new_registry

HOSTS = ["127.0.0.1", "localhost", *(["[::1]"] if Path("/proc/net/if_inet6").exists() else [])]


@pytest.mark.parametrize("host", HOSTS)
async def test_metrics_are_served_and_the_port_is_free_again(host: str) -> None:
    registry = new_registry()
    Counter("callwright_calls_total", "Calls", registry=registry).inc(3)
    async with metrics_endpoint(registry, f"{host}:0") as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://{host}:{port}/metrics")
        with pytest.raises(OSError, match="in use"):
            async with metrics_endpoint(new_registry(), f"{host}:{port}"):
                pytest.fail("two endpoints share a port")
    assert "callwright_calls_total 3.0" in answer.text
    async with metrics_endpoint(registry, f"{host}:{port}") as again:
        assert again == port
