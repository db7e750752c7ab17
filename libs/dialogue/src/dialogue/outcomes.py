"""How a call ended: its outcome, its disposition in the campaign's list, and a sentence for a human."""

from callwright_common.campaign import CallEnding, Campaign, Detail
from dialogue.contact import FACTS
from dialogue.intents import HELP_WITH, Matter
from dialogue.language import FIRST_LANGUAGE, WORDINGS, speaking
from dialogue.qualification import open_questions, qualify
from dialogue.state import CloseReason, DialogueState
from vocabulary.enums import EndReason, Outcome
from vocabulary.exchange import CallResult

_DECLINED = frozenset({CloseReason.DECLINED, CloseReason.DO_NOT_CALL, CloseReason.ABUSE, CloseReason.WRONG_NUMBER})
_BY_MATTER = {
    Matter.EMERGENCY: CallEnding.DISTRESS,
    Matter.DISTRESS: CallEnding.DISTRESS,
    Matter.BOOKED_VISIT: CallEnding.DISTRESS,
    Matter.VISIT_OFF: CallEnding.DISTRESS,
    Matter.CHILD: CallEnding.CHILD,
    **dict.fromkeys(HELP_WITH, CallEnding.SUPPORT),
    Matter.URGENT: CallEnding.SUPPORT,
}
"""What becomes of a call in which the caller rang about something else than a purchase."""
_NEEDED_FOR = {
    "in_writing": frozenset({Detail.NAME, Detail.EMAIL, Detail.ADDRESS}),
    "contact": frozenset({Detail.NAME, Detail.PHONE, Detail.EMAIL, Detail.ADDRESS}),
    "cancel": frozenset({Detail.NAME}),
}
"""The details without which a human cannot do what the caller asks for."""
_CALLS_BACK = ("call_back", "call_back_by_human")


def summed_up(campaign: Campaign, state: DialogueState, reason: EndReason) -> CallResult:
    """Returns what came of a call that ended for a reason."""
    if reason is EndReason.TRANSFERRED:
        state = state.model_copy(update={"close_reason": state.close_reason or CloseReason.TRANSFERRED})
    elif state.close_reason is CloseReason.TRANSFERRED:
        # The caller did not stay until he was connected.
        state = state.model_copy(update={"close_reason": None})
        state.request("call_back_by_human")
    return CallResult(
        outcome(campaign, state),
        summary(campaign, state),
        qualify(campaign, state),
        disposition(campaign, state),
        _call_back(state),
    )


def disposition(campaign: Campaign, state: DialogueState) -> str:
    """Returns the id of the campaign's disposition that takes the call: that of the most telling ending it had."""
    had = _endings(campaign, state)
    listed = {one.when: one.id for one in campaign.dispositions}
    return next(listed[ending] for ending in CallEnding if ending in had and ending in listed)


def _endings(campaign: Campaign, state: DialogueState) -> set[CallEnding]:
    """Returns all that became of a call."""
    closed, result = state.close_reason, outcome(campaign, state)
    had = {
        CallEnding.ABANDONED: True,
        CallEnding.VOICEMAIL: closed is CloseReason.VOICEMAIL,
        CallEnding.WANTS_ERASURE: state.requested("erasure"),
        CallEnding.OPTED_OUT: closed is CloseReason.DO_NOT_CALL or state.requested("do_not_call"),
        CallEnding.WRONG_PERSON: closed is CloseReason.WRONG_NUMBER,
        CallEnding.BOOKED: state.booked is not None,
        CallEnding.CANCELLED: _cancelled(state),
        CallEnding.TRANSFERRED: closed is CloseReason.TRANSFERRED,
        CallEnding.ABUSIVE: closed is CloseReason.ABUSE,
        CallEnding.CALL_BACK: closed is CloseReason.POSTPONED
        or bool(_call_back(state))
        or state.is_in_doubt
        or any(state.requested(what) for what in _CALLS_BACK),
        CallEnding.NOT_INTERESTED: closed is CloseReason.DECLINED,
        CallEnding.QUALIFIED: result is Outcome.QUALIFIED,
        CallEnding.NOT_QUALIFIED: result is Outcome.NOT_QUALIFIED
        and (bool(state.facts) or state.out_of_reach is not None),
        CallEnding.NO_ANSWER: closed is CloseReason.SILENCE and not state.facts and not state.signals,
    }
    if state.matter is not None:
        had[_BY_MATTER.get(Matter(state.matter), CallEnding.OTHER_MATTER)] = True
    return {ending for ending, holds in had.items() if holds}


def _cancelled(state: DialogueState) -> bool:
    return state.booked is None and any(signal.kind == "cancelled" for signal in state.signals)


def _call_back(state: DialogueState) -> str:
    """Returns when a call back is wanted, as far as that is clear; else empty."""
    told = state.facts.get("callback_time")
    return told.value if told is not None and told.is_clear else ""


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
    if state.out_of_reach is not None:
        return Outcome.NOT_QUALIFIED
    if qualify(campaign, state).qualified:
        return Outcome.QUALIFIED
    if state.close_reason is None and open_questions(campaign, state):
        return Outcome.ABANDONED
    return Outcome.NOT_QUALIFIED


def summary(campaign: Campaign, state: DialogueState) -> str:
    """Returns what came of a call, for a human: of what the caller said, only what is needed to do what he asks for."""
    result = outcome(campaign, state)
    score = qualify(campaign, state).overall
    answered = sum(question.id in state.facts for question in campaign.questions)
    sorted_as = next(one.label for one in campaign.dispositions if one.id == disposition(campaign, state))
    told = [
        _worded("summary.ended", disposition=sorted_as, outcome=result.replace("_", " "), score=score,
                answered=answered, questions=len(campaign.questions))
    ]  # fmt: skip
    if _cancelled(state):
        told.append(_worded("summary.cancelled"))
    if state.change is not None:
        unknown = "summary.in_doubt" if state.is_in_doubt else "summary.not_told"
        told.append(_worded(unknown, wanted=state.change.kind))
    if when := _call_back(state):
        told.append(_worded("summary.call_back", when=when))
    if state.objections:
        told.append(_worded("summary.objections", named=", ".join(sorted(state.objections)).replace("_", " ")))
    if state.requests:
        told.append(_worded("summary.requests", named="; ".join(state.requests)))
    if needed := _needed(state):
        told.append(_worded("summary.needed", details=", ".join(needed)))
    return " ".join(told)


def _needed(state: DialogueState) -> list[str]:
    """Returns the details that were told for what the caller asks for; a booking holds them itself."""
    if state.booked is not None:
        return []
    needed = frozenset().union(*(details for what, details in _NEEDED_FOR.items() if state.requested(what)))
    return [f"{one} {state.facts[FACTS[one]].value}" for one in Detail if one in needed and FACTS[one] in state.facts]


def _worded(deed: str, **values: object) -> str:
    """Returns a sentence for a human, in the first language: who reads it is not the caller."""
    with speaking(FIRST_LANGUAGE):
        return WORDINGS[deed][0].format(**values)
