"""Answers to what callers ask: about the product and the appointment, from the campaign, and about the call itself."""

from callwright_common.campaign import ChoiceQuestion
from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import spoken_start
from dialogue.intents import ABOUT_THE_TALK, Intent
from dialogue.spoken import spoken_text, spoken_time
from dialogue.state import ABOUT_TIMES
from vocabulary.enums import Expectation, TransitionTrigger

_OF_IT = frozenset({"appointment", "booked", "cancelled"})
_WISHES = {
    Intent.ASKS_FOR_CONFIRMATION: "confirmation",
    Intent.ASKS_FOR_CALL_BEFORE: "call_before",
    Intent.ASKS_FOR_OTHER_FORM: "other_form",
    Intent.ASKS_TO_BE_THERE: "be_there",
    Intent.ASKS_WHAT_TO_PREPARE: "preparation",
    Intent.ASKS_ABOUT_CHANGES: "changes",
}
"""What a human has to see to when it is asked about the appointment."""
_TOLD_OF_IT = (*_WISHES, Intent.ASKS_WHO_COMES, Intent.ASKS_WHAT_IT_COSTS, Intent.ASKS_HOW_LONG_IT_TAKES)
_ABOUT_THE_ANSWER = (Intent.OF_WHAT_IS_USUAL, Intent.OF_HOW_EXACT, Intent.OF_THE_TALK)
_SEVERAL = 2
_ASKS_NOTHING = (Intent.DECLINES_TO_SAY, Intent.WAIT, Intent.ALREADY_TOLD, Intent.IN_A_HURRY, Intent.WILL_CALL)
"""What is no question of which something could be known, though it sounds like one."""


_LEAVES_NOTHING_OPEN = frozenset(
    {
        TransitionTrigger.LEAD_ENGAGED, TransitionTrigger.SMALL_TALK, TransitionTrigger.LEAD_QUALIFIED,
        TransitionTrigger.APPOINTMENT_PROMISED, TransitionTrigger.APPOINTMENT_REQUESTED,
        TransitionTrigger.APPOINTMENT_CHANGED, TransitionTrigger.APPOINTMENT_DECLINED, TransitionTrigger.SLOT_DISCUSSED,
        TransitionTrigger.CONTACT_DISCUSSED, TransitionTrigger.CALLBACK_TIME_GIVEN, TransitionTrigger.CALLBACK_ANSWERED,
        TransitionTrigger.NOT_QUALIFIED, TransitionTrigger.CLOSING,
    }
)  # fmt: skip
"""After these no question of the caller's is left without an answer."""


def answer_questions(draft: Draft, *, admit: bool = True) -> bool:
    """Answers what was asked; returns whether anything was answered.

    With `admit` a question that nothing is known about is answered by saying so; one that stands beside others that are
    answered always is.
    """
    answered, open_ones = _answer(draft, admit=admit), draft.analysis.unanswered
    if answered and not draft.admits and len(draft.analysis.asked) > len(open_ones) > 0:
        _admit_not_to_know(draft, besides=True)
    draft.has_answered = draft.has_answered or answered
    return answered


def answer_what_is_left(draft: Draft) -> None:
    """Answers, ahead of all else in the reply, what was plainly asked and what the reply says nothing to.

    Nothing that is open in a call, be it a detail, a time or a goodbye, swallows a question.
    """
    told = draft.has_answered or draft.state.out_of_reach is not None
    if told or draft.route.trigger not in _LEAVES_NOTHING_OPEN or not _is_left(draft):
        return
    said, draft.sentences = draft.sentences, []
    answer_questions(draft)
    draft.sentences += said


def _is_left(draft: Draft) -> bool:
    analysis = draft.analysis
    plainly = analysis.only_asks or analysis.asks_besides
    if analysis.asks_besides and _is_about_the_appointment(draft) and draft.has(*_TOLD_OF_IT):
        return True
    known = plainly and [fact for fact in analysis.answers if spoken_text(fact.answer) not in draft.state.last_reply]
    said = any(fact.answer in draft.sentences for fact in analysis.answers)
    return bool(known and not said) or (analysis.asks_besides and bool(analysis.unanswered))


def _answer(draft: Draft, *, admit: bool) -> bool:
    analysis, state = draft.analysis, draft.state
    if draft.has(Intent.MANIPULATION):
        draft.say("answer.manipulation")
        return True
    helped = draft.has(Intent.OF_HOW_EXACT) and state.pending and _help_to_answer(draft)
    helped = helped or _tell_what_is_noted(draft) or _lets_him_ask(draft)
    if helped or (draft.has(Intent.ASKS_IF_BOOKED) and _tell_if_booked(draft)):
        return True
    told = _is_about_the_appointment(draft) and _answer_about_the_appointment(draft)
    if told and len(analysis.asked) < _SEVERAL:
        return True
    if analysis.answers:
        _answer_from_facts(draft)
        return True
    if draft.has(Intent.WANTS_PLAIN_ANSWER):
        state.request("answer")
        draft.say("answer.yes_or_no")
        return True
    if _answer_about_the_call(draft) or _tell_more(draft) or _clarify(draft) or told:
        return True
    of_the_answer = draft.has(*_ABOUT_THE_ANSWER)
    if of_the_answer and _help_to_answer(draft):
        return True
    admits = admit and _asks_something(draft) and (not of_the_answer or bool(analysis.unanswered))
    if admits:
        _admit_not_to_know(draft)
    return admits


def _clarify(draft: Draft) -> bool:
    """Says what the open question is about if the caller asked for that; returns whether he did."""
    pending = draft.campaign.question(draft.state.pending or "")
    asks = draft.has(Intent.CLARIFY) and pending is not None
    if asks and pending is not None:
        draft.say("answer.clarify", subject=pending.label)
    return asks


def _tell_what_is_noted(draft: Draft) -> bool:
    """Tells what was noted of the caller, if he asks for it; returns whether he did."""
    asked = draft.analysis.asked_noted
    values = [draft.spoken_value(draft.state.facts[name].value) for name in asked if name in draft.state.facts]
    if values:
        draft.say("told.noted", values=", ".join(values))
    elif asked:
        draft.say("told.nothing_noted")
    return bool(asked)


def _lets_him_ask(draft: Draft) -> bool:
    """Gives the word to a caller who says that he has a question; returns whether he did."""
    announces = draft.has(Intent.ANNOUNCES_A_QUESTION) and not draft.analysis.answers
    if announces:
        draft.say("open.go_ahead")
    return announces


def _asks_something(draft: Draft) -> bool:
    """Whether a question is left of which nothing is known."""
    if draft.analysis.asks_besides and draft.analysis.unanswered:
        return True
    asks = draft.analysis.asks_besides or not draft.has(*_ASKS_NOTHING)
    return draft.analysis.asks and asks and not _is_told_or_chosen(draft)


def _tell_if_booked(draft: Draft) -> bool:
    """Tells what is booked, or that nothing is; returns whether an appointment was spoken of at all.

    What is in doubt, or was so until now, the reply begins with anyway.
    """
    state = draft.state
    if state.change is not None:
        return True
    if state.booked is not None:
        draft.say("appointment.is_booked", when=spoken_start(draft, state.booked))
        return True
    spoken_of = bool(state.offered or state.refused_slots) or any(one.kind in _OF_IT for one in state.signals)
    if spoken_of:
        draft.say("appointment.none_is_booked")
    return spoken_of


def _help_to_answer(draft: Draft) -> bool:
    """Says a word to whoever asks how to answer what he was asked; returns whether there was one to say."""
    if draft.captured or draft.state.expecting not in {None, Expectation.ANSWER}:
        return False
    if draft.has(Intent.OF_WHAT_IS_USUAL):
        draft.say("answer.of_what_is_usual")
    elif draft.has(Intent.OF_HOW_EXACT):
        draft.say("answer.of_how_exact")
    elif not draft.has(Intent.IN_A_HURRY):
        draft.say("answer.of_the_talk")
    else:
        return False
    return True


def _is_told_or_chosen(draft: Draft) -> bool:
    """Whether what sounds like a question answers one, or chooses a time."""
    analysis = draft.analysis
    if analysis.picks is not None or (draft.state.offered and not analysis.moment.is_open):
        return True
    questions = [draft.campaign.question(one.fact.name) for one in draft.captured]
    plain = bool(questions) and not any(isinstance(one, ChoiceQuestion) for one in questions)
    return bool(questions) and not analysis.asks_besides and (plain or not analysis.only_asks)


def _answer_from_facts(draft: Draft) -> None:
    """Says what was asked of the call, and the campaign's facts that answer the rest, unless they were just said."""
    if not draft.has(Intent.WHY_ASKING) or len(draft.analysis.asked) >= _SEVERAL:
        _answer_about_the_call(draft)
    if draft.has(Intent.WITHIN_REACH) and not draft.has(Intent.OWNER_AGREES):
        draft.say("answer.within_reach")
        return
    answers = [fact.answer for fact in draft.analysis.answers]
    fresh = [answer for answer in answers if spoken_text(answer) not in draft.state.last_reply]
    draft.sentences.extend(fresh)
    if not fresh and draft.analysis.asks_again:
        draft.say("answer.as_told", text=answers[0])
    elif not fresh:
        draft.state.request("answer")
        draft.say("answer.nothing_more_known")


def _admit_not_to_know(draft: Draft, *, besides: bool = False) -> None:
    """Says that a question is left to a human, and which one if it can be named; `besides` others that are answered."""
    draft.admits = True
    open_ones = draft.analysis.unanswered
    matter = open_ones[0].matter if len(open_ones) == 1 and not draft.has(Intent.ABUSE) else ""
    again = draft.state.requested("answer")
    draft.state.request("answer")
    if matter:
        draft.say("answer.unknown_of", matter=matter)
    elif besides:
        draft.say("answer.unknown_besides")
    else:
        draft.say("answer.unknown_again" if again else "answer.unknown")


def _is_about_the_appointment(draft: Draft) -> bool:
    return not ABOUT_TIMES.isdisjoint({draft.state.expecting, draft.route.state.expecting}) or draft.state.may_be_booked


def _answer_about_the_appointment(draft: Draft) -> bool:
    """Answers what is asked about the offered or booked appointment, at most twice; returns whether anything was."""
    state, price, told = draft.state, draft.campaign.appointment.price, 0
    if draft.has(Intent.ASKS_WHEN_IT_IS) and (state.booked or state.chosen) is not None:
        if state.booked is not None:  # a time that waits for a yes is repeated with the question for it
            draft.say("appointment.when_it_is", when=spoken_start(draft, state.booked))
        told += 1
    if draft.has(Intent.ASKS_WHO_COMES) and not draft.has(Intent.WHO_ARE_YOU):
        draft.say("appointment.who_comes")
        told += 1
    if draft.has(Intent.ASKS_WHAT_IT_COSTS) and price is not None:
        draft.sentences.append(price)
        told += 1
    if draft.has(Intent.ASKS_HOW_LONG_IT_TAKES):
        draft.say("appointment.how_long", minutes=draft.campaign.calendar.slot_minutes)
        told += 1
    wish = next((wish for intent, wish in _WISHES.items() if draft.has(intent)), None)
    of_the_campaign = draft.has(Intent.ASKS_ABOUT_CHANGES) and draft.analysis.answers
    if wish is not None and not of_the_campaign and told < max(1, min(_SEVERAL, len(draft.analysis.asked))):
        draft.state.request(wish)
        draft.say(f"appointment.{wish}")
        told += 1
    return told > 0


def _answer_about_the_call(draft: Draft) -> bool:
    """Answers a question about the agent or the call itself; returns whether there was one."""
    prompts = draft.campaign.prompts
    asked = [intent for intent in (*ABOUT_THE_TALK, Intent.WHY_ASKING) if draft.has(intent)]
    if Intent.ARE_YOU_HUMAN in asked and Intent.WHO_ARE_YOU in asked:
        asked.remove(Intent.WHO_ARE_YOU)
    written = {
        Intent.RECORDING: prompts.recording,
        Intent.WHERE_FROM: prompts.number_source,
        Intent.WHY_ASKING: prompts.why_asking,
    }
    for intent in asked[:2]:
        if intent is Intent.WHO_ARE_YOU and draft.has(Intent.TELL_MORE, Intent.SCREENED):
            draft.say("answer.who_and_why")
        elif intent not in written:
            draft.say(f"answer.{intent}", lead=_yes_or_no(draft), time=spoken_time(draft.now.time()))
        elif text := written[intent]:
            draft.say("campaign.written", text=text)
        elif intent is Intent.WHERE_FROM:
            draft.state.request("answer")
            draft.say("answer.where_from")
        else:
            _admit_not_to_know(draft)
    return bool(asked)


def _yes_or_no(draft: Draft) -> str:
    """Returns how the honest answer begins to "are you a robot", to "are you human", or to which of the two it is."""
    if draft.has(Intent.ASKS_WHICH_OF_BOTH):
        return ""
    [lead] = draft.wordings("answer.lead_yes" if draft.has(Intent.ASKS_IF_MACHINE) else "answer.lead_no")
    return lead


def _tell_more(draft: Draft) -> bool:
    """Tells what is offered if the caller asked for it; returns whether he did."""
    if not draft.has(Intent.TELL_MORE):
        return False
    if draft.campaign.product.pitch in draft.state.recent:
        draft.say("answer.pitch_again")
    else:
        draft.sentences.append(draft.campaign.product.pitch)
    return True
