"""What cannot wait: a caller is hurt, his home stands open, or it is what a campaign calls urgent in its trade."""

from callwright_common.campaign import Campaign
from dialogue.language import language
from dialogue.rules.matching import stands_whole

_HEARD = language("urgencies").patterns


def is_urgent(campaign: Campaign, text: str) -> bool:
    """Whether an utterance in plain words tells of something that cannot wait."""
    if stands_whole(campaign.other_matters.urgent_when, text):
        return True
    if _HEARD["not_now"].search(text):
        return False
    presses = _HEARD["presses"].search(text) is not None
    return _HEARD["plainly"].search(text) is not None or (presses and tells_trouble(text))


def tells_trouble(text: str) -> bool:
    """Whether an utterance in plain words tells of harm or damage that may be urgent."""
    return _HEARD["trouble"].search(text) is not None and not _HEARD["not_now"].search(text)
