"""The conversation agent: opens, keeps the talk going where nothing is to be qualified, and closes."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, reply_to
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
from dialogue.agents.lead_questions import ask_next, react
from dialogue.agents.small_talk import answer_small_talk
from dialogue.intents import Intent
from dialogue.qualification import open_questions
from dialogue.sentences import split_sentences
from dialogue.spoken import spoken_text
from dialogue.state import CloseReason
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Silence


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the conversation agent to a turn that was routed to it."""
    return reply_to(campaign, routed, slots, now, _speak)


def _speak(draft: Draft) -> None:
    _REACTIONS.get(draft.route.trigger, _chat)(draft)


def _open(draft: Draft) -> None:
    """Speaks the campaign's opening; a first question in it counts as asked."""
    opening = draft.campaign.opening
    draft.sentences.extend(split_sentences(opening))
    draft.workflow_state = WorkflowState.GREETING
    first = draft.campaign.questions[0]
    if spoken_text(first.ask).lower() in spoken_text(opening).lower():
        draft.state.pending = first.id
        draft.state.asked[first.id] = 1
        draft.expect(Expectation.ANSWER)
    elif "?" not in opening:
        draft.ask(first)


def _break_silence(draft: Draft) -> None:
    count = draft.route.turn_input.count if isinstance(draft.route.turn_input, Silence) else 1
    prompts = draft.campaign.prompts
    draft.may_repeat = True
    if count >= 3:
        draft.sentences.append(prompts.goodbye_silence)
        draft.close(CloseReason.SILENCE)
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


def _other_language(draft: Draft) -> None:
    draft.request("a colleague who speaks his language")
    draft.say("I am sorry, I only speak English.", "Sorry, English is the only language I speak.")
    draft.say("Shall I connect you with a colleague?", "Would you like me to connect you with a colleague?")
    draft.expect(Expectation.HUMAN_OFFER)


def _other_matter(draft: Draft) -> None:
    product = draft.campaign.product.name
    draft.say(f"That is nothing I can help with, I only take calls about {product}.", f"I am only here for {product}.")
    draft.say("Shall I connect you with a colleague?", "Would you like me to connect you with a colleague?")
    draft.expect(Expectation.HUMAN_OFFER)


def _off_topic(draft: Draft) -> None:
    if draft.has(Intent.MANIPULATION):
        answer_questions(draft)
    else:
        product = draft.campaign.product.name
        draft.say(f"You have me there, I only know about {product}.", f"I had better stick to {product}.")
    _go_on(draft)


def _goodbye(draft: Draft) -> None:
    answer_questions(draft, admit=False)
    if draft.state.booked is not None and draft.has(Intent.THANKS):
        draft.say("You are very welcome.", "My pleasure.")
    draft.goodbye(CloseReason.GOODBYE)


def _callback_time(draft: Draft) -> None:
    """Notes the time for a call back; a question in its place is answered first."""
    if draft.analysis.asks and not draft.names_when and answer_questions(draft, admit=False):
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
    draft.expect(Expectation.CALLBACK_OFFER)
    draft.workflow_state = WorkflowState.CLOSING


def _callback_offer(draft: Draft) -> None:
    if draft.analysis.polarity is False:
        draft.say("That is fine.", "All right.")
        draft.say("Is there anything else you would like to know?", "Can I help you with anything else?")
        draft.expect(Expectation.ANYTHING_ELSE)
    elif draft.names_when:
        note_callback(draft)
    elif draft.analysis.polarity is True or draft.has(Intent.INTEREST):
        draft.say("Good.", "All right, gladly.")
        draft.say("When can we best reach you?", "When is a good time for that?")
        draft.expect(Expectation.CALLBACK_TIME)
    else:
        _anything_else(draft)
    if draft.workflow_state is not WorkflowState.COMPLETED:
        draft.workflow_state = WorkflowState.CLOSING


def _anything_else(draft: Draft) -> None:
    """Goes on after everything is settled: answers what comes, or says goodbye."""
    draft.workflow_state = WorkflowState.CLOSING
    analysis = draft.analysis
    if draft.has(Intent.GREETING, Intent.CAN_YOU_HEAR) and not analysis.answers:
        draft.say("Yes, I am still here.", "Yes, I can hear you.")
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect(Expectation.ANYTHING_ELSE)
    elif react(draft) and not (analysis.polarity is False or draft.has(Intent.THANKS)):
        draft.say("Is there anything else?", "Can I do anything else for you?", "Anything else I can help with?")
        draft.expect(Expectation.ANYTHING_ELSE)
    elif analysis.polarity is False or draft.has(Intent.THANKS, Intent.GOODBYE):
        draft.goodbye(CloseReason.GOODBYE)
    elif analysis.polarity is True:
        draft.say("Sure, what would you like to know?", "Of course, what is it?")
        draft.expect(Expectation.ANYTHING_ELSE)
    else:
        draft.request("to have a remark read")
        draft.say("I have noted that.", "All right, I have made a note of that.")
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect(Expectation.ANYTHING_ELSE)


def _chat(draft: Draft) -> None:
    """Answers and comes back to what is open."""
    reacted = answer_questions(draft) or answer_small_talk(draft)
    if not reacted and draft.state.expecting is not Expectation.ANSWER:
        draft.say("I see.", "I understand.", "All right.")
    _go_on(draft, reacted=reacted)


_NOTHING_OPEN = frozenset({Expectation.CALLBACK_TIME, Expectation.CALLBACK_OFFER, Expectation.ANYTHING_ELSE})


def _go_on(draft: Draft, *, reacted: bool = True) -> None:
    """Comes back to what is open: a question, an offer, or whether there is anything else."""
    state = draft.state
    if state.expecting is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        draft.say("Shall I book that time?", "So, do you want me to book it?")
    elif state.expecting is Expectation.SLOT_CHOICE and state.offered:
        draft.say("Which of the times would suit you?", "So, which time would you like?")
    elif state.expecting in _NOTHING_OPEN:
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect(Expectation.ANYTHING_ELSE)
    elif open_questions(draft.campaign, state):
        ask_next(draft, reacted=reacted)
    else:
        draft.say("Is there anything else?", "Can I do anything else for you?")
        draft.expect(Expectation.ANYTHING_ELSE)


_REACTIONS = {
    TransitionTrigger.CALL_STARTED: _open,
    TransitionTrigger.SILENCE: _break_silence,
    TransitionTrigger.KEYS_PRESSED: _after_keys,
    TransitionTrigger.OTHER_LANGUAGE: _other_language,
    TransitionTrigger.OTHER_MATTER: _other_matter,
    TransitionTrigger.OFF_TOPIC: _off_topic,
    TransitionTrigger.VOICEMAIL: voicemail,
    TransitionTrigger.APPOINTMENT_DECLINED: appointment_declined,
    TransitionTrigger.REFUSED: refused,
    TransitionTrigger.DO_NOT_CALL: do_not_call,
    TransitionTrigger.WRONG_NUMBER: wrong_number,
    TransitionTrigger.ABUSE: abuse,
    TransitionTrigger.POSTPONED: postponed,
    TransitionTrigger.CALLBACK_TIME_GIVEN: _callback_time,
    TransitionTrigger.GOODBYE: _goodbye,
    TransitionTrigger.NOT_QUALIFIED: _not_qualified,
    TransitionTrigger.CALLBACK_ANSWERED: _callback_offer,
    TransitionTrigger.CLOSING: _anything_else,
}
