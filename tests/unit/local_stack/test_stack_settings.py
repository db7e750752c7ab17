"""The stack's settings."""

from pathlib import Path

import pytest

from callwright_common.settings import load_settings
from local_stack.processes.server_account import unprivileged_account
from local_stack.stack_settings import StackSettings, with_records_kept

pytestmark = pytest.mark.usefixtures("without_settings_of_the_user")


def ports_of(settings: StackSettings) -> dict[str, int]:
    return {name: value for name, value in settings.model_dump().items() if name.endswith("_port")}


def test_the_default_ports_are_those_of_the_documentation() -> None:
    ports = ports_of(StackSettings())
    assert (ports["gateway_http_port"], ports["gateway_grpc_port"]) == (8080, 50050)
    assert (ports["orchestrator_port"], ports["budget_port"], ports["persistence_port"]) == (50051, 50052, 50053)


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
