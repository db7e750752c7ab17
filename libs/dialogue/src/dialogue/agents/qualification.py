"""The qualification agent: takes up what was said, answers what was asked, then asks the next open question."""

from datetime import datetime

from callwright_common.campaign import Campaign
from dialogue.agents.answering import Slots, reply_to
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import ask_next, react
from dialogue.qualification import open_questions
from dialogue.turns import Reply, Route
from vocabulary.enums import Expectation, TransitionTrigger


def answer(campaign: Campaign, routed: Route, *, slots: Slots, now: datetime) -> Reply:
    """Returns the reply of the qualification agent to a turn that was routed to it."""
    return reply_to(campaign, routed, slots, now, _speak)


def _speak(draft: Draft) -> None:
    if draft.triggered_by(TransitionTrigger.APPOINTMENT_PROMISED):
        _promise(draft)
    else:
        ask_next(draft, reacted=react(draft))
    if not open_questions(draft.campaign, draft.state) and not draft.state.pending:
        _after_last_question(draft)


def _promise(draft: Draft) -> None:
    """Takes up an early wish for an appointment, and asks the questions before it."""
    name = draft.campaign.appointment.name
    react(draft, admit=False)
    draft.say(f"Gladly, let us set up the {name}.", f"Sure, then let us look for a time for the {name}.")
    draft.say("Just a few short questions first.", "Before that I only need to know a few things.")
    ask_next(draft, reacted=True)


def _after_last_question(draft: Draft) -> None:
    """Goes on in the same breath when the last open question was given up."""
    name = draft.campaign.appointment.name
    draft.say(f"Would you like to have the {name}?", f"Shall I set up the {name} for you?")
    draft.expect(Expectation.MOVE_ON)
