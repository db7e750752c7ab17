"""Reactions to greetings, thanks and interest."""

from dialogue.agents.drafting import Draft
from dialogue.intents import Intent

_SMALL_TALK = (
    Intent.GREETING, Intent.THANKS, Intent.HOW_ARE_YOU, Intent.WHO_ARE_YOU, Intent.ARE_YOU_HUMAN, Intent.RECORDING,
    Intent.WHERE_FROM, Intent.WHAT_TIME, Intent.CAN_YOU_HEAR, Intent.IS_BACK,
)  # fmt: skip


def is_small_talk(draft: Draft) -> bool:
    """Whether an utterance was about the call and the agent alone, so that the open question was not missed."""
    return draft.has(*_SMALL_TALK) and not draft.captured and not draft.analysis.answers


def answer_small_talk(draft: Draft) -> bool:
    """Reacts to a greeting, thanks or interest; returns whether there was any."""
    if draft.captured:
        return False
    if draft.has(Intent.GREETING) and draft.state.turns <= 2:
        draft.say("small_talk.greeting")
    elif draft.has(Intent.IN_A_HURRY):
        draft.say("small_talk.in_a_hurry")
    elif draft.has(Intent.IS_BACK):
        draft.say("small_talk.is_back")
    elif draft.has(Intent.ALREADY_TOLD):
        draft.say("small_talk.already_told")
    elif draft.has(Intent.CONTACT):
        draft.request("contact")
        draft.say("small_talk.contact")
    elif draft.has(Intent.INTEREST):
        draft.say("small_talk.interest")
    elif draft.has(Intent.THANKS):
        draft.say("small_talk.thanks")
    else:
        return False
    return True
