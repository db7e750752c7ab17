"""The conversation agent: opens, keeps the talk going where nothing is to be qualified, and closes."""

import re

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.drafting import Draft
from dialogue.agents.farewells import (
    abuse,
    appointment_declined,
    do_not_call,
    note_callback,
    postponed,
    refused,
    voicemail,
    wrong_number,
)
from dialogue.agents.qualification import ask_next, react
from dialogue.agents.small_talk import answer_small_talk
from dialogue.qualification.open_questions import open_questions
from dialogue.spoken import spoken_text
from dialogue.state import WorkflowState
from dialogue.turns import Keys, Opening, Silence
from dialogue.understanding.intents import Intent
from dialogue.understanding.matching import phrase_strength

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def speak(draft: Draft) -> None:
    """Phrases the reply of the conversation agent."""
    match draft.route.turn_input:
        case Opening():
            _open(draft)
        case Silence(count):
            _break_silence(draft, count)
        case Keys():
            _after_keys(draft)
        case _:
            _REACTIONS.get(draft.route.trigger, _chat)(draft)


def _open(draft: Draft) -> None:
    """Speaks the campaign's opening; a first question in it counts as asked."""
    opening = draft.campaign.opening
    draft.sentences.extend(_SENTENCE_END.split(opening))
    draft.workflow_state = WorkflowState.GREETING
    first = draft.campaign.questions[0]
    if first.ask in opening or phrase_strength(first.ask.rstrip("?"), opening.lower()):
        draft.state.pending = first.id
        draft.state.asked[first.id] = 1
        draft.expect("answer")
    elif "?" not in opening:
        draft.ask(first)


def _break_silence(draft: Draft, count: int) -> None:
    prompts = draft.campaign.prompts
    draft.may_repeat = True
    if count >= 3:
        draft.sentences.append(prompts.goodbye_silence)
        draft.close("silence")
        return
    pending = draft.campaign.question(draft.state.pending or "")
    if count == 1 or pending is None:
        first = count == 1 and spoken_text(prompts.still_there) not in draft.state.last_reply
        draft.say(*([prompts.still_there] if first else ["Can you still hear me?", "I am still on the line."]))
        return
    draft.say("I am still here.", "Take your time, I am listening.")
    asked = draft.state.asked.get(pending.id, 1)
    draft.ask(pending, again=True)
    draft.state.asked[pending.id] = asked


def _after_keys(draft: Draft) -> None:
    draft.say("You can simply speak to me.", "There is no need to press keys, just talk to me.")
    _go_on(draft)


def _not_understood(draft: Draft) -> None:
    state = draft.state
    state.failures += 1
    draft.may_repeat = True
    if state.failures >= 4:
        draft.say("I am afraid the line is too bad, so I have noted that you should be called back.")
        draft.request("a call back")
        draft.goodbye("not_understood")
        return
    draft.say(
        draft.campaign.prompts.did_not_hear, "I am sorry, I could not hear that.", "Could you say that again, please?"
    )
    if state.failures >= 2:
        draft.say(
            "If you would rather talk to a person, just say so.", "A colleague can help you too, just say colleague."
        )


def _repeat(draft: Draft) -> None:
    """Says the last reply again, as it was asked for."""
    draft.may_repeat = True
    pending = draft.campaign.question(draft.state.pending or "")
    if pending is not None and _MEANING.search(draft.heard.words.text):
        draft.say("Sure, let me put it differently.", "Of course, in other words.")
        draft.ask(pending, again=True)
        return
    last = [sentence for sentence in draft.state.last_reply if not sentence.startswith(_REPEAT_LEADS)]
    if draft.has(Intent.SLOWER) and not draft.has(Intent.REPEAT):
        draft.sentences.append("Of course, I will try.")
    else:
        draft.say(*_REPEAT_LEADS)
    draft.sentences.extend(last[-2:] or [draft.campaign.prompts.apology])


_MEANING = re.compile(r"\b(?:mean|understand|follow|rephrase)\b")
_REPEAT_LEADS = ("Of course.", "Sure, once more.", "Gladly, again.")


def _other_language(draft: Draft) -> None:
    draft.request("a colleague who speaks his language")
    draft.say("I am sorry, I only speak English.", "Sorry, English is the only language I speak.")
    draft.say("Shall I connect you with a colleague?", "Would you like me to connect you with a colleague?")
    draft.expect("human_offer")


def _other_matter(draft: Draft) -> None:
    product = draft.campaign.product.name
    draft.say(f"That is nothing I can help with, I only take calls about {product}.", f"I am only here for {product}.")
    draft.say("Shall I connect you with a colleague?", "Would you like me to connect you with a colleague?")
    draft.expect("human_offer")


def _off_topic(draft: Draft) -> None:
    if draft.has(Intent.MANIPULATION):
        answer_questions(draft)
    else:
        product = draft.campaign.product.name
        draft.say(f"You have me there, I only know about {product}.", f"I had better stick to {product}.")
    _go_on(draft)


def _wait(draft: Draft) -> None:
    draft.say("Of course, take your time.", "Sure, I will wait.", "No problem, I am here.")


def _goodbye(draft: Draft) -> None:
    answer_questions(draft, admit=False)
    if draft.state.booked is not None and draft.has(Intent.THANKS):
        draft.say("You are very welcome.", "My pleasure.")
    draft.goodbye("goodbye")


def _callback_time(draft: Draft) -> None:
    """Notes the time for a call back; a question in its place is answered first."""
    if draft.heard.questions and draft.heard.moment.is_open and answer_questions(draft, admit=False):
        draft.say("And when would be a better time to call you?", "And when would a call suit you better?")
        draft.workflow_state = WorkflowState.CLOSING
    else:
        note_callback(draft)


def _not_qualified(draft: Draft) -> None:
    """Closes kindly where an appointment would be too early."""
    react(draft)
    draft.say(
        f"From what you tell me, a {draft.campaign.appointment.name} may be a bit early.",
        f"It sounds as if a {draft.campaign.appointment.name} is not the right thing just yet.",
    )
    draft.say("Would you like a call from a colleague about it?", "Would a call from a colleague help you?")
    draft.expect("callback_offer")
    draft.workflow_state = WorkflowState.CLOSING


def _callback_offer(draft: Draft) -> None:
    if draft.heard.polarity is False:
        draft.say("That is fine.", "All right.")
        draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
        draft.expect("anything_else")
    elif not draft.heard.moment.is_open:
        note_callback(draft)
    elif draft.heard.polarity is True or draft.has(Intent.INTEREST):
        draft.say("Good.", "All right, gladly.")
        draft.say("When can we best reach you?", "When is a good time for that?")
        draft.expect("callback_time")
    else:
        _anything_else(draft)
    if draft.workflow_state is not WorkflowState.COMPLETED:
        draft.workflow_state = WorkflowState.CLOSING


def _anything_else(draft: Draft) -> None:
    """Goes on after everything is settled: answers what comes, or says goodbye."""
    draft.workflow_state = WorkflowState.CLOSING
    heard = draft.heard
    if draft.has(Intent.GREETING, Intent.CAN_YOU_HEAR) and not heard.answers:
        draft.say("Yes, I am still here.", "Yes, I can hear you.")
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect("anything_else")
    elif react(draft) and not (heard.polarity is False or draft.has(Intent.THANKS)):
        draft.say("Is there anything else?", "Can I do anything else for you?", "Anything else I can help with?")
        draft.expect("anything_else")
    elif heard.polarity is False or draft.has(Intent.THANKS, Intent.GOODBYE):
        draft.goodbye("goodbye")
    elif heard.polarity is True:
        draft.say("Sure, what would you like to know?", "Of course, what is it?")
        draft.expect("anything_else")
    else:
        draft.request("to have a remark read")
        draft.say("I have noted that.", "All right, I have made a note of that.")
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect("anything_else")


def _chat(draft: Draft) -> None:
    """Answers and comes back to what is open."""
    reacted = answer_questions(draft) or answer_small_talk(draft)
    if not reacted and draft.state.expecting != "answer":
        draft.say("I see.", "I understand.", "All right.")
    _go_on(draft, reacted=reacted)


def _go_on(draft: Draft, *, reacted: bool = True) -> None:
    """Comes back to what is open: a question, an offer, or whether there is anything else."""
    state = draft.state
    if state.expecting == "slot_confirmation" and state.chosen is not None:
        draft.say("Shall I book that time?", "So, do you want me to book it?")
    elif state.expecting == "slot_choice" and state.offered:
        draft.say("Which of the times would suit you?", "So, which time would you like?")
    elif state.expecting in {"callback_time", "callback_offer", "anything_else"}:
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect("anything_else")
    elif open_questions(draft.campaign, state):
        ask_next(draft, reacted=reacted)
    else:
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect("anything_else")


_REACTIONS = {
    "not_understood": _not_understood,
    "repeat_requested": _repeat,
    "wait_requested": _wait,
    "other_language": _other_language,
    "other_matter": _other_matter,
    "off_topic": _off_topic,
    "voicemail": voicemail,
    "appointment_declined": appointment_declined,
    "refused": refused,
    "do_not_call": do_not_call,
    "wrong_number": wrong_number,
    "abuse": abuse,
    "postponed": postponed,
    "callback_time_given": _callback_time,
    "goodbye": _goodbye,
    "not_qualified": _not_qualified,
    "callback_answered": _callback_offer,
    "closing": _anything_else,
}
