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
        draft.say("Hello, good to have you on the line.", "Hi, nice to hear from you.")
    elif draft.has(Intent.IN_A_HURRY):
        draft.say("Sure, I will keep it short.", "All right, just the essentials.")
    elif draft.has(Intent.IS_BACK):
        draft.say("Good to have you back.", "Thanks, no problem.")
    elif draft.has(Intent.ALREADY_TOLD):
        draft.say("I am sorry, I must have missed that.", "Sorry, that got past me.")
    elif draft.has(Intent.CONTACT):
        draft.request("to be written or called at the address or number he gave")
        draft.say("Thank you, I have noted that.", "Thanks, I have written that down.")
    elif draft.has(Intent.INTEREST):
        draft.say("That is good to hear.", "I am glad to hear that.")
    elif draft.has(Intent.THANKS):
        draft.say("You are welcome.", "My pleasure.")
    else:
        return False
    return True
