"""Settings come from the environment; a wrong one is named, and its value is shown unless it may be a secret."""

from pathlib import Path

import pytest
from pydantic import AliasChoices, Field, SecretStr

from callwright_common.addresses import parse_address
from callwright_common.settings import (
    ListenAddress,
    ServerAddress,
    ServiceSettings,
    SettingsError,
    WebUrl,
    env_file_values,
    load_settings,
    read_settings,
    setting_names,
    unknown_names,
)


class ExampleSettings(ServiceSettings):
    """Settings of no service in particular."""

    grpc_listen: ListenAddress = "127.0.0.1:0"
    records_address: ServerAddress = "127.0.0.1:1"
    turn_timeout_ms: int = Field(1500, ge=100, le=10_000)
    model_key: str = Field("", max_length=3, validation_alias=AliasChoices("model_key", "OTHER_KEY"))
    api_token: SecretStr = Field(SecretStr(""), max_length=3)
    cache_url: str = Field("", max_length=3)
    model_url: WebUrl = ""


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
    monkeypatch.setenv("TURN_TIMEOUT_MS", "50")
    monkeypatch.setenv("LOG_LEVEL", "CHATTY")
    monkeypatch.setenv("API_TOKEN", "s3cret")
    monkeypatch.setenv("OTHER_KEY", "s3cret")
    monkeypatch.setenv("CACHE_URL", "redis://:s3cret@host")
    with pytest.raises(SystemExit) as caught:
        load_settings(ExampleSettings)
    problems = capsys.readouterr().err
    assert caught.value.code == 2
    assert "s3cret" not in problems
    assert "setting TURN_TIMEOUT_MS: Input should be greater than or equal to 100, not '50'\n" in problems
    assert "setting LOG_LEVEL: Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR', not 'CHATTY'\n" in problems
    assert len(problems.splitlines()) == 5


@pytest.mark.parametrize("address", ["records:50053", "a-b.c_d.example.:1", "10.0.0.1:65535", "[::1]:50053"])
def test_the_address_of_a_server_is_host_and_port(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORDS_ADDRESS", address)
    monkeypatch.setenv("GRPC_LISTEN", address)
    settings = load_settings(ExampleSettings)
    assert (settings.records_address, settings.grpc_listen) == (address, address)
    host, port = parse_address(address)
    assert f"{host}:{port}" == address.replace("[", "").replace("]", "")


@pytest.mark.parametrize("listen", [":50053", "0.0.0.0:0", "[::]:0"])
def test_a_server_may_listen_everywhere_and_is_reached_somewhere(listen: str) -> None:
    assert read_settings(ExampleSettings, grpc_listen=listen, metrics_listen=listen)
    with pytest.raises(SettingsError, match="RECORDS_ADDRESS: must be host:port"):
        read_settings(ExampleSettings, records_address=listen)


@pytest.mark.parametrize(
    "text",
    [
        "foo bar",
        "foo bar:80",
        "records",
        "records:",
        "records:x",
        "records:70000",
        "records:\u0661",
        "::1:80",
        "[x]:80",
        "http://records:80",
        "records:80/",
        "records:80\n",
        "a,b:80",
        "unix:/run/records",
        "-records:80",
        "[::1:80",
        "[:::::]:80",
        "[1:2]:80",
        "999.999.999.999:80",
    ],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    for name in ("records_address", "grpc_listen", "metrics_listen"):
        with pytest.raises(SettingsError, match=f"^setting {name.upper()}: must be host:port, not "):
            read_settings(ExampleSettings, **{name: text})


@pytest.mark.parametrize("url", ["http://piper:5000/", "https://a_b.example/v1", "http://[::1]:80", "http://u:p@h"])
def test_the_url_of_a_web_server(url: str) -> None:
    assert read_settings(ExampleSettings, model_url=url).model_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "piper:5000",
        "http://",
        "http://[::1",
        "http://h:99999",
        "http://h:0",
        "http://h:x",
        "ftp://h",
        "http://u:s3cret/@h",
        "http:// h",
    ],
)
def test_what_is_no_url_is_refused_in_one_line_by_name(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(ExampleSettings, model_url=url)
    assert str(caught.value) == "setting MODEL_URL: must be a URL like http://host:port or https://host"


def test_a_misspelt_variable_is_told_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TURN_TIMEOUT_MSS", "s3cret")
    monkeypatch.setenv("LOGLEVEL", "DEBUG")
    monkeypatch.setenv("log_level", "ERROR")
    monkeypatch.setenv("OTHER_KEY", "k")
    (tmp_path / ".env").write_text("MODEL_KEYS=s3cret\nPERSISTENCE_PORT=1\n")
    assert load_settings(ExampleSettings).turn_timeout_ms == 1500
    problems = capsys.readouterr().err
    assert sorted(problems.splitlines()) == [
        "setting LOGLEVEL: is unknown and has no effect; did you mean LOG_LEVEL?",
        "setting MODEL_KEYS: is unknown and has no effect; did you mean MODEL_KEY?",
        "setting TURN_TIMEOUT_MSS: is unknown and has no effect; did you mean TURN_TIMEOUT_MS?",
    ]


def test_a_file_that_is_no_text_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_bytes("LOG_DIR=Café\n".encode("latin-1"))
    with pytest.raises(SystemExit) as caught:
        load_settings(ExampleSettings)
    assert (caught.value.code, capsys.readouterr().err) == (2, ".env: is not text in UTF-8\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("LOG LEVEL=INFO", "must be NAME=value"),
        ("LOG_LEVEL", "must be NAME=value"),
        ("LOG_LEVEL: INFO", "must be NAME=value"),
        ("=INFO", "must be NAME=value"),
        ("export", "must be NAME=value"),
        ('LOG_LEVEL="INFO', "the quote that opens there is not closed on its line"),
        ("export LOG_LEVEL='INFO", "the quote that opens there is not closed on its line"),
    ],
)
@pytest.mark.parametrize("after", ["", 'MODEL_KEY="abc"\nTOKEN=x\n', "TOKEN='x'\n"])
def test_a_malformed_line_of_the_file_is_named(tmp_path: Path, line: str, told: str, after: str) -> None:
    (tmp_path / ".env").write_text(f"# settings\n\nTURN_TIMEOUT_MS=900 # ms\n{line}\n{after}")
    with pytest.raises(SettingsError) as caught:
        env_file_values()
    assert str(caught.value).splitlines()[0] == f".env: line 4: {told}"


def test_every_usual_form_of_a_line_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n\n# it's\nexport B = 'x#\"y'\nC=\nD=it's # don't\nE=\"a=b\" # c\n")
    assert env_file_values() == {"A": "1", "B": 'x#"y', "C": "", "D": "it's", "E": "a=b"}
    assert env_file_values(tmp_path / "none") == {}


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
