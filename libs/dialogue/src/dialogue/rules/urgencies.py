"""What cannot wait: a caller is hurt, his home stands open, or it is what a campaign calls urgent in its trade."""

from callwright_common.campaign import Campaign
from dialogue.language import language
from dialogue.rules.matching import stands_whole

_HEARD = language("urgencies").patterns


def is_urgent(campaign: Campaign, text: str) -> bool:
    """Whether an utterance in plain words tells of something that cannot wait."""
    if stands_whole(campaign.other_matters.urgent_when, text):
        return True
    if _is_over_or_lasts(text):
        return False
    presses = _HEARD["presses"].search(text) is not None
    return _HEARD["plainly"].search(text) is not None or (presses and tells_trouble(text))


def tells_trouble(text: str) -> bool:
    """Whether an utterance in plain words tells of harm or damage that may be urgent."""
    return _HEARD["trouble"].search(text) is not None and not _is_over_or_lasts(text)


def _is_over_or_lasts(text: str) -> bool:
    """Whether trouble is over, feared, or has been so for long without a peril: that is a need, and no emergency."""
    lasts = _HEARD["lasts"].search(text) is not None and _HEARD["peril"].search(text) is None
    return lasts or _HEARD["not_now"].search(text) is not None
