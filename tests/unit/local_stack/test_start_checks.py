"""What is told before anything is started."""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from callwright_common.settings import ServiceSettings, SettingsError, load_settings, read_settings, setting_names
from local_stack.stack_settings import StackSettings
from local_stack.start_checks import check_parts, checked_settings

pytestmark = pytest.mark.usefixtures("without_settings_of_the_user")

REPOSITORY = Path(__file__).parents[3]
EXAMPLE = (REPOSITORY / ".env.example").read_text()
SERVICES: dict[str, type[ServiceSettings]] = {
    point.name: point.load() for point in entry_points(group="callwright.settings")
}


@pytest.fixture
def campaigns(tmp_path: Path) -> None:
    (tmp_path / "campaigns").symlink_to(REPOSITORY / "campaigns")


def problems() -> list[str]:
    with pytest.raises(SettingsError) as told:
        check_parts(checked_settings()[0])
    return str(told.value).splitlines()


@pytest.mark.usefixtures("campaigns")
def test_what_needs_nothing_fits() -> None:
    settings, remarks = checked_settings()
    assert check_parts(settings) == remarks == []


@pytest.mark.usefixtures("campaigns")
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LLM_PROVIDER", "gpt", "Input should be 'offline', 'openai' or 'ollama', not 'gpt'"),
        ("LLM_PROVIDER", "openai", "LLM_PROVIDER=openai needs it, or LLM_BASE_URL of a server without keys"),
        ("LOG_LEVEL", "LOUD", "Input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR', not 'LOUD'"),
        ("AGENT_PROCESSING_TIMEOUT_MS", "1", "Input should be greater than or equal to 100, not '1'"),
        ("ENABLE_TIER_ESCALATION", "perhaps", "Input should be a valid boolean, .*, not 'perhaps'"),
        ("PUBLIC_URL", "calls.example.com", "must be a URL like http://host:port or https://host"),
        ("LLM_BASE_URL", "localhost:8000/v1", "must be a URL like http://host:port or https://host"),
        ("DEFAULT_CAMPAIGN", "wind", "must be one of the campaigns sunline-solar, not 'wind'"),
        ("WHISPER_MODEL", "/nope", "must be a folder that holds model.bin, or a name .*, not '/nope'"),
        ("WHISPER_MODEL", "./nope", "must be a folder that holds model.bin, or a name .*, not './nope'"),
        ("DEFAULT_CALL_LIMIT", "a lot", ".*, not 'a lot'"),
        ("CALL_SWEEP_SECONDS", "0", "Input should be greater than 0, not '0'"),
        ("REDIS_URL", "localhost", "must start with redis:// or rediss:// or unix://"),
        ("BUDGET_PORT", "99999", "Input should be less than or equal to 65535, not '99999'"),
    ],
)
def test_a_wrong_setting_of_any_service_is_told_once_and_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    [line] = problems()
    assert re.fullmatch(rf"setting (LLM_API_KEY|{name}): {told}", line)


def test_all_problems_are_told_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / "campaigns" / name).write_text("id: Solar\n")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    monkeypatch.setenv("CALL_SWEEP_SECONDS", "0")
    monkeypatch.setenv("PIPER_VOICE", "anna.onnx")
    text = "\n".join(told := problems())
    for part in ("LOG_LEVEL", "CALL_SWEEP_SECONDS", "campaigns/a.yaml: id:", "campaigns/b.yaml: id:", "anna.onnx"):
        assert part in text
    assert len(told) == len(set(told))


def test_problems_of_all_kinds_are_told_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "campaigns").mkdir()
    good = (REPOSITORY / "campaigns" / "sunline-solar.yaml").read_text()
    voiceless = good.replace("id: sunline-solar", "id: moonline").replace("standard:", "standard: {voice: nobody} #", 1)
    (tmp_path / "campaigns" / "good.yaml").write_text(voiceless)
    (tmp_path / "campaigns" / "bad.yaml").write_text("id: Solar\nid: again\nopening: [what?]\n")
    (tmp_path / ".env").write_text("LOG_LEVEL LOUD\nPIPER_VOISE=anna\nBUDGET_PORT=99999\nCALL_SWEEP_SECONDS=0\n")
    monkeypatch.setenv("DEFAULT_CAMPAIGN", "solar")
    text = "\n".join(problems())
    for part in (
        ".env: line 1: must be NAME=value", "PIPER_VOISE", "BUDGET_PORT", "CALL_SWEEP_SECONDS", "line 2: the key id",
        "line 3: a text with a ?", "bad.yaml: company: is missing", "voices.standard.voice",
    ):  # fmt: skip
        assert part in text, text
    assert "DEFAULT_CAMPAIGN" not in text  # it may be the one that cannot be read


@pytest.mark.usefixtures("campaigns")
def test_a_campaign_that_counts_in_another_currency_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURRENCY", "EUR")
    assert problems() == ["campaign sunline-solar: budget.currency: is USD, the ledger counts EUR (CURRENCY)"]


def test_which_of_several_campaigns_is_the_default_is_told_unless_it_was_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    solar = (REPOSITORY / "campaigns" / "sunline-solar.yaml").read_text()
    (tmp_path / "campaigns").mkdir()
    for name in ("b", "c", "a"):
        (tmp_path / "campaigns" / f"{name}.yaml").write_text(solar.replace("id: sunline-solar", f"id: {name}"))
    assert check_parts(checked_settings()[0]) == [
        "setting DEFAULT_CAMPAIGN: is empty; a, not b, c, answers numbers that none lists"
    ]
    monkeypatch.setenv("DEFAULT_CAMPAIGN", "b")
    assert check_parts(checked_settings()[0]) == []


def test_a_voice_that_is_not_there_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    solar = (REPOSITORY / "campaigns" / "sunline-solar.yaml").read_text()
    (tmp_path / "campaigns").mkdir()
    for name in ("ann", "bob"):
        (tmp_path / f"{name}.onnx").touch()
        (tmp_path / f"{name}.onnx.json").touch()
    (tmp_path / "half.onnx").touch()
    monkeypatch.setenv("PIPER_VOICE", str(tmp_path / "ann.onnx"))
    for tier, name, told in [("standard", "joe", True), ("premium", "half", True), ("premium", "bob", False)]:
        text = solar.replace(f"  {tier}: {{", f"  {tier}: {{voice: {name}, ")
        (tmp_path / "campaigns" / "solar.yaml").write_text(text)
        if told:
            where = f"campaign sunline-solar: voices.{tier}.voice"
            assert problems() == [f"{where}: must be one of ann, bob, not '{name}'"]
        else:
            check_parts(checked_settings()[0])


@pytest.mark.usefixtures("campaigns")
def test_a_misspelt_setting_of_the_stack_or_of_a_service_is_named_with_the_right_one(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BUDGET_PROT=6001\nPIPER_PORT=6002\nLLM_PROVIDR=s3cret\nSPOOL_MAX_BYTE=1\n")
    assert problems() == [
        ".env: BUDGET_PROT is not a setting; did you mean BUDGET_PORT?",
        ".env: LLM_PROVIDR is not a setting; did you mean LLM_PROVIDER?",
        ".env: SPOOL_MAX_BYTE is not a setting; did you mean SPOOL_MAX_BYTES?",
    ]


def test_what_has_no_effect_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=x\nOPENAI_API_KEY=y\nPIPER_URL=http://a\nGRPC_LISTEN=\n")
    monkeypatch.setenv("LOGLEVEL", "DEBUG")
    monkeypatch.setenv("HTTP_LISTEN", "0.0.0.0:80")
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert checked_settings()[1] == [
        ".env sets COMPOSE_PROJECT_NAME, which nothing reads",
        "setting LOGLEVEL: is unknown and has no effect; did you mean LOG_LEVEL?",
        "setting HTTP_LISTEN: has no effect here, the services are told by the stack",
        "setting PIPER_URL: has no effect here, the services are told by the stack",
    ]


def test_the_documented_example_holds_every_setting_and_nothing_else() -> None:
    documented = re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)
    known = setting_names(StackSettings).union(*map(setting_names, SERVICES.values()))
    assert sorted(documented) == sorted(known - {"OPENAI_API_KEY"})
    assert "OPENAI_API_KEY" in EXAMPLE


@pytest.mark.parametrize("service", SERVICES)
def test_the_documented_example_holds_the_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], service: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "callwright-dev")
    kind = SERVICES[service]
    defaults, of_stack = kind(), StackSettings()
    (tmp_path / ".env").write_text(EXAMPLE)
    assert load_settings(kind).model_dump() | {"campaigns_dir": None} == defaults.model_dump() | {"campaigns_dir": None}
    assert StackSettings() == of_stack
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", SERVICES.values(), ids=SERVICES)
def test_every_address_of_every_service_is_checked(kind: type[ServiceSettings]) -> None:
    for name in kind.model_fields:
        if name.endswith(("_address", "_listen")):
            with pytest.raises(SettingsError, match=f"setting {name.upper()}: must be host:port, not 'foo bar'"):
                read_settings(kind, **{name: "foo bar"})
