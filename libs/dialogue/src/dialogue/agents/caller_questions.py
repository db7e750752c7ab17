"""Answers to what callers ask: about the product and the appointment, from the campaign, and about the call itself."""

from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import spoken_start
from dialogue.intents import Intent
from dialogue.spoken import spoken_text, spoken_time
from vocabulary.enums import Expectation

_ABOUT_THE_CALL = (
    Intent.ARE_YOU_HUMAN, Intent.WHO_ARE_YOU, Intent.HOW_ARE_YOU, Intent.RECORDING, Intent.WHERE_FROM, Intent.WHAT_TIME,
    Intent.CAN_YOU_HEAR, Intent.WHY_ASKING,
)  # fmt: skip
_AN_ANSWER = "an answer to a question"


def answer_questions(draft: Draft, *, admit: bool = True) -> bool:
    """Answers what was asked; returns whether anything was answered.

    With `admit` a question that nothing is known about is answered by saying so.
    """
    analysis, state = draft.analysis, draft.state
    if draft.has(Intent.MANIPULATION):
        draft.say(
            "I cannot change how I work, I just have a few questions.",
            "That is not something I can do, but I am glad to help with your questions.",
        )
        return True
    about_it = state.expecting in {Expectation.SLOT_CHOICE, Expectation.SLOT_CONFIRMATION} or state.booked is not None
    if about_it and _answer_about_the_appointment(draft):
        return True
    if analysis.answers and (draft.has(Intent.WHY_ASKING) or not draft.has(*_ABOUT_THE_CALL)):
        _answer_from_facts(draft)
        return True
    if _answer_about_the_call(draft):
        return True
    pending = draft.campaign.question(state.pending or "")
    if draft.has(Intent.CLARIFY) and pending is not None:
        draft.say(f"I mean {pending.label}.", f"The question is about {pending.label}.")
        return True
    if (
        admit
        and analysis.asks
        and not draft.captured
        and not draft.has(Intent.DECLINES_TO_SAY, Intent.WAIT, Intent.ALREADY_TOLD)
    ):
        _admit_not_to_know(draft)
        return True
    return False


def _answer_from_facts(draft: Draft) -> None:
    """Says the campaign's facts that answer the question, unless they were just said."""
    fresh = [fact.answer for fact in draft.analysis.answers if spoken_text(fact.answer) not in draft.state.last_reply]
    draft.sentences.extend(fresh)
    if not fresh:
        draft.request(_AN_ANSWER)
        whom = draft.campaign.appointment.with_whom
        draft.say(
            f"That is all I know about it, and I have noted your question for {whom}.",
            f"I cannot tell you more than that, so I have noted your question for {whom}.",
        )


def _admit_not_to_know(draft: Draft) -> None:
    draft.request(_AN_ANSWER)
    whom = draft.campaign.appointment.with_whom
    draft.say(
        f"I do not know that, so I have noted it for {whom}.",
        f"That one I have to leave to {whom}, I have noted it.",
        f"I cannot say that for sure, so I have noted it for {whom}.",
    )


def _answer_about_the_appointment(draft: Draft) -> bool:
    """Answers a question about the offered or booked appointment; returns whether there was one."""
    appointment, state = draft.campaign.appointment, draft.state
    if draft.has(Intent.ASKS_WHEN_IT_IS) and (state.booked or state.chosen) is not None:
        if state.booked is not None:  # a time that waits for a yes is repeated with the question for it
            when = spoken_start(draft, state.booked)
            draft.say(f"It is {when}.", f"That is {when}.")
    elif draft.has(Intent.ASKS_WHO_COMES):
        draft.say(f"You would meet {appointment.with_whom}.", f"It would be {appointment.with_whom}.")
    elif draft.has(Intent.ASKS_WHAT_IT_COSTS) and appointment.price is not None:
        draft.sentences.append(appointment.price)
    elif draft.has(Intent.ASKS_HOW_LONG_IT_TAKES):
        draft.say(f"We plan {draft.campaign.calendar.slot_minutes} minutes for it.")
    elif draft.has(Intent.ASKS_FOR_CONFIRMATION):
        draft.request("a confirmation")
        draft.say("I have noted that you would like a confirmation.")
    elif draft.has(Intent.ASKS_FOR_OTHER_FORM):
        draft.request("another form of the appointment")
        draft.say("I can only book the time, but I have noted that you would like it that way.")
    elif draft.has(Intent.ASKS_WHAT_TO_PREPARE):
        draft.request("what to prepare for the appointment")
        draft.say(
            f"I know of nothing that you have to prepare, but I have noted the question for {appointment.with_whom}."
        )
    else:
        return False
    return True


def _answer_about_the_call(draft: Draft) -> bool:
    """Answers a question about the agent or the call itself; returns whether there was one."""
    company, agent = draft.campaign.company.name, draft.campaign.company.agent_name
    prompts = draft.campaign.prompts
    wordings: dict[Intent, tuple[str, ...]] = {
        Intent.ARE_YOU_HUMAN: _what_the_agent_is(draft),
        Intent.WHO_ARE_YOU: (
            f"This is {agent}, the automated assistant of {company}.",
            f"You are talking to {agent}, the automated assistant of {company}.",
        ),
        Intent.RECORDING: (prompts.recording,) if prompts.recording else (),
        Intent.WHERE_FROM: (prompts.number_source,) if prompts.number_source else (),
        Intent.WHY_ASKING: (prompts.why_asking,),
        Intent.WHAT_TIME: (f"It is {spoken_time(draft.now.time())}.",),
        Intent.CAN_YOU_HEAR: ("Yes, I can hear you.", "Yes, I am here and I hear you."),
        Intent.HOW_ARE_YOU: ("I am doing well, thank you.", "Very well, thanks for asking."),
    }
    if draft.has(Intent.ARE_YOU_HUMAN):
        del wordings[Intent.WHO_ARE_YOU]
    asked = [intent for intent in wordings if draft.has(intent)][:2]
    for intent in asked:
        if wordings[intent]:
            draft.say(*wordings[intent])
        else:
            _admit_not_to_know(draft)
    return bool(asked) or _tell_more(draft)


def _what_the_agent_is(draft: Draft) -> tuple[str, ...]:
    """Returns the honest answer to "are you a robot" (yes), "are you human" (no), or which of the two it is."""
    company, agent = draft.campaign.company.name, draft.campaign.company.agent_name
    lead = "" if draft.has(Intent.ASKS_WHICH_OF_BOTH) else "Yes, " if draft.has(Intent.ASKS_IF_MACHINE) else "No, "
    return (
        f"{lead}I am an automated assistant of {company}, and if you would rather talk to a person, just say so.",
        f"{lead}I am {agent}, an automated assistant of {company}, and you may ask for a colleague instead.",
    )


def _tell_more(draft: Draft) -> bool:
    """Tells what is offered if the caller asked for it; returns whether he did."""
    if not draft.has(Intent.TELL_MORE):
        return False
    if draft.campaign.product.pitch in draft.state.recent:
        appointment = draft.campaign.appointment
        draft.say(
            f"For more I would suggest the {appointment.name}.",
            f"That is all I know, but you can ask {appointment.with_whom} at the {appointment.name}.",
        )
    else:
        draft.sentences.append(draft.campaign.product.pitch)
    return True
