"""Campaign files: what is refused, and how it is said."""

from pathlib import Path

import pytest

from callwright_common.campaign import CampaignError, load_campaign, load_campaigns, parse_campaign

DIRECTORY = Path(__file__).parents[3] / "campaigns"
TEXT = (DIRECTORY / "sunline-solar.yaml").read_text(encoding="utf-8")


def test_the_shipped_campaigns_are_valid() -> None:
    campaigns = load_campaigns(DIRECTORY)
    campaign = campaigns["sunline-solar"]
    assert campaign.budget.per_call == 600_000
    assert "Jamie" in campaign.opening
    assert "{" not in campaign.opening
    assert {question.factor for question in campaign.questions} == {"intent", "budget", "timeline", "authority", "need"}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("factor: need", "factor: nead", "questions[1].factor: "),
        ("worst: 50", "worst: 200", "questions[1]: worst and best must differ"),
        ("kind: authority", "kind: boss", "questions[2]: "),
        ("ask: Roughly", "aks: Roughly", "questions[1].ask: Field required"),
        ('"0.60"', "0.60", "budget.per_call: must be a decimal number in quotes"),
        ('"25.00"', '"-1"', "budget.per_day: must be a non-negative amount"),
        ("{agent}", "{agnt}", "opening: the placeholder {agnt} is unknown"),
        ("timezone: America/Denver", "timezone: America/Denvr", "company.timezone: must be an IANA time zone"),
        ('"09:00-12:00"', '"12:00-09:00"', "calendar.hours.monday[0]: must be a span of hours"),
        ("threshold: 0.7", "threshold: .nan", "scoring.threshold: "),
        ("threshold: 0.7", "threshold: 1.5", "scoring.threshold: "),
        ("intent: 0.25", "intent: -1", "scoring.weights.intent: "),
        ('"+13035550142"', '"303 555 0142"', "handoff.number: must be a phone number in E.164 form"),
        ("limits:", "limit:", "limit: Extra inputs are not permitted"),
        ("silence_hangup_seconds: 30", "silence_hangup_seconds: 8", "limits: silence_hangup_seconds must be above"),
        ("id: needs_to_think", "id: too_expensive", "objections: the id too_expensive is used twice"),
        ("id: sunline-solar", "id: a\nid: b", "line 2: is not valid YAML (the key id stands twice)"),
        ("company:\n", "company: [\n", "is not valid YAML"),
    ],
)
def test_a_wrong_field_is_named(before: str, after: str, message: str) -> None:
    assert before in TEXT
    with pytest.raises(CampaignError) as caught:
        parse_campaign(TEXT.replace(before, after, 1), "campaigns/solar.yaml")
    assert str(caught.value).startswith("campaigns/solar.yaml: ")
    assert message in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"gone\.yaml: cannot be read"):
        load_campaign(tmp_path / "gone.yaml")
    with pytest.raises(CampaignError, match="holds no campaign file"):
        load_campaigns(tmp_path)


def test_two_campaigns_cannot_share_an_id_or_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(CampaignError, match=r"id: sunline-solar is used by .*a\.yaml too"):
        load_campaigns(tmp_path)
    numbered = TEXT.replace("numbers: []", 'numbers: ["+12025550123"]')
    (tmp_path / "a.yaml").write_text(numbered, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(numbered.replace("id: sunline-solar", "id: other"), encoding="utf-8")
    with pytest.raises(CampaignError, match=r"numbers: \+12025550123 is used by"):
        load_campaigns(tmp_path)
