"""What is told in trouble, grief or anger is not taken for what it resembles."""

from dataclasses import replace

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis, FoundIntent
from dialogue.confidence import CLEAR
from dialogue.intents import ABOUT_CALLS, Intent, Matter
from dialogue.out_of_reach import REASONS
from dialogue.rules.calls import wishes_call


def as_told_in_trouble(found: Analysis, by_rules: Analysis, campaign: Campaign) -> Analysis:
    """Returns what was found, put right where the rules alone know what troubles the caller."""
    if by_rules.has(*REASONS) and not by_rules.has(Intent.DISTRESS):
        found = found.without(Intent.DISTRESS)  # where somebody lives grieves nobody
    if found.has(Intent.DISTRESS) and not by_rules.has(Intent.DISTRESS):
        if Matter.URGENT in found.matters:
            kept = found.without(Intent.DISTRESS).intents
            found = replace(found, intents=(*kept, FoundIntent(Intent.URGENT, CLEAR)))
        found = found.without_answers(campaign, "timeline")
    if Matter.JOKE in by_rules.matters:
        found = found.without(*({Intent.ABUSE} - {one.intent for one in by_rules.intents}))
    if found.has(*ABOUT_CALLS):
        found = found.without(Intent.CALL_LATER, Intent.CALL_ME)
    wants_calls = found.has(Intent.CALL_OWED) or wishes_call(found.words)
    if wants_calls and not by_rules.has(Intent.DO_NOT_CALL):
        found = found.without(Intent.DO_NOT_CALL)
    return found
