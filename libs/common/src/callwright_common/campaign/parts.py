"""How the parts of a campaign must fit each other, told of whatever of them can be read."""

from collections.abc import Iterator, Mapping
from typing import Any

from callwright_common.campaign.dispositions import CallEnding

FITTING = ("questions", "objections", "dispositions", "numbers", "languages", "translations")
"""The fields of a campaign that are looked at."""
_ONCE = (
    ("questions", "id"), ("objections", "id"), ("dispositions", "id"), ("dispositions", "when"),
    ("numbers", ""), ("languages", ""),
)  # fmt: skip


def misfits(campaign: Mapping[str, Any]) -> list[str]:
    """Returns a line for each problem between the parts of a campaign, which may be wrong themselves.

    Args:
        campaign: Its fields as they stand in a file; what is not there is the default.
    """
    return [*_twice(campaign), *_without_abandoned(campaign), *_without_texts(campaign)]


def _twice(campaign: Mapping[str, Any]) -> Iterator[str]:
    for field, key in _ONCE:
        ids = _texts(campaign.get(field), key)
        for one in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{field}: {one} stands there twice"


def _without_abandoned(campaign: Mapping[str, Any]) -> Iterator[str]:
    dispositions = campaign.get("dispositions")
    endings = _texts(dispositions, "when")
    are_known = isinstance(dispositions, list) and len(endings) == len(dispositions) and {*endings} <= {*CallEnding}
    if are_known and CallEnding.ABANDONED not in endings:
        yield f"dispositions: one must be for '{CallEnding.ABANDONED}', which takes the calls that no other takes"


def _without_texts(campaign: Mapping[str, Any]) -> Iterator[str]:
    translations = campaign.get("translations") or {}
    if not isinstance(translations, Mapping):
        return
    further = _texts(campaign.get("languages"), "")[1:]
    for index, name in enumerate(further, 1):
        if name not in translations:
            yield f"languages[{index}]: {name} needs the texts of translations.{name}"
    for name in translations:
        if name not in further:
            yield f"translations.{name}: is no language of languages but the first"


def _texts(entries: object, key: str) -> list[str]:
    """Returns the texts of a list, or those that its entries have under a key."""
    found = entries if isinstance(entries, list) else []
    texts = [entry.get(key) if key and isinstance(entry, dict) else entry for entry in found]
    return [text for text in texts if isinstance(text, str)]
