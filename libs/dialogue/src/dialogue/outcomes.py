"""How a call ended, in one word and in one sentence."""

from callwright_common.campaign import Campaign
from dialogue.qualification import open_questions, qualify
from dialogue.state import CloseReason, DialogueState
from vocabulary.enums import EndReason, Outcome
from vocabulary.exchange import CallResult

_DECLINED = frozenset({CloseReason.DECLINED, CloseReason.DO_NOT_CALL, CloseReason.ABUSE, CloseReason.WRONG_NUMBER})


def summed_up(campaign: Campaign, state: DialogueState, reason: EndReason) -> CallResult:
    """Returns what came of a call that ended for a reason."""
    if reason is EndReason.TRANSFERRED:
        state = state.model_copy(update={"close_reason": state.close_reason or CloseReason.TRANSFERRED})
    elif state.close_reason is CloseReason.TRANSFERRED:
        # The caller did not stay until he was connected.
        state = state.model_copy(update={"close_reason": None})
        state.request("call_back_by_human")
    return CallResult(outcome(campaign, state), summary(campaign, state), qualify(campaign, state))


def outcome(campaign: Campaign, state: DialogueState) -> Outcome:
    """Returns how a call ended."""
    if state.close_reason is CloseReason.VOICEMAIL:
        return Outcome.ABANDONED
    if state.booked is not None:
        return Outcome.BOOKED
    if state.close_reason is CloseReason.TRANSFERRED:
        return Outcome.TRANSFERRED
    if state.close_reason in _DECLINED:
        return Outcome.DECLINED
    if qualify(campaign, state).qualified:
        return Outcome.QUALIFIED
    if state.close_reason is None and open_questions(campaign, state):
        return Outcome.ABANDONED
    return Outcome.NOT_QUALIFIED


def summary(campaign: Campaign, state: DialogueState) -> str:
    """Returns what came of a call, for a human, without what the caller said."""
    result = outcome(campaign, state)
    score = qualify(campaign, state).overall
    answered = sum(question.id in state.facts for question in campaign.questions)
    text = (
        f"Outcome {result.replace('_', ' ')}, score {score:.2f}, {answered} of {len(campaign.questions)} "
        f"questions answered."
    )
    if state.booked is None and any(signal.kind == "cancelled" for signal in state.signals):
        text += " The booked appointment was cancelled in the call."
    callback = state.facts.get("callback_time")
    if callback is not None and callback.is_clear:
        text += f" A call back is wanted {callback.value}."
    if state.objections:
        text += f" Objections: {', '.join(sorted(state.objections)).replace('_', ' ')}."
    if state.requests:
        text += f" The caller asks for: {'; '.join(state.requests)}."
    return text
