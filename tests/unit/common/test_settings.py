"""Settings come from the environment; a wrong one is named and its value is not shown."""

from pathlib import Path

import pytest
from pydantic import AliasChoices, Field

from callwright_common.settings import ServiceSettings, load_settings, setting_names, unknown_names


class ExampleSettings(ServiceSettings):
    """Settings of no service in particular."""

    grpc_listen: str = "127.0.0.1:0"
    turn_timeout_ms: int = Field(1500, ge=100, le=10_000)
    model_key: str = Field("", validation_alias=AliasChoices("model_key", "OTHER_KEY"))


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


def test_a_misspelt_variable_is_told_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TURN_TIMEOUT_MSS", "s3cret")
    monkeypatch.setenv("LOGLEVEL", "DEBUG")
    monkeypatch.setenv("log_level", "ERROR")
    monkeypatch.setenv("OTHER_KEY", "key")
    (tmp_path / ".env").write_text("MODEL_KEYS=s3cret\nPERSISTENCE_PORT=1\n")
    assert load_settings(ExampleSettings).turn_timeout_ms == 1500
    problems = capsys.readouterr().err
    assert sorted(problems.splitlines()) == [
        "setting LOGLEVEL: is unknown and has no effect; did you mean LOG_LEVEL?",
        "setting MODEL_KEYS: is unknown and has no effect; did you mean MODEL_KEY?",
        "setting TURN_TIMEOUT_MSS: is unknown and has no effect; did you mean TURN_TIMEOUT_MS?",
    ]


def test_unknown_names_are_those_of_no_settings_at_all() -> None:
    assert unknown_names(
        ["TURN_TIMEOUT_MS", "OTHER_KEY", "log_level", "TURN_TIMOUT_MS", "PATH"], [ServiceSettings, ExampleSettings]
    ) == {"TURN_TIMOUT_MS": "TURN_TIMEOUT_MS", "PATH": None}


@pytest.mark.parametrize("name", sorted(setting_names(ExampleSettings)))
def test_one_slip_of_the_finger_is_recognised(name: str) -> None:
    slips = [name[:place] + name[place + 1 :] for place in range(len(name))]
    slips += [name[:place] + name[place : place + 2][::-1] + name[place + 2 :] for place in range(len(name))]
    meant = unknown_names(slips, [ExampleSettings])
    assert set(meant.values()) <= {name}
    assert set(meant) == set(slips) - {name}
