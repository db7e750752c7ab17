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
        ("kind: authority", "kind: boss", "questions[2].kind: must be one of money"),
        ("ask: Roughly", "aks: Roughly", "questions[1].ask: is missing"),
        ('"0.60"', "[0.60]", "budget.per_call: must be a decimal number; write it like 0.60"),
        ('"0.60"', "1e999999999", "budget.per_call: is too large"),
        ('"0.60"', "0.6000001", "budget.per_call: has more than six decimal places"),
        ('"25.00"', '"-1"', "budget.per_day: must be a finite amount that is not negative"),
        ("{agent}", "{agnt}", "opening: the placeholder {agnt} is unknown"),
        ("timezone: America/Denver", "timezone: America/Denvr", "company.timezone: must be an IANA time zone"),
        ('"09:00-12:00"', '"12:00-09:00"', "calendar.hours.monday[0]: must be a span of hours"),
        ("threshold: 0.7", "threshold: .nan", "scoring.threshold: "),
        ("threshold: 0.7", "threshold: 1.5", "scoring.threshold: "),
        ("intent: 0.25", "intent: -1", "scoring.weights.intent: "),
        ('"+13035550142"', '"303 555 0142"', "handoff.number: must be a phone number in E.164 form"),
        ("limits:", "limit:", "limit: is not a field of a campaign file"),
        ("silence_hangup_seconds: 30", "silence_hangup_seconds: 8", "limits: silence_hangup_seconds must be above"),
        ("id: needs_to_think", "id: too_expensive", "objections: too_expensive stands there twice"),
        ("id: sunline-solar", "id: a\nid: b", "line 3: the key id stands twice"),
        ("company:\n", "company: [\n", "is not valid YAML"),
        ("agent_name", "agent_nme", "company.agent_nme: is not a field of a campaign file; did you mean agent_name?"),
        ("    kind: authority\n", "", "questions[2].kind: is missing; it must be one of money"),
        (", need: 0.2}", "}", "scoring.weights.need: is missing"),
        (
            "weights: {intent: 0.25, budget: 0.2, timeline: 0.2, authority: 0.15, need: 0.2}",
            "weights: {intent: 0, budget: 0, timeline: 0, authority: 0, need: 0}",
            "at least one weight must be above 0",
        ),
        (
            '"09:00-12:00", "13:00-17:00"',
            '"09:00-14:00", "13:00-17:00"',
            "calendar: hours.monday: 09:00-14:00 and 13:00",
        ),
        ('monday: ["09:00-12:00", "13:00-17:00"]', 'monday: "09:00-12:00"', "calendar.hours.monday: must be a list"),
        ("monday:", "montag:", "calendar.hours.montag: must be 'monday'"),
        (
            "slot_minutes: 60",
            "slot_minutes: 300",
            "calendar: hours: no span is as long as an appointment of 300 minutes",
        ),
        ("lease_seconds: 60", "lease_seconds: 901", "budget.lease_seconds: must be at most 900"),
        ("lease_seconds: 60", 'lease_seconds: "soon"', "budget.lease_seconds: must be a whole number"),
        ('per_call: "0.60"', 'per_call: "26"', "budget: per_call must not be above per_day"),
        ('per_call: "0.60"', 'per_call: "cheap"', "budget.per_call: is not a decimal number"),
        ("currency: USD", "currency: dollars", "budget.currency: must be three capital letters"),
        ("worst: 50", "worst: fifty", "questions[1].worst: must be a number"),
        ("worst: 50", "worst: .nan", "questions[1].worst: must be a number"),
        ("worst: 50", "worst: nan", "questions[1].worst: must be a number, not infinite or NaN"),
        ("worst: 50", "worst: 1e999", "questions[1].worst: must be a number, not infinite or NaN"),
        ("worst: 50", "worst: yes", "questions[1].worst: must be a number"),
        ("lease_seconds: 60", f"lease_seconds: {'9' * 5000}", "budget.lease_seconds: must be a whole number"),
        ("product:\n  name: home solar", "product:\n  name: '{company}'", "product.name: must not hold placeholders"),
        ("{agent}", "{ agent }", "opening: the placeholder { agent } is unknown"),
        ("limits: {silence_prompt_seconds: 8,", "limits: []\nx: {y: 8,", "limits: must be a group of fields"),
        ("    ask: Roughly", "    ask: {a: b}\n    x: Roughly", "questions[1].ask: must be a text"),
        ("score: 0.9", "score: 90", "questions[0].choices[0].score: must be at most 1"),
        ("speed: 1.1", "speed: 9", "voices.premium.speed: must be below 4"),
        ("provider: piper, speed: 1.0", "voice: [joe]", "voices.standard.voice: must be a text"),
        ("days_ahead: 14", "days_ahead: 400", "calendar.days_ahead: must be at most 90"),
        (
            'fillers: ["Let me see.", "One moment.", "Okay, let me check."]',
            "fillers: []",
            "prompts.fillers: needs at least 1 entry",
        ),
        ("ask: Roughly how much is your electric bill each month?", "ask:", "questions[1].ask: must be a text"),
        ("id: monthly_bill", "id: Monthly Bill", "questions[1].id: must be lower-case letters"),
        ("numbers: []", "numbers: 5", "numbers: must be a list"),
        ("numbers: []", 'numbers: ["+12025550123", "+12025550123"]', "numbers: +12025550123 stands there twice"),
        ("id: start", "id: budget", "questions: budget stands there twice"),
        ("label: your electric bill", 'label: "your {bill}"', "questions[1].label: the placeholder {bill} is unknown"),
        ("max_call_seconds: 1800", "max_call_seconds: 5", "limits.max_call_seconds: must be at least 30"),
        ("\n  agent_name", "\n\tagent_name", "line 6: is not valid YAML"),
    ],
)
def test_a_wrong_field_is_named(before: str, after: str, message: str) -> None:
    assert before in TEXT
    with pytest.raises(CampaignError) as caught:
        parse_campaign(TEXT.replace(before, after, 1), "campaigns/solar.yaml")
    assert str(caught.value).startswith("campaigns/solar.yaml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "42", "just words"])
def test_a_file_without_fields_is_refused(text: str) -> None:
    with pytest.raises(CampaignError, match="must hold fields such as id"):
        parse_campaign(text, "campaigns/solar.yaml")


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
