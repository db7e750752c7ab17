"""The chart, rendered by real Helm and compared with what the services really read and serve."""

import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any, get_args, get_origin

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from dotenv import dotenv_values
from pydantic import BaseModel

from agent_orchestrator.config import OrchestratorSettings
from callwright_common.addresses import parse_address
from callwright_common.campaign import Campaign, load_campaign, parse_campaign
from callwright_common.rpc.server import LIVENESS_SERVICE
from callwright_common.settings import ServiceSettings, read_settings, setting_names, unknown_names
from escalation_budget.config import Settings as BudgetSettings
from fixtures.helm_chart import (
    CAMPAIGN,
    CHART,
    ONE_CAMPAIGN,
    ROOT,
    SECRETS,
    Manifest,
    environment,
    of_kind,
    render,
    run,
)
from persistence.config import Settings as PersistenceSettings
from voice_gateway.config import GatewaySettings

KUBERNETES = "1.37"
SETTINGS: dict[str, type[ServiceSettings]] = {
    "voice-gateway": GatewaySettings,
    "agent-orchestrator": OrchestratorSettings,
    "escalation-budget": BudgetSettings,
    "persistence": PersistenceSettings,
}
FORMS = {
    "integer": {"type": "a whole number", "form": r"^-?\d+$"},
    "number": {"type": "a number", "form": r"^-?\d+(\.\d+)?$"},
    "boolean": {"type": "true or false", "form": "^(?i:true|false|yes|no|on|off|1|0)$"},
}
# What the chart sets itself, with where its user says it instead.
OF_THE_CHART = {
    "CAMPAIGNS_DIR": "campaigns",
    "DATABASE_URL": "secrets",
    "DATA_DIR": "voiceGateway.dataSize",
    "GATEWAY_ID": "the name of the pod",
    "GRPC_LISTEN": "the Services",
    "HTTP_LISTEN": "voiceGateway.service",
    "LLM_API_KEY": "secrets.llm",
    "METRICS_LISTEN": "the Services",
    "OPENAI_API_KEY": "secrets.llm",
    "REDIS_URL": "secrets.redis",
    "PUBLIC_URL": "voiceGateway.publicUrl",
    "TWILIO_AUTH_TOKEN": "secrets.twilio",
    "VERIFY_STREAM_SIGNATURE": "voiceGateway.verifyStreamSignature",
}
# Variables for the interpreter and the C library rather than for the service.
PROCESS_VARIABLES = {"HOME", "MALLOC_ARENA_MAX"}
EVERYTHING = (
    *ONE_CAMPAIGN,
    "--set",
    "voiceGateway.publicUrl=https://calls.example.com,secrets.llm.name=callwright-llm,image.pullSecrets={registry}",
    "--set",
    "voiceGateway.ingress.enabled=true,voiceGateway.ingress.host=calls.example.com,voiceGateway.ingress.tlsSecret=tls",
    "--set",
    "persistence.nodeSelector.disk=ssd,persistence.podAnnotations.team=sales",
    "--set-string",
    "agentOrchestrator.settings.MAX_CONCURRENT_TURNS=20",
)


@pytest.fixture(scope="session")
def manifests(helm: Path) -> list[Manifest]:
    return render(helm, *EVERYTHING)


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    for manifest in manifests:
        if manifest["kind"] in ("Deployment", "Job"):
            yield manifest["metadata"]["name"], manifest["spec"]["template"]["spec"]


@pytest.mark.parametrize("arguments", [ONE_CAMPAIGN, EVERYTHING], ids=["defaults", "everything"])
def test_helm_finds_nothing_to_complain_about(helm: Path, arguments: tuple[str, ...]) -> None:
    linted = run(helm, "lint", "--strict", str(CHART), *arguments)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("arguments", [ONE_CAMPAIGN, EVERYTHING], ids=["defaults", "everything"])
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
    assert set(variables) - PROCESS_VARIABLES <= setting_names(kind)
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


def test_the_persistence_service_can_be_upgraded_ahead_of_the_rest(helm: Path) -> None:
    tags = ("--set", "image.tag=before", "--set", "persistence.imageTag=new")
    images = {name: pod["containers"][0]["image"] for name, pod in pods(render(helm, *ONE_CAMPAIGN, *tags))}
    new = {name for name, image in images.items() if image.endswith("/persistence:new")}
    assert new == {"callwright-persistence", "callwright-persistence-migration"}
    assert all(image.endswith(":before") for name, image in images.items() if name not in new)
    after = pods(render(helm, *ONE_CAMPAIGN, "--set", "image.tag=new", "--set", "persistence.imageTag="))
    assert all(pod["containers"][0]["image"].endswith(":new") for _, pod in after)


def test_no_secret_is_rendered(manifests: list[Manifest]) -> None:
    assert not of_kind(manifests, "Secret")
    for component in SETTINGS:
        pod = of_kind(manifests, "Deployment")[f"callwright-{component}"]["spec"]["template"]["spec"]
        for variable in pod["containers"][0]["env"]:
            if variable["name"] in SECRETS:
                assert set(variable["valueFrom"]) == {"secretKeyRef"}


def test_streams_must_be_signed_unless_somebody_says_otherwise(helm: Path, manifests: list[Manifest]) -> None:
    assert environment(manifests, "voice-gateway")["VERIFY_STREAM_SIGNATURE"] == "true"
    open_door = render(helm, *ONE_CAMPAIGN, "--set", "voiceGateway.verifyStreamSignature=false")
    assert environment(open_door, "voice-gateway")["VERIFY_STREAM_SIGNATURE"] == "false"


def test_a_campaign_arrives_as_it_is_written(manifests: list[Manifest]) -> None:
    data = of_kind(manifests, "ConfigMap")["callwright-campaigns"]["data"]
    assert parse_campaign(data["sunline-solar.yaml"], "chart") == load_campaign(CAMPAIGN)


def test_a_changed_campaign_or_setting_replaces_the_pods(helm: Path, manifests: list[Manifest]) -> None:
    campaign = "campaigns.sunline-solar=" + str(ROOT / "tests" / "evals" / "ledgerly.yaml")
    settings = ("--set-string", "agentOrchestrator.settings.MAX_CONCURRENT_TURNS=21")
    changed = render(helm, "--set-file", campaign, *settings)
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
        ("voiceGateway.settings.MAX_CONCURRENT_CALLS=5", "voiceGateway.settings.MAX_CONCURRENT_CALLS: must be a text"),
        ("voiceGateway.ingress.enabled=true", "/voiceGateway/ingress/host"),
        ("voiceGateway.shutdownGraceSeconds=4000", "/voiceGateway/shutdownGraceSeconds"),
        ("secrets.redis.name=", "/secrets/redis/name"),
        ("campaigns.Not_a_name=x", "/campaigns"),
        ("campaigns.empty=", "/campaigns/empty"),
        ("persistence.settings.lower=x", "persistence.settings.lower: is not a setting of this service"),
        (
            "persistence.settings.DATABASE_URL=x",
            "persistence.settings.DATABASE_URL: is set by the chart itself, see secrets",
        ),
        ("voiceGateway.settings.GRPC_LISTEN=x", "voiceGateway.settings.GRPC_LISTEN: is set by the chart itself"),
        ("persistence.settings.SHUTDOWN_GRACE_SECONDS=x", "see persistence.shutdownGraceSeconds"),
        ("voiceGateway.settings.MAX_CONCURENT_CALLS=x", "MAX_CONCURENT_CALLS: is not a setting of this service"),
        ("escalationBudget.settings.DEFAULT_CAMPAIGN=x", "DEFAULT_CAMPAIGN: is not a setting of this service"),
        ("replicas=3", "replicas"),
        ("voiceGateway.replicas=2", "voiceGateway.replicas: must be 0 or 1"),
        ("voiceGateway.settings.DEFAULT_CAMPAIGN=sunline", "DEFAULT_CAMPAIGN: none of the campaigns sunline-solar is"),
        ("voiceGateway.settings.LLM_PROVIDER=opnai", 'must be one of offline, openai, ollama, not "opnai"'),
        ("voiceGateway.settings.AGENT_PROCESSING_TIMEOUT_MS=abc", 'must be a whole number, not "abc"'),
        (
            "voiceGateway.settings.PUBLIC_URL=calls.example.com",
            "PUBLIC_URL: is set by the chart itself, see voiceGateway.publicUrl",
        ),
        ("escalationBudget.settings.DEFAULT_CALL_LIMIT=cheap", "DEFAULT_CALL_LIMIT: must be of the form"),
        ("voiceGateway.settings.WHISPER_MODEL=http://a/b", "WHISPER_MODEL: must be of the form"),
        ("voiceGateway.settings.PIPER_URL=piper:5000", "PIPER_URL: must be a URL like http://host:port"),
        ("voiceGateway.settings.PIPER_URL=http://piper:65536", "PIPER_URL: must be a URL like http://host:port"),
        ("agentOrchestrator.settings.LLM_BASE_URL=http://[::1]:0/v1", "LLM_BASE_URL: must be a URL like"),
        ("voiceGateway.settings.BUDGET_ADDRESS=foo bar", "BUDGET_ADDRESS: must be host:port of a server"),
        (
            "agentOrchestrator.settings.PERSISTENCE_ADDRESS=records",
            "PERSISTENCE_ADDRESS: must be host:port of a server",
        ),
        ("voiceGateway.settings.ORCHESTRATOR_ADDRESS=a:0", "ORCHESTRATOR_ADDRESS: must be host:port of a server"),
        ("voiceGateway.settings.ORCHESTRATOR_ADDRESS=a:65536", "ORCHESTRATOR_ADDRESS: must be host:port of a server"),
        ("voiceGateway.publicUrl=https://calls.example.com:65536", "publicUrl"),
        ("persistence.settings.CALL_SWEEP_SECONDS=soon", 'must be a number, not "soon"'),
        ("agentOrchestrator.settings.LLM_PROVIDER=openai", "secrets.llm.name: agentOrchestrator.settings.LLM_PROVIDER"),
    ],
)
def test_values_that_cannot_be_right_are_refused_by_name(helm: Path, value: str, path: str) -> None:
    assert path in refusal(helm, *ONE_CAMPAIGN, "--set", value)


def refusal(helm: Path, *arguments: str) -> str:
    refused = run(helm, "template", "callwright", str(CHART), *arguments)
    assert refused.returncode != 0
    return refused.stderr


def rule(about: dict[str, Any]) -> dict[str, Any]:
    """Returns what the chart knows of a setting, from the JSON schema of the service's own."""
    if "enum" in about:
        return {"values": about["enum"]}
    rules: dict[str, Any] = dict(FORMS.get(about.get("type", ""), {}))
    for name, told in (("minimum", "minimum"), ("exclusiveMinimum", "above"), ("maximum", "maximum")):
        rules |= {told: about[name]} if name in about else {}
    if "pattern" in about:
        rules |= {"type": about.get("format", f"of the form {about['pattern']}"), "form": about["pattern"]}
    return rules


def test_settings_yaml_tells_what_the_services_accept() -> None:
    expected: dict[str, dict[str, Any]] = {}
    for component, kind in SETTINGS.items():
        schema = kind.model_json_schema()["properties"]
        rules = {name: rule(schema.get(name.lower(), {"type": "string"})) for name in sorted(setting_names(kind))}
        package = component.replace("-", "_")
        values = re.sub("-(.)", lambda letter: letter[1].upper(), component)
        instead = OF_THE_CHART | {"SHUTDOWN_GRACE_SECONDS": f"{values}.shutdownGraceSeconds"}
        expected[package] = {n: {"instead": instead[n]} if n in instead else told for n, told in rules.items()}
    path = CHART / "settings.yaml"
    head = path.read_text(encoding="utf-8").partition("\n")[0]
    whole = head + "\n" + yaml.safe_dump(expected, sort_keys=False, width=1000)
    assert path.read_text(encoding="utf-8") == whole, f"write into {path.name}:\n{whole}"


def rules() -> dict[str, dict[str, dict[str, Any]]]:
    """Returns what the chart knows of the settings that it leaves to its user, by component."""
    told = yaml.safe_load((CHART / "settings.yaml").read_text(encoding="utf-8"))
    return {
        component: {name: rule for name, rule in told[component.replace("-", "_")].items() if "instead" not in rule}
        for component in SETTINGS
    }


def test_the_documented_values_are_accepted_and_an_empty_one_is_none(helm: Path, tmp_path: Path) -> None:
    documented = dotenv_values(ROOT / ".env.example")
    for component, known in rules().items():
        name = re.sub("-(.)", lambda letter: letter[1].upper(), component)
        for values in ({setting: documented.get(setting) or "" for setting in known}, dict.fromkeys(known, "")):
            (tmp_path / "values.yaml").write_text(yaml.safe_dump({name: {"settings": values}}), encoding="utf-8")
            assert render(helm, *ONE_CAMPAIGN, "-f", str(tmp_path / "values.yaml"))


@pytest.mark.parametrize("component", SETTINGS)
def test_a_setting_without_a_rule_takes_any_text(
    manifests: list[Manifest], component: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment(manifests, component).items():
        monkeypatch.setenv(name, value)
    for name in (name for name, rule in rules()[component].items() if not rule):
        for text in ("abc", "-1", " ", "http://", "a/b/c", "[::1]:5", "\u00e9"):
            read_settings(SETTINGS[component], **{name.lower(): text})


def test_no_setting_of_another_service_is_taken_for_a_misspelt_one() -> None:
    for one, other in permutations(SETTINGS.values(), 2):
        unknown = unknown_names(setting_names(one), [other])
        assert set(unknown.values()) <= {None}, unknown


def test_a_chart_without_campaigns_is_refused(helm: Path) -> None:
    assert "campaigns: give at least one campaign file" in refusal(helm)


def models(annotation: object) -> list[type[BaseModel]]:
    """Returns the kinds of groups that a field may hold, itself or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models(part)]


def fields(kinds: list[type[BaseModel]]) -> dict[str, Any] | None:
    """Returns the fields of groups with those of the groups in them; ? marks what not each of the kinds must have,
    * any name."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for kind in kinds for name in kind.model_fields):
        of_kinds = [kind.model_fields.get(name) for kind in kinds]
        needed = all(field is not None and field.is_required() for field in of_kinds)
        inner = [model for field in of_kinds if field is not None for model in models(field.annotation)]
        names = any(field is not None and get_origin(field.annotation) is dict for field in of_kinds)
        found[name if needed else f"{name}?"] = {"*": fields(inner)} if names and inner else fields(inner)
    return found or None


def test_the_chart_knows_the_fields_of_a_campaign() -> None:
    assert yaml.safe_load((CHART / "campaign-fields.yaml").read_text(encoding="utf-8")) == fields([Campaign])


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("objections:", "objection:", "objection: is not a field of a campaign file"),
        ("  agent_name: Jamie\n", "", "company.agent_name: is missing"),
        ("agent_name: Jamie", "agent_name:", "company.agent_name: is missing"),
        ("ask: Roughly", "aks: Roughly", "questions[1].aks: is not a field of a campaign file"),
        ("score: 0.9", "skore: 0.9", "questions[0].choices[0].skore: is not a field of a campaign file"),
        ("pitch: 1.2", "ptch: 1.2", "voices.premium.ptch: is not a field of a campaign file"),
        ("need: 0.2}", "ned: 0.2}", "scoring.weights.ned: is not a field of a campaign file"),
        ("limits: {", "limits: 8 #", "limits: must be a group of fields"),
        ("questions:", "questions: []\nx:", "x: is not a field of a campaign file"),
    ],
)
def test_a_campaign_with_wrong_fields_is_refused(
    helm: Path, before: str, after: str, problem: str, tmp_path: Path
) -> None:
    text = CAMPAIGN.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "wrong.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    assert f"campaigns.solar: {problem}" in refusal(helm, "--set-file", f"campaigns.solar={tmp_path / 'wrong.yaml'}")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("# later\n", "campaigns.odd: appointment: is missing"),
        ("just words", "campaigns.odd: is no campaign file"),
        ("- id: a\n", "campaigns.odd: is no campaign file"),
        ("company: {name: a\n", "campaigns.odd: is no campaign file"),
        ("id: a\n\tb: c\n", "campaigns.odd: is no campaign file"),
        ("id: \0\n", "campaigns.odd: is no campaign file"),
        ("#" * 262_145, "/campaigns/odd"),
    ],
)
def test_a_file_that_is_no_campaign_is_refused(helm: Path, content: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_text(content, encoding="utf-8")
    assert problem in refusal(helm, *ONE_CAMPAIGN, "--set-file", f"campaigns.odd={tmp_path / 'odd.yaml'}")


def test_two_campaigns_cannot_share_an_id(helm: Path) -> None:
    twice = refusal(helm, *ONE_CAMPAIGN, "--set-file", f"campaigns.another={CAMPAIGN}")
    assert "id: sunline-solar is another file's too" in twice
