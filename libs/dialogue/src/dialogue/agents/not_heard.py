"""What is said to a caller who did not hear the reply: again, then shorter and slower, then somebody else's help."""

from callwright_common.campaign import Question
from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import ask_confirmation, name_slots
from dialogue.intents import Intent
from dialogue.language import WORDINGS
from dialogue.sentences import split_sentences
from dialogue.spoken import spoken_text
from dialogue.state import CloseReason
from vocabulary.enums import Expectation, TransitionTrigger

_LONGER = 1.5
"""How many times as long as the shortest another wording may be."""
_SHORTER, _HELP, _GIVE_UP = 2, 3, 4
"""How often in a row the reply must have gone unheard."""
_GOES_ON = frozenset(
    {
        TransitionTrigger.SMALL_TALK, TransitionTrigger.LEAD_ENGAGED, TransitionTrigger.SLOT_DISCUSSED,
        TransitionTrigger.CLOSING, TransitionTrigger.NOT_UNDERSTOOD,
    }
)  # fmt: skip
"""Why an agent speaks to a caller who only asks whether he is heard."""


def counts_unheard(draft: Draft) -> int:
    """Returns how often in a row the caller has not heard the reply, this turn included; 0 if he heard it."""
    trigger = draft.route.trigger
    asks_if_heard = trigger in _GOES_ON and draft.has(Intent.CAN_YOU_HEAR) and not draft.captured
    did_not_hear = trigger is TransitionTrigger.REPEAT_REQUESTED and not _was_cut_off(draft)
    if did_not_hear or asks_if_heard:
        draft.state.unheard += 1
    elif trigger is not TransitionTrigger.SILENCE:
        draft.state.unheard = 0
    speak_up = trigger is TransitionTrigger.REPEAT_REQUESTED and draft.has(Intent.SLOWER)
    draft.state.speak_slowly = draft.state.speak_slowly or speak_up or draft.state.unheard >= _SHORTER
    return draft.state.unheard


def helps_to_hear(draft: Draft) -> bool:
    """Offers a human to a caller who does not hear, then gives up kindly; returns whether it is time for that."""
    if draft.state.unheard < _HELP:
        return False
    if draft.state.unheard >= _GIVE_UP:
        draft.say("line.give_up")
        draft.state.request("call_back")
        draft.goodbye(CloseReason.NOT_UNDERSTOOD)
    else:
        draft.say("line.bad_line")
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
    return True


def say_again(draft: Draft) -> None:
    """Says the last reply again, as it was asked for; the second time in a row in other, shorter words."""
    draft.may_repeat = True
    if _was_cut_off(draft):
        draft.sentences.extend(draft.state.cut_off)
        draft.expect(draft.state.expecting)
        return
    pending = draft.campaign.question(draft.state.pending or "")
    if pending is not None and draft.has(Intent.REPHRASE):
        draft.say("line.rephrase")
        draft.ask(pending, again=True)
    elif draft.state.unheard >= _SHORTER:
        _say_shorter(draft)
    else:
        _say_once_more(draft)


def _was_cut_off(draft: Draft) -> bool:
    """Whether the reply went unheard because the caller spoke into it, and he does not ask for all of it."""
    return bool(draft.state.cut_off) and not draft.has(Intent.REPEAT, Intent.SLOWER)


def _say_once_more(draft: Draft) -> None:
    last = [sentence for sentence in draft.state.last_reply if not sentence.startswith(WORDINGS["line.repeat"])]
    draft.say("line.slower" if draft.has(Intent.SLOWER) and not draft.has(Intent.REPEAT) else "line.repeat")
    draft.sentences.extend(last[-2:] or [draft.campaign.prompts.apology])
    draft.expect(draft.state.expecting)


def _say_shorter(draft: Draft) -> None:
    """Says what is open, and nothing else."""
    state = draft.state
    draft.say("line.shorter")
    pending = draft.campaign.question(state.pending or "")
    if state.expecting is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        ask_confirmation(draft, state.chosen)
    elif state.expecting is Expectation.SLOT_CHOICE and state.offered:
        times = name_slots(draft, state.offered)
        draft.ask_for(Expectation.SLOT_CHOICE, "time.which_shall_i_take", times=times)
    elif pending is not None:
        draft.sentences.append(_short_wording(pending, state.last_reply))
        draft.expect(state.expecting)
    else:
        draft.sentences.extend(state.last_reply[-1:] or [draft.campaign.prompts.apology])


def _short_wording(question: Question, last: list[str]) -> str:
    """Returns how to ask in one sentence, in other words than the last unless these are longer."""
    wordings = sorted((split_sentences(spoken_text(one))[-1] for one in (question.ask, question.ask_again)), key=len)
    said = " ".join(last)
    new = [one for one in wordings if one not in said and len(one) <= _LONGER * len(wordings[0])]
    return (new or wordings)[0]
