"""How a call ended, in one word and in one sentence."""

from typing import Literal

from callwright_common.campaign import Campaign
from dialogue.qualification.scoring import qualify
from dialogue.state import DialogueState

Outcome = Literal["booked", "qualified", "not_qualified", "transferred", "declined", "abandoned"]


def outcome(campaign: Campaign, state: DialogueState) -> Outcome:
    """Returns how a call ended."""
    if state.close_reason == "voicemail":
        return "abandoned"
    if state.booked is not None:
        return "booked"
    if state.close_reason == "transferred":
        return "transferred"
    if state.close_reason in {"declined", "do_not_call", "abuse", "wrong_number"}:
        return "declined"
    if qualify(campaign, state).qualified:
        return "qualified"
    answered = sum(question.id in state.facts or question.id in state.dropped for question in campaign.questions)
    if state.close_reason is None and answered < len(campaign.questions):
        return "abandoned"
    return "not_qualified"


def summary(campaign: Campaign, state: DialogueState) -> str:
    """Returns what came of a call, for a human, without what the caller said."""
    result = outcome(campaign, state)
    score = qualify(campaign, state).overall
    answered = sum(question.id in state.facts for question in campaign.questions)
    text = (
        f"Outcome {result.replace('_', ' ')}, score {score:.2f}, {answered} of {len(campaign.questions)} "
        f"questions answered."
    )
    if state.objections:
        text += f" Objections: {', '.join(sorted(state.objections)).replace('_', ' ')}."
    if state.requests:
        text += f" The caller asks for: {'; '.join(state.requests)}."
    return text
