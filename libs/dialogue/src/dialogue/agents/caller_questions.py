"""Answers to what callers ask: about the product, from the campaign's facts, and about the call itself."""

import re

from dialogue.agents.appointment_answers import answer_about_appointment
from dialogue.agents.drafting import Draft
from dialogue.spoken import spoken_text, spoken_time
from dialogue.understanding.call_patterns import MACHINE
from dialogue.understanding.intents import Intent

_ASKS_FOR_MACHINE = re.compile(rf"\b(?:{MACHINE})\b")
_ASKS_FOR_PERSON = re.compile(r"\b(?:human|person|people|real|actual|alive|live|guy|man|woman|lady|girl|flesh)\b")


def answer_questions(draft: Draft, *, admit: bool = True) -> bool:
    """Answers what was asked; returns whether anything was answered.

    With `admit` a question that nothing is known about is answered by saying so.
    """
    heard, campaign = draft.heard, draft.campaign
    if draft.has(Intent.MANIPULATION):
        draft.say(
            "I cannot change how I work, I just have a few questions.",
            "That is not something I can do, but I am glad to help with your questions.",
        )
        return True
    about_it = draft.state.expecting in {"slot_choice", "slot_confirmation"} or draft.state.booked is not None
    if about_it and answer_about_appointment(draft):
        return True
    if heard.answers and (draft.has(Intent.WHY_ASKING) or not _about_the_call(draft)):
        fresh = [fact.answer for fact in heard.answers if spoken_text(fact.answer) not in draft.state.last_reply]
        draft.sentences.extend(fresh)
        if not fresh:
            draft.request("an answer to a question")
            draft.say(
                f"That is all I know about it, and I have noted your question for {campaign.appointment.with_whom}.",
                f"I cannot tell you more than that, but {campaign.appointment.with_whom} can.",
            )
        return True
    if answer_about_the_call(draft):
        return True
    pending = campaign.question(draft.state.pending or "")
    if draft.has(Intent.CLARIFY) and pending is not None:
        draft.say(f"I mean {pending.label}.", f"The question is about {pending.label}.")
        return True
    if (
        admit
        and heard.questions
        and not draft.captured
        and not draft.has(Intent.DECLINES_TO_SAY, Intent.WAIT, Intent.ALREADY_TOLD)
    ):
        draft.request("an answer to a question")
        draft.say(
            f"I do not know that, so I have noted it for {campaign.appointment.with_whom}.",
            f"That one I have to leave to {campaign.appointment.with_whom}, I have noted it.",
            f"I cannot say that for sure, but {campaign.appointment.with_whom} can, and I have noted it.",
        )
        return True
    return False


_ABOUT_THE_CALL = (
    Intent.ARE_YOU_HUMAN, Intent.WHO_ARE_YOU, Intent.HOW_ARE_YOU, Intent.RECORDING, Intent.WHERE_FROM, Intent.WHAT_TIME,
    Intent.CAN_YOU_HEAR, Intent.WHY_ASKING,
)  # fmt: skip


def _about_the_call(draft: Draft) -> bool:
    return draft.has(*_ABOUT_THE_CALL)


def answer_about_the_call(draft: Draft) -> bool:
    """Answers a question about the agent or the call itself; returns whether there was one."""
    company, agent = draft.campaign.company.name, draft.campaign.company.agent_name
    wordings: dict[Intent, tuple[str, ...]] = {
        Intent.ARE_YOU_HUMAN: _what_the_agent_is(draft),
        Intent.WHO_ARE_YOU: (
            f"This is {agent}, the automated assistant of {company}.",
            f"You are talking to {agent}, the automated assistant of {company}.",
        ),
        Intent.RECORDING: (
            "Yes, the call may be recorded, and what we say is written down.",
            "It may be recorded, and a written record of it is kept.",
        ),
        Intent.WHERE_FROM: (
            "All I see is the number of this call, I know nothing else about you.",
            f"I only have the number that reached {company}, and if you do not want to be called, just say so.",
        ),
        Intent.WHY_ASKING: (
            f"I ask so that {draft.campaign.appointment.with_whom} can prepare something that fits you.",
            "It helps us to suggest only what suits you.",
        ),
        Intent.WHAT_TIME: (f"It is {spoken_time(draft.now.time())}.",),
        Intent.CAN_YOU_HEAR: ("Yes, I can hear you.", "Yes, I am here and I hear you."),
        Intent.HOW_ARE_YOU: ("I am doing well, thank you.", "Very well, thanks for asking."),
    }
    if draft.has(Intent.ARE_YOU_HUMAN):
        del wordings[Intent.WHO_ARE_YOU]
    asked = [variants for intent, variants in wordings.items() if draft.has(intent)]
    for variants in asked[:2]:
        draft.say(*variants)
    return bool(asked) or tell_more(draft)


def _what_the_agent_is(draft: Draft) -> tuple[str, ...]:
    """Returns the honest answer to "are you a robot" (yes), "are you human" (no), or which of the two it is."""
    company, agent = draft.campaign.company.name, draft.campaign.company.agent_name
    text = draft.heard.words.text
    machine, person = _ASKS_FOR_MACHINE.search(text), _ASKS_FOR_PERSON.search(text)
    either = machine and person and " or " in text
    lead = "" if either else "Yes, " if machine else "No, "
    return (
        f"{lead}I am an automated assistant of {company}, and I can connect you with a person at any time.",
        f"{lead}I am {agent}, an automated assistant of {company}, but a colleague is one word away.",
    )


def tell_more(draft: Draft) -> bool:
    """Tells what is offered if the caller asked for it; returns whether he did."""
    if not draft.has(Intent.TELL_MORE):
        return False
    if draft.campaign.product.pitch in draft.state.recent:
        draft.say(
            f"The best way to see it is the {draft.campaign.appointment.name}.",
            f"There is more to tell, and {draft.campaign.appointment.with_whom} knows every detail.",
        )
    else:
        draft.sentences.append(draft.campaign.product.pitch)
    return True
