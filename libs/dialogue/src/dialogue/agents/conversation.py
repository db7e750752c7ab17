"""The conversation agent: opens, keeps the talk going where nothing is to be qualified, and closes."""

from dialogue.agents.answering import answering
from dialogue.agents.call_offer import answer_to_the_offer, offer_call
from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.contact_details import ask_for_contact, contact_details
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
from dialogue.agents.open_ends import say_what_stands
from dialogue.agents.other_matters import other_matter
from dialogue.agents.out_of_reach import insists, tell_the_reason
from dialogue.agents.withdrawals import goes_on_after_withdrawal
from dialogue.call_control import CHECKS, doubted
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import ASKS_WHO_WE_ARE, IS_DONE, Intent
from dialogue.language import speaking
from dialogue.languages import known_languages
from dialogue.qualification import open_questions
from dialogue.sentences import split_sentences
from dialogue.spoken import spoken_text
from dialogue.state import OFFERS_A_CALL, CloseReason
from vocabulary.enums import Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import Silence


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
        draft.say("line.still_there" if first else "line.can_you_hear", still_there=prompts.still_there)
        return
    draft.say("line.still_here")
    draft.ask(pending, again=True, counts=False)


def _after_keys(draft: Draft) -> None:
    draft.say("line.speak_freely")
    _go_on(draft)


def _other_language(draft: Draft) -> None:
    """Says which language is spoken, in the caller's own where there are words for it, and offers a human."""
    wanted = draft.analysis.wanted_language or draft.analysis.language
    if wanted in draft.campaign.languages:
        draft.say("line.switched")
        _go_on(draft)
        return
    if wanted is None and draft.campaign.languages[1:]:
        with speaking(draft.campaign.languages[1]):
            draft.say("line.offer_language")
        _go_on(draft)
        return
    draft.state.request("language")
    draft.state.foreign = wanted or draft.state.foreign
    if draft.state.expecting is Expectation.HUMAN_OFFER and draft.analysis.polarity is False:
        draft.goodbye(CloseReason.NOT_UNDERSTOOD)
        return
    known = known_languages().get(wanted or "")
    apology = known.apology(draft.campaign.languages) if known else None
    if known is None or apology is None:
        draft.say("line.not_that_language" if draft.campaign.languages[1:] else "line.only_english")
        draft.ask_for(Expectation.HUMAN_OFFER, "line.offer_colleague")
        return
    draft.sentences += [apology, known.offer]
    draft.expect(Expectation.HUMAN_OFFER)


def _check(draft: Draft) -> None:
    """Asks whether something grave was meant, before it is done, or how to go on where a call must be recorded."""
    if draft.has(Intent.AGAINST_RECORDING):
        draft.say("answer.against_recording")
        draft.ask_for(Expectation.MOVE_ON, "abuse.offer_colleague")
        return
    doubt = doubted(draft.state, draft.analysis)
    if doubt is not None:
        draft.state.checked.append(doubt)
        draft.state.may_want_erasure = draft.analysis.may_mean(Intent.WANTS_ERASURE)
        draft.ask_for(CHECKS[doubt], f"check.{doubt}")


def _off_topic(draft: Draft) -> None:
    if draft.has(Intent.MANIPULATION):
        answer_questions(draft)
    else:
        draft.say("line.off_topic")
    _go_on(draft)


def _goodbye(draft: Draft) -> None:
    answer_questions(draft, admit=False)
    say_what_stands(draft)
    if draft.state.booked is not None and draft.has(Intent.THANKS):
        draft.say("goodbye.welcome")
    draft.goodbye(CloseReason.GOODBYE)


def _callback_time(draft: Draft) -> None:
    """Notes the time for a call back; a question in its place is answered first."""
    asks = draft.analysis.asks or draft.has(*ASKS_WHO_WE_ARE)
    if asks and not draft.names_when and answer_questions(draft):
        draft.say("callback.ask_time_again")
        draft.workflow_state = WorkflowState.CLOSING
    elif _tells_something_else(draft):
        first, draft.state.callback_asked = not draft.state.callback_asked, True
        draft.state.request("remark")
        draft.say("open.noted")
        if first:
            draft.close_by_asking_for(Expectation.CALLBACK_TIME, "callback.ask_time_again")
        else:
            draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
    else:
        note_callback(draft)


def _tells_something_else(draft: Draft) -> bool:
    """Whether a caller who is asked when to call back says something that is no answer to it."""
    agrees = draft.analysis.polarity is True and draft.moment.is_open
    answers = draft.names_when or draft.has(Intent.SAYS_WHEN) or (draft.analysis.polarity is not None and not agrees)
    leaves = draft.has(Intent.NO_THANKS, Intent.NOTHING_MORE, Intent.ANY_TIME, Intent.DOES_NOT_KNOW, Intent.STOP)
    return not answers and not leaves


def _anything_else(draft: Draft) -> None:
    """Goes on after everything is settled: answers what comes, or says goodbye."""
    draft.workflow_state = WorkflowState.CLOSING
    analysis = draft.analysis
    more = bool(analysis.answers) or analysis.asks or draft.has(Intent.SAYS_MORE) or analysis.tells_else
    count = len(analysis.words.split())
    only_no, only_yes = analysis.polarity is False and count <= _A_NO, analysis.polarity is True and count <= _A_YES
    thanks = not only_yes and draft.has(Intent.THANKS, Intent.SAME_TO_YOU)
    takes_leave = only_no or thanks or draft.has(*IS_DONE)
    if analysis.message or analysis.whom:
        _note_for_somebody(draft)
        return
    if insists(draft):
        return
    if draft.has(Intent.ANNOUNCES_A_QUESTION) and not analysis.answers:
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.go_ahead")
    elif draft.has(Intent.GREETING, Intent.CAN_YOU_HEAR) and not analysis.answers:
        draft.say("line.hear_you")
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else")
    elif draft.state.booked is not None and (analysis.withdrawn or analysis.cools):
        goes_on_after_withdrawal(draft)
    elif react(draft) and not (takes_leave and not more):
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_more")
    elif takes_leave and not more:
        draft.goodbye(CloseReason.GOODBYE)
    elif analysis.polarity is True and not analysis.tells_else:
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.go_ahead")
    else:
        draft.state.request("remark")
        draft.say("open.noted")
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def _note_for_somebody(draft: Draft) -> None:
    """Notes what somebody else is to be told, or who is to be called, says it back, and goes on with a lead."""
    state, own = draft.state, draft.state.facts.get("caller_name")
    state.request("remark")
    if draft.analysis.message:
        draft.say("open.message", message=draft.analysis.message)
    else:
        state.request("call_back")
        draft.say("open.other_for" if own else "open.other", name=own.value if own else "", person=draft.analysis.whom)
    is_lead = state.expecting is Expectation.ANSWER and any(fact.degree is not None for fact in state.facts.values())
    if draft.has(Intent.GOODBYE):
        draft.goodbye(CloseReason.GOODBYE)
    elif is_lead:
        draft.workflow_state = draft.route.state.workflow_state
        _go_on(draft)
    else:
        draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def _chat(draft: Draft) -> None:
    """Answers and comes back to what is open."""
    reacted = react(draft)
    if not reacted and draft.state.expecting is not Expectation.ANSWER:
        draft.say("open.acknowledge")
    _go_on(draft, reacted=reacted)


_A_NO, _A_YES = 5, 2
"""So many words has a no, or a yes, when anything else is asked for, that says nothing else."""
_NOTHING_OPEN = frozenset({Expectation.CALLBACK_TIME, Expectation.ANYTHING_ELSE, *OFFERS_A_CALL})


def _go_on(draft: Draft, *, reacted: bool = True) -> None:
    """Comes back to what is open: a question, an offer, or whether there is anything else."""
    state = draft.state
    if state.expecting is Expectation.SLOT_CONFIRMATION and state.chosen is not None:
        draft.say("time.shall_i_book")
    elif state.expecting is Expectation.SLOT_CHOICE and state.offered:
        draft.say("time.which_of_these")
    elif state.takes_contact and state.expecting in ABOUT_THE_CONTACT:
        ask_for_contact(draft)
    elif state.expecting not in _NOTHING_OPEN and open_questions(draft.campaign, state):
        ask_next(draft, reacted=reacted)
        if not open_questions(draft.campaign, state):
            draft.ask_for(Expectation.MOVE_ON, "appointment.offer")
    else:
        draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def _not_qualified(draft: Draft) -> None:
    """Tells whoever cannot have it why, and offers the others a call."""
    if draft.state.out_of_reach is not None:
        tell_the_reason(draft)
    else:
        offer_call(draft)


_REACTIONS = {
    TransitionTrigger.CALL_STARTED: _open,
    TransitionTrigger.SILENCE: _break_silence,
    TransitionTrigger.KEYS_PRESSED: _after_keys,
    TransitionTrigger.OTHER_LANGUAGE: _other_language,
    TransitionTrigger.OTHER_MATTER: other_matter,
    TransitionTrigger.OFF_TOPIC: _off_topic,
    TransitionTrigger.DOUBTED: _check,
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
    TransitionTrigger.CALLBACK_ANSWERED: answer_to_the_offer,
    TransitionTrigger.CLOSING: _anything_else,
    TransitionTrigger.CONTACT_DISCUSSED: contact_details,
}


answer = answering(_speak)
