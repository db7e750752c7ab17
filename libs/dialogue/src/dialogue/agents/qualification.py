"""The qualification agent: takes up what was said, answers what was asked, then asks the next open question."""

from dialogue.agents.answering import answering
from dialogue.agents.drafting import Draft
from dialogue.agents.lead_questions import ask_next, react
from dialogue.agents.withdrawals import goes_on_after_withdrawal
from dialogue.qualification import open_questions
from dialogue.wishes import wishes_before_times
from vocabulary.enums import Expectation, TransitionTrigger


def _speak(draft: Draft) -> None:
    if draft.route.trigger is TransitionTrigger.APPOINTMENT_PROMISED:
        _promise(draft)
    elif draft.analysis.withdrawn or draft.analysis.cools:
        if goes_on_after_withdrawal(draft):
            ask_next(draft, reacted=True)
    else:
        only_half_told = draft.analysis.half_told is not None and not draft.analysis.asks_besides
        ask_next(draft, reacted=react(draft, admit=not only_half_told))
    if not open_questions(draft.campaign, draft.state) and not draft.state.pending:
        _after_last_question(draft)


def _promise(draft: Draft) -> None:
    """Takes up an early wish for an appointment, and asks the questions before it."""
    react(draft, admit=False)
    if wishes_before_times(draft.campaign, draft.route.state, draft.analysis):
        draft.say("open.noted")
    else:
        draft.say("appointment.promise")
        draft.say("appointment.questions_first")
    ask_next(draft, reacted=True)


def _after_last_question(draft: Draft) -> None:
    """Goes on in the same breath when the last open question was given up."""
    draft.ask_for(Expectation.MOVE_ON, "appointment.offer")


answer = answering(_speak)
