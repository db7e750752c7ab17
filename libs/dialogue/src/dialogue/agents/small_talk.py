"""Reactions to greetings, thanks and interest."""

from dialogue.agents.drafting import Draft
from dialogue.intents import ABOUT_THE_TALK, Intent

_SMALL_TALK = (*ABOUT_THE_TALK, Intent.GREETING, Intent.THANKS, Intent.IS_BACK, Intent.HEARD_OF_US)
_REACTED_TO = (
    Intent.HEARD_OF_US, Intent.GREETING, Intent.IN_A_HURRY, Intent.IS_BACK, Intent.ALREADY_TOLD, Intent.CONTACT,
    Intent.INTEREST, Intent.THANKS,
)  # fmt: skip


def is_small_talk(draft: Draft) -> bool:
    """Whether an utterance was about the call and the agent alone, so that the open question was not missed."""
    return draft.has(*_SMALL_TALK) and not draft.captured and not draft.analysis.answers


def answer_small_talk(draft: Draft) -> bool:
    """Reacts to a greeting, thanks or interest; returns whether there was any."""
    if draft.captured:
        return False
    for intent in _REACTED_TO:
        if intent is Intent.INTEREST and draft.state.grieves:
            continue
        if draft.has(intent) and (intent is not Intent.GREETING or draft.state.turns <= 2):
            if intent is Intent.CONTACT:
                draft.state.request("contact")
            draft.say(f"small_talk.{intent}")
            return True
    return False
