"""How every agent answers: what concerns the talk itself is answered alike by whoever speaks, the rest by the agent."""

from collections.abc import Callable
from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.drafting import Draft
from dialogue.intents import Intent
from dialogue.state import CloseReason, Slot
from dialogue.turns import Reply, Route
from vocabulary.enums import TransitionTrigger

Slots = tuple[Slot, ...] | list[Slot] | None
"""The free times of the calendar, None where it cannot be reached."""
_REPEAT_LEADS = ("Of course.", "Sure, once more.", "Gladly, again.")
_MAX_FAILURES = 4


def reply_to(campaign: Campaign, routed: Route, slots: Slots, now: datetime, speak: Callable[[Draft], None]) -> Reply:
    """Returns the reply that an agent speaks, or what anybody says who is to repeat himself, to wait or to ask back."""
    draft = Draft(campaign, routed, tuple(slots) if slots is not None else None, now)
    match routed.trigger:
        case TransitionTrigger.NOT_UNDERSTOOD:
            _ask_back(draft)
        case TransitionTrigger.REPEAT_REQUESTED:
            _repeat(draft)
        case TransitionTrigger.WAIT_REQUESTED:
            draft.say("Of course, take your time.", "Sure, I will wait.", "No problem, I am here.")
        case _:
            speak(draft)
    return draft.finish()


def _ask_back(draft: Draft) -> None:
    """Asks the caller to say it again; gives up kindly where that does not help."""
    state = draft.state
    state.failures += 1
    draft.may_repeat = True
    if state.failures >= _MAX_FAILURES:
        draft.say("I am afraid the line is too bad, so I have noted that you should be called back.")
        draft.request("a call back")
        draft.goodbye(CloseReason.NOT_UNDERSTOOD)
        return
    draft.say(
        draft.campaign.prompts.did_not_hear, "I am sorry, I could not hear that.", "Could you say that again, please?"
    )
    if state.failures >= 2:
        draft.say(
            "If you would rather talk to a person, just say so.", "Just say colleague if you would rather talk to one."
        )


def _repeat(draft: Draft) -> None:
    """Says the last reply again, as it was asked for."""
    draft.may_repeat = True
    pending = draft.campaign.question(draft.state.pending or "")
    if pending is not None and draft.has(Intent.REPHRASE):
        draft.say("Sure, let me put it differently.", "Of course, in other words.")
        draft.ask(pending, again=True)
        return
    last = [sentence for sentence in draft.state.last_reply if not sentence.startswith(_REPEAT_LEADS)]
    if draft.has(Intent.SLOWER) and not draft.has(Intent.REPEAT):
        draft.sentences.append("Of course, I will try.")
    else:
        draft.say(*_REPEAT_LEADS)
    draft.sentences.extend(last[-2:] or [draft.campaign.prompts.apology])
