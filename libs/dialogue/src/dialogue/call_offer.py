"""Routes what is said to the offer of a call from a colleague in the appointment's place.

Whoever wants the appointment all the same gets times for it: the call is for whoever wants a call.
"""

from callwright_common.campaign import Campaign, Factor
from dialogue.analysis import OTHER_CHOICE, Analysis
from dialogue.intents import ASKS_WHO_WE_ARE, COMES_FIRST, DECLINES, PAUSES, Intent
from dialogue.matters import Decision
from dialogue.qualification import open_questions, qualify
from dialogue.state import OFFERS_A_CALL, DialogueState, Fact
from dialogue.turns import Captured
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState

CALL_OFFER = "call_offer"
"""The name by which it is counted how often the offer was made."""
_REASON_AGAIN = "reason_again"
"""The name by which it is counted that the reason was asked once more before the verdict."""
_GOES = (Intent.GOODBYE, Intent.WILL_CALL, Intent.LEAVES_IT)
"""Refuses no call but takes leave."""
_STAYS = (
    *PAUSES, *ASKS_WHO_WE_ARE, Intent.WANTS_A_CALL, Intent.WANTS_HUMAN, Intent.SUPPORT, Intent.OTHER_MATTER,
    Intent.CALL_LATER, Intent.CALL_ME, Intent.ANY_TIME, Intent.DECLINES_TO_SAY,
)  # fmt: skip
"""What leaves open when somebody is to be called who was asked that."""


def about_the_call_offer(
    campaign: Campaign, state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision | None:
    """Returns the decision where a call was offered in the appointment's place, or where the verdict is put right."""
    of_another = state.matter is not None or state.screened
    if state.booked is not None or of_another or analysis.has(*COMES_FIRST, *_GOES):
        return None
    if _qualifies_after_all(campaign, state, captured):
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.LEAD_QUALIFIED
    if state.has_call_noted or state.expecting is Expectation.CALLBACK_TIME:
        return _goes_on_without_a_call(campaign, state, analysis, captured)
    if state.expecting not in OFFERS_A_CALL:
        return None
    answered = Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CALLBACK_ANSWERED
    if analysis.has(Intent.WANTS_HUMAN) and not analysis.has(Intent.WANTS_TO_BE_MET, Intent.WANTS_A_CALL):
        return None
    if analysis.has(Intent.ONLY_ASKS):
        return answered
    if _ends_it(analysis):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.REFUSED
    if _wants_to_be_met(state, analysis):
        state.wants_appointment = True
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_REQUESTED
    if analysis.has(Intent.REPEAT):
        return None
    names_when = not analysis.moment.is_open or analysis.has(Intent.UNCLEAR_TIME)
    return answered if names_when or analysis.has(Intent.WANTS_A_CALL) else None


def _without_the_noted_call(campaign: Campaign, state: DialogueState, analysis: Analysis) -> Decision:
    """Takes back the call that was noted; whoever has time now is asked on."""
    state.drop_call()
    if analysis.has(Intent.HAS_TIME_NOW) and open_questions(campaign, state):
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED
    if analysis.has(Intent.HAS_TIME_NOW) and (state.wants_appointment or qualify(campaign, state).qualified):
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_REQUESTED
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CALLBACK_ANSWERED


def _ends_it(analysis: Analysis) -> bool:
    """Whether a caller who was offered a call refuses all of it, in more words than a bare no."""
    wants = analysis.has(Intent.WANTS_TO_BE_MET, Intent.WANTS_A_CALL) or not analysis.moment.is_open
    if wants or analysis.asks or analysis.polarity is True:
        return False
    declines = analysis.polarity is False or analysis.has(*DECLINES)
    refuses = analysis.has(Intent.NOT_INTERESTED) or analysis.may_mean(Intent.NOT_INTERESTED)
    return refuses or (declines and analysis.objection is not None)


def _goes_on_without_a_call(
    campaign: Campaign, state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision | None:
    """Returns the decision where a caller who is asked when to call him goes on with the talk, or wants no call."""
    if state.has_call_noted:
        no_call = analysis.has(Intent.NO_CALL) and not analysis.has(Intent.NOTHING_MORE, Intent.NO_THANKS)
        takes_it_back = analysis.moment.is_open and (no_call or analysis.has(Intent.HAS_TIME_NOW))
        return _without_the_noted_call(campaign, state, analysis) if takes_it_back else None
    instead = analysis.has(Intent.WANTS_APPOINTMENT) and not analysis.has(Intent.NO_APPOINTMENT, Intent.WANTS_A_CALL)
    no_call = analysis.has(Intent.NO_CALL) and analysis.moment.is_open
    no_call = no_call or analysis.has(Intent.HAS_TIME_NOW)
    talks_on = _talks_on(campaign, analysis, captured)
    if not (no_call or instead or talks_on) or analysis.has(Intent.NOT_INTERESTED, Intent.NO_THANKS):
        return None
    if no_call or instead:
        state.drop_call()
    state.signals = [signal for signal in state.signals if signal.kind != "postponed"]
    state.wants_appointment = state.wants_appointment or instead
    if open_questions(campaign, state):
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED
    if state.wants_appointment or qualify(campaign, state).qualified:
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_REQUESTED
    return (Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CLOSING) if talks_on else None


def _talks_on(campaign: Campaign, analysis: Analysis, captured: tuple[Captured, ...]) -> bool:
    """Whether a caller who is asked when to call him asks about what is sold, or tells of himself as a lead."""
    if not analysis.moment.is_open or analysis.has(*_STAYS):
        return False
    questions = [campaign.question(one.fact.name) for one in captured if one.fact.is_clear]
    if any(question is not None and question.kind != "timeline" for question in questions):
        return True
    asks = analysis.asks or bool(analysis.answers) or analysis.has(Intent.GO_ON)
    return asks and not analysis.has(Intent.UNCLEAR_TIME)


def _wants_to_be_met(state: DialogueState, analysis: Analysis) -> bool:
    """Whether the caller wants the appointment; asked which of both a time is for, yes means the appointment."""
    if analysis.has(Intent.WANTS_TO_BE_MET):
        return True
    if analysis.has(Intent.WANTS_A_CALL, *DECLINES):
        return False
    names_when = not analysis.moment.is_open or analysis.has(Intent.ANY_TIME)
    if state.expecting is Expectation.CALL_OR_APPOINTMENT and (analysis.polarity is True or names_when):
        return True
    return analysis.has(Intent.WANTS_APPOINTMENT) and analysis.polarity is not False and analysis.moment.at is None


def _qualifies_after_all(campaign: Campaign, state: DialogueState, captured: tuple[Captured, ...]) -> bool:
    """Whether what the caller puts right after the verdict overturns it."""
    over = state.workflow_state is WorkflowState.CLOSING and state.asked.get(CALL_OFFER, 0) > 0
    told = any(one.corrected and one.fact.degree is not None for one in captured)
    return over and told and qualify(campaign, state).qualified


def reopen_reason(campaign: Campaign, state: DialogueState) -> bool:
    """Opens the question for the caller's reason once more where he was not understood and a good one would count."""
    if state.asked.get(_REASON_AGAIN, 0):
        return False
    for question in campaign.questions:
        fact = state.facts.get(question.id)
        if question.factor != Factor.INTENT or fact is None or fact.value != OTHER_CHOICE:
            continue
        with_a_good_one = {**state.facts, question.id: Fact(question.id, "", degree=1.0)}
        if qualify(campaign, state.model_copy(update={"facts": with_a_good_one})).qualified:
            state.count_asked(_REASON_AGAIN)
            del state.facts[question.id]
            return True
    return False
