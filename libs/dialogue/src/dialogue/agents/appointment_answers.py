"""Answers to questions about the appointment itself, from the campaign and the booking."""

import re

from dialogue.agents.drafting import Draft
from dialogue.agents.slot_offers import spoken_start

_WHEN = re.compile(
    r"\b(?:what|which) (?:time|day|date)\b.{0,12}\b(?:again|was|is|did)\b|\bwhat was (?:it|that)(?: time)? again\b"
    r"|\bwhat (?:was|is) the (?:time|day|date)\b|\bwhen (?:is|was) (?:it|that|the|my)\b|\b(?:repeat|say"
    r"|tell me) the (?:time|date|day)\b"
)
_WHO = re.compile(
    r"\bwho (?:is|will|would|do|am|are)\b.{0,15}\b(?:com\w+|meet\w*|visit\w*|see|seeing|be there|call\w*|show\w*)\b"
)
_FREE = re.compile(
    r"\b(?:is|are) (?:it|that|this|the \w+(?: \w+)?) (?:\w+ ){0,2}free\b|\bfree of charge\b"
    r"|\bcost me anything\b"
    r"|\b(?:do|would|will) i (?:have to|need to)? ?pay (?:for|anything)\b|\bany (?:charge|cost|obligation|catch)\b"
    r"|\b(?:what|how much) (?:does|will|is) (?:it|that|the \w+(?: \w+)?) cost\b"
)
_LENGTH = re.compile(
    r"\bfor how long\b|^how long$|\bhow (?:long|much time) (?:will|does|would|is|do)\b.{0,20}(?:take|last|need|be"
    r"|\bit|visit|appointment)\b"
)
_CONFIRMATION = re.compile(
    r"\b(?:confirmation|reminder|confirm (?:it|that) (?:by|via|in)|calendar invite|invitation)\b"
)
_OTHER_WAY = re.compile(
    r"\b(?:over|by|on) (?:the )?(?:phone|video|zoom|teams)\b|\bvirtual(?:ly)?\b|\bonline\b|\bremote(?:ly)?\b"
)
_PREPARE = re.compile(r"\b(?:prepare|ready|bring|have at hand|have to be home|be at home)\b")


def answer_about_appointment(draft: Draft) -> bool:
    """Answers a question about the offered or booked appointment; returns whether there was one."""
    appointment, state = draft.campaign.appointment, draft.state
    text = " ".join(draft.heard.questions)
    if not text:
        return False
    if _WHEN.search(text) and (state.booked or state.chosen) is not None:
        if state.booked is not None:  # a time that waits for a yes is repeated with the question for it
            when = spoken_start(draft, state.booked)
            draft.say(f"It is {when}.", f"That is {when}.")
    elif _WHO.search(text):
        draft.say(f"You would meet {appointment.with_whom}.", f"It would be {appointment.with_whom}.")
    elif _FREE.search(text) and "free" in f"{appointment.name} {draft.campaign.product.pitch}".lower():
        draft.say(f"Yes, the {appointment.name} costs you nothing.", "There is no charge for it.")
    elif _LENGTH.search(text):
        draft.say(f"We plan {draft.campaign.calendar.slot_minutes} minutes for it.")
    elif _CONFIRMATION.search(text):
        draft.request("a confirmation")
        draft.say("It goes into our calendar, and I have noted that you would like a confirmation.")
    elif _OTHER_WAY.search(text):
        draft.request("another form of the appointment")
        draft.say("I can only book the time, but I have noted that you would like it that way.")
    elif _PREPARE.search(text):
        draft.request("what to prepare for the appointment")
        draft.say(
            f"I know of nothing that you have to prepare, but I have noted the question for {appointment.with_whom}."
        )
    else:
        return False
    return True
