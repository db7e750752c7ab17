"""Campaigns: everything about a business that the agents need to know, one YAML file each.

`campaigns/README.md` documents the file field by field. All texts are ready to be used after loading: the placeholders
`{company}`, `{agent}`, `{product}` and `{appointment}` are filled in.
"""

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pydantic import ValidationError

from callwright_common.campaign.dispositions import CallEnding, Disposition
from callwright_common.campaign.errors import describe, explain, listed
from callwright_common.campaign.fields import MAX_TEXT_LENGTH
from callwright_common.campaign.model import (
    WEEKDAYS,
    Calendar,
    Campaign,
    Capture,
    Detail,
    Handoff,
    Limits,
    Scoring,
    Voice,
    Weights,
)
from callwright_common.campaign.parts import misfits
from callwright_common.campaign.questions import (
    Authority,
    AuthorityQuestion,
    ChoiceQuestion,
    Factor,
    Question,
    RangeQuestion,
    YesNoQuestion,
)
from callwright_common.campaign.texts import CampaignFact
from callwright_common.campaign.yaml_text import Value, YamlError, read_leniently, read_text
from callwright_common.errors import NotFoundError

__all__ = [
    "WEEKDAYS",
    "Authority",
    "AuthorityQuestion",
    "Calendar",
    "CallEnding",
    "Campaign",
    "CampaignError",
    "CampaignFact",
    "Capture",
    "ChoiceQuestion",
    "Detail",
    "Disposition",
    "Factor",
    "Handoff",
    "Limits",
    "Question",
    "RangeQuestion",
    "Scoring",
    "Voice",
    "Weights",
    "YesNoQuestion",
    "known_campaign",
    "load_campaign",
    "load_campaigns",
    "on_the_telephone",
    "parse_campaign",
    "unknown_voices",
]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAMES = {
    "company": ("company", "name"),
    "agent": ("company", "agent_name"),
    "product": ("product", "name"),
    "appointment": ("appointment", "name"),
}
_MAX_FILE_BYTES = 256 * 1024
_HEARD_LANGUAGE = "en"


class CampaignError(ValueError):
    """A campaign file that cannot be used; the text names the file and the path or line of each wrong field."""


def load_campaign(path: Path) -> Campaign:
    """Returns the campaign of a file.

    Raises:
        CampaignError: The file cannot be read, is no YAML or has wrong fields.
    """
    try:
        text = read_text(path, _MAX_FILE_BYTES)
    except YamlError as error:
        raise CampaignError(f"{path}: {error}") from None
    return parse_campaign(text, str(path))


def load_campaigns(
    directory: Path, problems_with: Callable[[Mapping[str, Campaign], bool], list[str]] | None = None
) -> dict[str, Campaign]:
    """Returns the campaigns of all `*.yaml` and `*.yml` files of a directory by their ids, ordered by file name.

    Args:
        directory: Holds the files.
        problems_with: Tells what else keeps those from being used that can be read, and is told whether these are all.

    Raises:
        CampaignError: There is no file, some cannot be used, or two claim the same id or called number.
    """
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix.lower() in {".yaml", ".yml"})
    except OSError as error:
        raise CampaignError(f"CAMPAIGNS_DIR: {directory}: cannot be read ({error.strerror})") from error
    campaigns: dict[str, Campaign] = {}
    owners: dict[str, Path] = {}
    problems: list[str] = []
    for path in paths:
        if path.name.startswith("."):
            continue  # what editors and archives leave beside a file
        try:
            campaign = load_campaign(path)
        except CampaignError as error:
            problems.append(str(error))
            continue
        for field, key in [("id", campaign.id), *(("numbers", number) for number in campaign.numbers)]:
            if owners.setdefault(key, path) != path:
                problems.append(f"{path}: {field}: {key} is used by {owners[key]} too")
        campaigns[campaign.id] = campaign
    if not (campaigns or problems):
        raise CampaignError(f"CAMPAIGNS_DIR: {directory}: holds no campaign file (*.yaml)")
    problems += problems_with(campaigns, not problems) if problems_with is not None else []
    if problems:
        raise CampaignError("\n".join(problems))
    return campaigns


def on_the_telephone(campaigns: Mapping[str, Campaign]) -> dict[str, Campaign]:
    """Returns campaigns as they are spoken on the telephone: in their main language, the one of recogniser and voices.

    Raises:
        CampaignError: The main language of some is none that is recognised.
    """
    problems = [
        f"campaign {campaign.id}: languages[0]: must be en, nothing hears {campaign.language} on the telephone"
        for campaign in campaigns.values()
        if campaign.language != _HEARD_LANGUAGE
    ]
    if problems:
        raise CampaignError("\n".join(problems))
    return {name: campaign.in_one_language() for name, campaign in campaigns.items()}


def known_campaign(campaigns: Mapping[str, Campaign], campaign_id: str) -> Campaign:
    """Returns the campaign of an id.

    Raises:
        NotFoundError: with reason CAMPAIGN_NOT_FOUND.
    """
    campaign = campaigns.get(campaign_id)
    if campaign is None:
        raise NotFoundError("CAMPAIGN_NOT_FOUND", "there is no campaign of this id", campaign_id=campaign_id)
    return campaign


def unknown_voices(campaigns: Mapping[str, Campaign], known: Collection[str]) -> list[str]:
    """Returns a line for each voice that a campaign names and that is none of the known ones.

    Piper's server tells the names of its voices without the dots and the letters n, o, x, j and s of their ends.
    """
    return [
        f"campaign {campaign.id}: voices.{tier}.voice: must be one of {', '.join(sorted(known))}, not {voice.voice!r}"
        for campaign in campaigns.values()
        for tier, voice in campaign.voices
        if voice.voice is not None and voice.voice not in known and voice.voice.rstrip(".noxjs") not in known
    ]


def parse_campaign(text: str, source: str) -> Campaign:
    """Returns the campaign written as YAML text; `source` names its origin in errors.

    Raises:
        CampaignError: The text is no YAML or has wrong fields.
    """
    try:
        raw, problems = read_leniently(text)
    except YamlError as error:
        raise CampaignError(listed(source, str(error).splitlines())) from None
    if not isinstance(raw, dict):
        raise CampaignError(listed(source, [*problems, "must hold fields such as id, company and questions"]))
    translations = raw.get("translations")
    filled = _fill({**raw, "translations": None}, (), _names(raw, problems), problems)
    if translations is None and isinstance(filled, dict):
        del filled["translations"]
    if translations is not None and isinstance(filled, dict):
        filled["translations"] = _filled_translations(translations, raw, problems)
    campaign = None
    try:
        campaign = Campaign.model_validate(filled)
    except ValidationError as error:
        told = explain(error)
        problems += told + [one for one in misfits(raw) if one not in told]
    if problems or campaign is None:
        raise CampaignError(listed(source, problems))
    return campaign


def _filled_translations(translations: Value, raw: dict[str, Value], problems: list[str]) -> Value:
    """Returns the translations with the placeholders filled in by the names of each language."""
    if not isinstance(translations, dict):
        return translations
    return {
        language: _fill(texts, ("translations", language), _names({**raw, **texts}, problems), problems)
        if isinstance(texts, dict)
        else texts
        for language, texts in translations.items()
    }


def _names(raw: dict[str, Value], problems: list[str]) -> dict[str, str]:
    """Returns what the placeholders stand for; a name that is no name is added to the problems."""
    names = {}
    for placeholder, path in _NAMES.items():
        part = raw.get(path[0])
        name = part.get(path[1]) if isinstance(part, dict) else None
        names[placeholder] = name if isinstance(name, str) and len(name) <= MAX_TEXT_LENGTH else ""
        if "{" in names[placeholder]:
            problems.append(describe(path, "must not hold placeholders, because it fills one itself"))
    return names


def _fill(value: Value, path: tuple[str | int, ...], names: dict[str, str], problems: list[str]) -> Value:
    """Returns a value with the placeholders of all its texts filled in; an unknown one is added to the problems."""
    if isinstance(value, dict):
        return {key: _fill(item, (*path, key), names, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, index), names, problems) for index, item in enumerate(value)]
    if value is None:
        return None
    allowed = {*names, "value"} if path[-1:] == ("acknowledge",) else set(names)
    for name in _PLACEHOLDER.findall(value):
        if name not in allowed:
            known = ", ".join(f"{{{one}}}" for one in sorted(allowed))
            problems.append(describe(path, f"the placeholder {{{name}}} is unknown; known are {known}"))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", value)):
        problems.append(describe(path, "holds a brace that belongs to no placeholder"))
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), value)
