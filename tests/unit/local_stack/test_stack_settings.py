"""The stack's settings and the ports it takes."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from callwright_common.settings import load_settings
from local_stack.errors import LocalStackError
from local_stack.loopback import free_ports, is_free
from local_stack.server_account import unprivileged_account
from local_stack.stack_settings import (
    StackSettings,
    check_env_file,
    with_ports_chosen,
    with_records_kept,
)

pytestmark = pytest.mark.usefixtures("without_settings_of_the_user")

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def with_free_ports(**ports: int) -> StackSettings:
    zeros = {name: 0 for name in StackSettings.model_fields if name.endswith("_port")}
    return StackSettings().model_copy(update={**zeros, **ports})


def ports_of(settings: StackSettings) -> dict[str, int]:
    return {name: value for name, value in settings.model_dump().items() if name.endswith("_port")}


def test_the_default_ports_are_those_of_the_documentation() -> None:
    ports = ports_of(StackSettings())
    assert (ports["gateway_http_port"], ports["gateway_grpc_port"]) == (8080, 50050)
    assert (ports["orchestrator_port"], ports["budget_port"], ports["persistence_port"]) == (50051, 50052, 50053)


def test_every_zero_becomes_a_port_of_its_own() -> None:
    (wanted,) = free_ports(1)
    ports = ports_of(with_ports_chosen(with_free_ports(budget_port=wanted), evade=False))
    assert ports["budget_port"] == wanted
    assert len(set(ports.values())) == len(ports)
    assert all(port > 0 for port in ports.values())


def test_a_taken_port_is_named_with_its_setting(taken_port: int) -> None:
    with pytest.raises(LocalStackError, match=f"port {taken_port} is taken.*GATEWAY_HTTP_PORT"):
        with_ports_chosen(with_free_ports(gateway_http_port=taken_port), evade=False)


def test_a_taken_port_is_evaded_where_that_is_wanted(taken_port: int) -> None:
    chosen = with_ports_chosen(with_free_ports(gateway_http_port=taken_port), evade=True)
    assert chosen.gateway_http_port not in {0, taken_port}


def test_stacks_that_evade_do_not_meet_at_the_default_ports() -> None:
    first = with_ports_chosen(StackSettings(budget_port=free_ports(1)[0]), evade=True)
    second = with_ports_chosen(StackSettings(), evade=True)
    assert first.orchestrator_port != second.orchestrator_port
    assert StackSettings().orchestrator_port not in ports_of(first).values()


def test_a_port_is_free_until_somebody_listens(taken_port: int) -> None:
    (free,) = free_ports(1)
    assert is_free(free)
    assert not is_free(taken_port)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_HTTP_PORT", "99999"),
        ("POSTGRES_URL", "127.0.0.1:5432"),
        ("REDIS_URL", "localhost"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        load_settings(StackSettings)
    assert capsys.readouterr().err.startswith(f"setting {name}: ")


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BUDGET_PORT=6001\nPIPER_PORT=6002\nPOSTGRES_URL=\n")
    monkeypatch.setenv("BUDGET_PORT", "7001")
    settings = StackSettings()
    assert (settings.budget_port, settings.piper_port, settings.postgres_url) == (7001, 6002, None)


def test_a_misspelt_setting_of_the_stack_or_of_a_service_is_named_with_the_right_one(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BUDGET_PROT=6001\nPIPER_PORT=6002\nLLM_PROVIDR=s3cret\nSPOOL_MAX_BYTE=1\n")
    with pytest.raises(LocalStackError) as told:
        check_env_file()
    assert str(told.value).splitlines() == [
        ".env: BUDGET_PROT is not a setting; did you mean BUDGET_PORT?",
        ".env: LLM_PROVIDR is not a setting; did you mean LLM_PROVIDER?",
        ".env: SPOOL_MAX_BYTE is not a setting; did you mean SPOOL_MAX_BYTES?",
    ]


def test_a_name_that_resembles_no_setting_is_told_and_every_documented_one_is_known(tmp_path: Path) -> None:
    example = (REPOSITORY / ".env.example").read_text()
    (tmp_path / ".env").write_text(example + "COMPOSE_PROJECT_NAME=x\nOPENAI_API_KEY=y\n")
    assert check_env_file() == ["COMPOSE_PROJECT_NAME"]
    assert check_env_file(tmp_path / "none") == []


def test_records_are_kept_where_the_settings_say_or_in_var(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    named = StackSettings(postgres_data_dir=tmp_path / "mine")
    assert with_records_kept(named).postgres_data_dir == tmp_path / "mine"
    assert with_records_kept(StackSettings(postgres_url="postgresql://x/y")).postgres_data_dir is None
    kept = with_records_kept(StackSettings()).postgres_data_dir
    assert kept is not None
    account = unprivileged_account()
    if account is None or account.can_traverse(tmp_path):
        assert kept == tmp_path / "var" / "postgres"
    else:
        assert kept.is_relative_to("/var/lib/callwright")
        assert account.can_traverse(Path("/var/lib"))
    assert with_records_kept(StackSettings()).postgres_data_dir == kept


def test_the_documented_example_holds_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    defaults = StackSettings()
    (tmp_path / ".env").write_text((REPOSITORY / ".env.example").read_text())
    assert StackSettings() == defaults
    for name in StackSettings.model_fields:
        assert f"\n{name.upper()}=" in (REPOSITORY / ".env.example").read_text()
