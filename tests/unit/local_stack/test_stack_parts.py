"""The whole system as data."""

import os
from pathlib import Path

import pytest

from local_stack.endpoints import endpoints_of
from local_stack.processes.supervisor import Part
from local_stack.stack_parts import StackPlan
from local_stack.stack_settings import StackSettings

pytestmark = pytest.mark.usefixtures("without_settings_of_the_user")

SERVICES = ("escalation_budget", "persistence", "agent_orchestrator", "voice_gateway")


@pytest.fixture
def plan(tmp_path: Path) -> StackPlan:
    return StackPlan(StackSettings(), tmp_path)


def by_name(plan: StackPlan) -> dict[str, Part]:
    return {part.name: part for part in plan.parts()}


def test_services_with_tables_wait_for_their_migrations_and_these_for_postgres(plan: StackPlan) -> None:
    parts = by_name(plan)
    for service in ("escalation_budget", "persistence"):
        assert parts[service].needs == (f"{service}-migration",)
        assert parts[f"{service}-migration"].needs == ("postgres",)
        assert parts[f"{service}-migration"].missing is None


def test_the_gateway_ends_before_everything_it_uses(plan: StackPlan) -> None:
    uses = by_name(plan)["voice_gateway"].uses
    assert set(uses) == {"redis", "piper", "agent_orchestrator", "escalation_budget", "persistence"}


def test_servers_that_are_not_the_stacks_own_are_not_waited_for(tmp_path: Path) -> None:
    settings = StackSettings(postgres_url="postgresql://db.example/x", redis_url="redis://cache.example")
    plan = StackPlan(settings, tmp_path)
    assert (plan.postgres_url, plan.redis_url) == ("postgresql://db.example/x", "redis://cache.example")
    parts = by_name(plan)
    assert not {"postgres", "redis"} & parts.keys()
    assert parts["persistence-migration"].needs == ()
    assert "redis" not in parts["voice_gateway"].uses


def test_every_service_is_told_the_others_addresses_by_environment(plan: StackPlan) -> None:
    parts, at = by_name(plan), plan.endpoints
    environments = {name: parts[name].prepare().environment for name in SERVICES}
    assert {name: environments[name]["GRPC_LISTEN"] for name in SERVICES} == {
        "escalation_budget": at.budget,
        "persistence": at.persistence,
        "agent_orchestrator": at.orchestrator,
        "voice_gateway": at.gateway,
    }
    gateway = environments["voice_gateway"]
    assert gateway["ORCHESTRATOR_ADDRESS"] == at.orchestrator
    assert gateway["BUDGET_ADDRESS"] == at.budget
    assert gateway["PERSISTENCE_ADDRESS"] == at.persistence
    assert gateway["PIPER_URL"] == at.piper_url
    assert gateway["HTTP_LISTEN"] == at.http_url.removeprefix("http://")
    assert gateway["TWILIO_AUTH_TOKEN"] == "callwright-dev"
    assert environments["persistence"]["DATABASE_URL"].endswith("/persistence")
    assert environments["escalation_budget"]["DATABASE_URL"].endswith("/escalation_budget")
    assert environments["agent_orchestrator"]["REDIS_URL"] == plan.redis_url


def test_secrets_are_not_among_the_arguments(plan: StackPlan) -> None:
    password = plan.postgres_url.split(":")[2].split("@")[0]
    for name in SERVICES:
        command = by_name(plan)[name].prepare()
        assert password not in " ".join(command.argv)
        assert password not in repr(command)


def test_a_service_keeps_the_environment_of_the_command(plan: StackPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_PROVIDER", "ollama")
    environment = by_name(plan)["agent_orchestrator"].prepare().environment
    assert environment["LLM_PROVIDER"] == "ollama"
    assert environment["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize("own", [{}, {"no_proxy": "intranet"}, {"NO_PROXY": "intranet", "no_grpc_proxy": "other"}])
def test_a_companys_proxy_does_not_stand_between_the_parts(
    plan: StackPlan, monkeypatch: pytest.MonkeyPatch, own: dict[str, str]
) -> None:
    for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    for name in ("piper", *SERVICES):
        environment = by_name(plan)[name].prepare().environment
        assert environment["http_proxy"] == "http://proxy.example:3128"
        for variable in {"no_proxy", "NO_PROXY", *own}:
            excluded = environment[variable].split(",")
            assert {"127.0.0.1", "localhost", "::1"} < {*excluded, "any"}
            assert not own or own.get(variable, "intranet") in excluded


def test_events_that_wait_for_a_database_that_stays_are_kept(plan: StackPlan, tmp_path: Path) -> None:
    lasting = plan.settings.model_copy(update={"postgres_data_dir": tmp_path / "postgres"})
    temporary = by_name(plan)["voice_gateway"].prepare().environment
    kept = by_name(StackPlan(lasting, tmp_path))["voice_gateway"].prepare().environment
    assert temporary["DATA_DIR"] == str(tmp_path / "voice_gateway")
    assert "DATA_DIR" not in kept


def test_a_web_server_for_all_interfaces_is_reached_by_loopback() -> None:
    settings = StackSettings().model_copy(update={"listen_host": "0.0.0.0"})  # noqa: S104
    assert endpoints_of(settings).http_url == "http://127.0.0.1:8080"
