"""Campaigns: everything about a business that the agents need to know, one YAML file each.

`campaigns/README.md` documents the file field by field. All texts are ready to be used after loading: the placeholders
`{company}`, `{agent}`, `{product}` and `{appointment}` are filled in.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from callwright_common.campaign_errors import describe, explain
from callwright_common.campaign_model import (
    WEEKDAYS,
    Appointment,
    AuthorityQuestion,
    Calendar,
    Campaign,
    CampaignFact,
    Choice,
    ChoiceQuestion,
    Company,
    Factor,
    Handoff,
    Limits,
    Objection,
    Product,
    Prompts,
    Question,
    RangeQuestion,
    Scoring,
    SpeechBudget,
    Voice,
    Voices,
    Weekday,
    Weights,
    YesNoQuestion,
)

__all__ = [
    "WEEKDAYS",
    "Appointment",
    "AuthorityQuestion",
    "Calendar",
    "Campaign",
    "CampaignError",
    "CampaignFact",
    "Choice",
    "ChoiceQuestion",
    "Company",
    "Factor",
    "Handoff",
    "Limits",
    "Objection",
    "Product",
    "Prompts",
    "Question",
    "RangeQuestion",
    "Scoring",
    "SpeechBudget",
    "Voice",
    "Voices",
    "Weekday",
    "Weights",
    "YesNoQuestion",
    "load_campaign",
    "load_campaigns",
    "parse_campaign",
]

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NAMES = {
    "company": ("company", "name"),
    "agent": ("company", "agent_name"),
    "product": ("product", "name"),
    "appointment": ("appointment", "name"),
}
_MAX_FILE_BYTES = 256 * 1024


class CampaignError(ValueError):
    """A campaign file that cannot be used; the text names the file and the path of each wrong field."""


class _StrictLoader(yaml.SafeLoader):
    """A loader that refuses a key written twice, of which YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Returns a mapping node as a dict."""
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load_campaign(path: Path) -> Campaign:
    """Returns the campaign of a file.

    Raises:
        CampaignError: The file cannot be read, is no YAML or has wrong fields.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CampaignError(f"{path}: cannot be read ({error.strerror})") from error
    if len(content) > _MAX_FILE_BYTES:
        raise CampaignError(f"{path}: is larger than {_MAX_FILE_BYTES // 1024} KiB")
    return parse_campaign(content.decode("utf-8", errors="replace"), str(path))


def load_campaigns(directory: Path) -> dict[str, Campaign]:
    """Returns the campaigns of all `*.yaml` files of a directory by their ids, in the order of the file names.

    Raises:
        CampaignError: There is no file, one cannot be used, or two claim the same id or called number.
    """
    campaigns: dict[str, Campaign] = {}
    owners: dict[str, Path] = {}
    for path in sorted(directory.glob("*.yaml")):
        campaign = load_campaign(path)
        for field, key in [("id", campaign.id), *(("numbers", number) for number in campaign.numbers)]:
            if key in owners:
                raise CampaignError(f"{path}: {field}: {key} is used by {owners[key]} too")
            owners[key] = path
        campaigns[campaign.id] = campaign
    if not campaigns:
        raise CampaignError(f"{directory}: holds no campaign file (*.yaml)")
    return campaigns


def parse_campaign(text: str, source: str) -> Campaign:
    """Returns the campaign written as YAML text; `source` names its origin in errors.

    Raises:
        CampaignError: The text is no YAML or has wrong fields.
    """
    try:
        raw = yaml.load(text, _StrictLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise CampaignError(f"{source}: {where}is not valid YAML ({getattr(error, 'problem', error)})") from error
    except RecursionError as error:
        raise CampaignError(f"{source}: is nested too deeply") from error
    if not isinstance(raw, dict):
        raise CampaignError(f"{source}: must hold fields such as id, company and questions")
    problems: list[str] = []
    filled = _fill(raw, (), _names(raw), problems)
    if problems:
        raise CampaignError("\n".join(f"{source}: {problem}" for problem in problems))
    try:
        return Campaign.model_validate(filled)
    except ValidationError as error:
        raise CampaignError("\n".join(f"{source}: {line}" for line in explain(error))) from error


def _names(raw: dict[str, Any]) -> dict[str, str]:
    """Returns what the placeholders stand for."""
    names = {}
    for placeholder, (section, field) in _NAMES.items():
        part = raw.get(section)
        name = part.get(field) if isinstance(part, dict) else None
        names[placeholder] = name if isinstance(name, str) else ""
    return names


def _fill(value: Any, path: tuple[str | int, ...], names: dict[str, str], problems: list[str]) -> Any:
    """Returns a value with the placeholders of all its texts filled in; an unknown one is added to the problems."""
    if isinstance(value, dict):
        return {key: _fill(item, (*path, str(key)), names, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, (*path, index), names, problems) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    allowed = {*names, "value"} if path[-1:] == ("acknowledge",) else set(names)
    for name in _PLACEHOLDER.findall(value):
        if name not in allowed:
            known = ", ".join(f"{{{one}}}" for one in sorted(allowed))
            problems.append(describe(path, f"the placeholder {{{name}}} is unknown; known are {known}"))
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), value)
