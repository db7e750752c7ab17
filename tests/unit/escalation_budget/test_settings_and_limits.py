"""Settings, starting limits and the forms of scopes."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from callwright_common.campaign import CampaignError, load_campaigns
from callwright_common.campaign.model import SpeechBudget
from callwright_common.settings import SettingsError, load_settings, read_settings
from escalation_budget.config import Settings
from escalation_budget.ledger.limits import StartingLimits
from escalation_budget.ledger.scopes import Scope, ScopeError, ScopeKind, require_well_formed, scopes_of

CAMPAIGNS = Path(__file__).parents[3] / "campaigns"
DAY = "2026-03-01"


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.chdir(tmp_path)


def test_amounts_are_read_as_decimal_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_CALL_LIMIT", "1.25")
    monkeypatch.setenv("DEFAULT_GLOBAL_DAY_LIMIT", "0.000001")
    settings = Settings()
    assert settings.default_call_limit == 1_250_000
    assert settings.default_global_day_limit == 1
    assert settings.default_campaign_day_limit == 25_000_000
    assert "nobody" not in repr(settings)


@pytest.mark.parametrize("value", ["-1", "NaN", "1e400", "0.0000001", "ten", "1_0e99"])
def test_amounts_that_are_no_money_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEFAULT_CALL_LIMIT", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [error["loc"] for error in caught.value.errors()] == [("default_call_limit",)]


@pytest.mark.parametrize("url", ["", "localhost", "mysql://secret@host/database"])
def test_the_address_of_another_database_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SystemExit) as caught:
        load_settings(Settings)
    assert caught.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith("setting DATABASE_URL: ")
    assert "secret" not in shown


def test_campaigns_have_limits_of_their_own() -> None:
    budget = SpeechBudget.model_validate({"per_call": "0.000010", "per_day": "0.000020"})
    limits = StartingLimits(1, 2, 3, {"solar": budget})
    for campaign_id, expected in (("solar", [10, 20, 3]), ("wind", [1, 2, 3])):
        scopes = (Scope(ScopeKind.CALL, "call-1"), Scope(ScopeKind.CAMPAIGN_DAY, f"{campaign_id}/{DAY}"))
        assert [limits.of(scope, campaign_id) for scope in (*scopes, Scope(ScopeKind.GLOBAL_DAY, DAY))] == expected


def test_campaigns_count_in_the_ledgers_currency() -> None:
    assert load_campaigns(CAMPAIGNS, Settings().problems_with)
    with pytest.raises(CampaignError, match=r"campaign sunline-solar: budget\.currency: is USD, the ledger counts EUR"):
        load_campaigns(CAMPAIGNS, Settings(currency="EUR").problems_with)


@pytest.mark.parametrize(
    "scope",
    [
        Scope(ScopeKind.CAMPAIGN_DAY, DAY),
        Scope(ScopeKind.CAMPAIGN_DAY, f"/{DAY}"),
        Scope(ScopeKind.CAMPAIGN_DAY, "solar/2026-02-30"),
        Scope(ScopeKind.GLOBAL_DAY, "20260301"),
        Scope(ScopeKind.GLOBAL_DAY, f"solar/{DAY}"),
    ],
    ids=str,
)
def test_ids_of_another_form_name_no_scope(scope: Scope) -> None:
    with pytest.raises(ScopeError, match="YYYY-MM-DD"):
        require_well_formed(scope)


def test_a_campaigns_id_may_hold_slashes() -> None:
    assert require_well_formed(Scope(ScopeKind.CAMPAIGN_DAY, f"emea/solar/{DAY}")).campaign_id == "emea/solar"
    assert scopes_of("c", "emea/solar", date(2026, 3, 1))[1].campaign_id == "emea/solar"


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://u:s3cret@db/x",
        "postgresql://u:s3cret@db:abc/x",
        "postgresql://u:s3cret@db:99999/x",
        "postgresql://u:s3cret@db/x?nonsense=1",
        "postgresql://u:s3cret/1@db/x",
    ],
)
def test_what_is_no_url_of_a_database_is_refused_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(Settings, database_url=url)
    told = "setting DATABASE_URL: must be a URL like postgresql://user:password@host:5432/database"
    assert str(caught.value) == told
