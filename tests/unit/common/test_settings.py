"""Settings come from the environment; a wrong one is named and its value is not shown."""

import pytest
from pydantic import Field

from callwright_common.settings import ServiceSettings, load_settings


class ExampleSettings(ServiceSettings):
    """Settings of no service in particular."""

    grpc_listen: str = "127.0.0.1:0"
    turn_timeout_ms: int = Field(1500, ge=100, le=10_000)


@pytest.fixture(autouse=True)
def _no_dotenv_of_the_checkout(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))


def test_the_environment_overrides_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURN_TIMEOUT_MS", "900")
    monkeypatch.setenv("LOG_LEVEL", "")
    settings = load_settings(ExampleSettings)
    assert (settings.turn_timeout_ms, settings.log_level) == (900, "INFO")


def test_a_wrong_setting_ends_the_program_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TURN_TIMEOUT_MS", "s3cret")
    monkeypatch.setenv("LOG_LEVEL", "CHATTY")
    with pytest.raises(SystemExit) as caught:
        load_settings(ExampleSettings)
    problems = capsys.readouterr().err
    assert caught.value.code == 2
    assert "setting TURN_TIMEOUT_MS: " in problems
    assert "setting LOG_LEVEL: " in problems
    assert "s3cret" not in problems
