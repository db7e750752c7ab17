"""What is in the images starts as the chart starts it, without the sources beside it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from callwright_common.rpc.server import LIVENESS_SERVICE
from fakes.running_servers import started
from fixtures.helm_chart import ONE_CAMPAIGN, Manifest, environment, of_kind, render
from fixtures.images import Image, ImageBuilder
from local_stack.loopback import free_ports

SERVICES = ["agent-orchestrator", "escalation-budget", "persistence", "voice-gateway"]
# Nobody listens there: the services start without what they depend on.
NOWHERE = {
    "DATABASE_URL": "postgresql://user:password@127.0.0.1:1/database",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@pytest.fixture(scope="module")
def manifests(helm: Path) -> list[Manifest]:
    return render(helm, *ONE_CAMPAIGN)


@pytest.fixture(scope="module")
def images(image_builder: ImageBuilder) -> Mapping[str, Image]:
    return {name: image_builder.build("service", SERVICE=name.replace("-", "_")) for name in SERVICES}


def pod(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    found: Manifest = of_kind(manifests, kind)[f"callwright-{name}"]["spec"]["template"]["spec"]
    return found


def on_this_machine(variables: Mapping[str, str], image: Image, campaigns: Mapping[str, str]) -> dict[str, str]:
    """Returns a pod's variables with ports that are free here, and folders in place of its volumes."""
    files = image.volume()
    for name, content in campaigns.items():
        (files / name).write_text(content, encoding="utf-8")
    volumes = {
        "/etc/callwright/campaigns": str(files),
        "/data": str(image.volume(writable=True)),
        "/tmp": str(image.volume(writable=True)),  # noqa: S108 - a path in the pod
    }
    listening = [name for name in variables if name.endswith("_LISTEN")]
    addresses = {name: f"127.0.0.1:{port}" for name, port in zip(listening, free_ports(len(listening)), strict=True)}
    return {name: volumes.get(value, value) for name, value in variables.items()} | addresses


def lives(address: str) -> bool:
    """Asks what the chart's liveness probe asks."""
    with grpc.insecure_channel(address) as channel:
        ask: Any = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined]
        try:
            answer = ask(health_pb2.HealthCheckRequest(service=LIVENESS_SERVICE), timeout=2)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("component", SERVICES)
def test_a_service_starts_and_stops_in_its_image(
    manifests: list[Manifest], images: Mapping[str, Image], component: str, tmp_path: Path
) -> None:
    image = images[component]
    security = pod(manifests, "Deployment", component)["securityContext"]
    assert image.user == f"{security['runAsUser']}:{security['runAsGroup']}"
    [container] = pod(manifests, "Deployment", component)["containers"]
    campaigns = of_kind(manifests, "ConfigMap")["callwright-campaigns"]["data"]
    variables = on_this_machine(environment(manifests, component) | NOWHERE, image, campaigns)
    command = image.command(container["command"], variables)
    with started(
        component, command, tmp_path / "log", lambda: None if lives(variables["GRPC_LISTEN"]) else "liveness"
    ) as process:
        assert answers(f"http://{variables['METRICS_LISTEN']}/metrics"), process.log_tail()
    assert "the service has stopped" in process.log_tail()
    assert process.exit_status() == 0


@pytest.mark.parametrize("component", ["escalation-budget", "persistence"])
def test_a_migration_finds_its_steps_in_the_image(
    manifests: list[Manifest], images: Mapping[str, Image], component: str, postgres_url: str
) -> None:
    image = images[component]
    [container] = pod(manifests, "Job", f"{component}-migration")["containers"]
    variables = {variable["name"]: variable.get("value", "") for variable in container["env"]}
    assert set(variables) == {"HOME", "DATABASE_URL"}
    here = {"HOME": str(image.volume(writable=True)), "DATABASE_URL": postgres_url}
    command = image.command(container["command"], here)
    done = subprocess.run(
        command.argv, env=dict(command.environment), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "the tables are migrated" in done.stdout


def test_piper_speaks_in_its_image(manifests: list[Manifest], image_builder: ImageBuilder, tmp_path: Path) -> None:
    image = image_builder.build("piper")
    [container] = pod(manifests, "Deployment", "piper")["containers"]
    (port,) = free_ports(1)
    here = {"--host=0.0.0.0": "--host=127.0.0.1", "--port=5000": f"--port={port}"}
    arguments = [here.get(argument, image.path(argument)) for argument in container["args"]]
    command = image.command([*container["command"], *arguments], {"HOME": str(image.volume(writable=True))})
    address = f"http://127.0.0.1:{port}/info"
    with started("piper", command, tmp_path / "log", lambda: None if answers(address) else "speech") as process:
        assert process.exit_status() is None
