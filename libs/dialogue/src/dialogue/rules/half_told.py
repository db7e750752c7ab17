"""Answers that tell something of when or who without telling it whole."""

from callwright_common.campaign import AuthorityQuestion, Campaign, Question, RangeQuestion
from dialogue.analysis import HalfTold
from dialogue.intents import TELLS_NOTHING, Intent
from dialogue.language import language
from dialogue.rules.amounts import told_in_parts
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_HEARD = language("half_told").patterns
_NO_ANSWER = (*TELLS_NOTHING, Intent.NOT_INTERESTED, Intent.REPEAT)


def find_half_told(
    campaign: Campaign, state: DialogueState, said: Understanding, facts: tuple[Fact, ...]
) -> HalfTold | None:
    """Returns what was heard of the answer to the open question, None where it is told whole or not at all."""
    pending = campaign.question(state.pending or "")
    answered = pending is None or any(fact.name == pending.id for fact in facts)
    if answered or state.expecting is not Expectation.ANSWER or said.only_asks or said.has(*_NO_ANSWER):
        return None
    return _half_told(campaign, pending, said)


def told_in_parts_first(campaign: Campaign, state: DialogueState, said: Understanding, facts: tuple[Fact, ...]) -> bool:
    """Whether the sum in all that was asked for once is answered with what is paid in each month: it is asked back."""
    pending = campaign.question(state.pending or "")
    if not isinstance(pending, RangeQuestion) or state.expecting is not Expectation.ANSWER:
        return False
    only = [fact.name for fact in facts] == [pending.id] and state.asked.get(pending.id, 0) <= 1
    return only and told_in_parts(campaign, pending, said)


def _half_told(campaign: Campaign, pending: Question | None, said: Understanding) -> HalfTold | None:
    text = said.words.text
    if isinstance(pending, AuthorityQuestion):
        somebody = _HEARD["somebody"].search(text)
        return HalfTold("authority", "who_with", somebody["person"]) if somebody else None
    if isinstance(pending, RangeQuestion) and told_in_parts(campaign, pending, said):
        return HalfTold("money", "in_all")
    if not (isinstance(pending, RangeQuestion) and pending.kind == "timeline"):
        return None
    lead = next((lead for lead in ("before", "after") if any(map(_HEARD[lead].search, said.words.clauses))), None)
    return HalfTold("timeline", lead) if lead else None
