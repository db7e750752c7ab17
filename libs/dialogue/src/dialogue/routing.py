"""Decides who answers a turn, from the state and what was understood, without any model call."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign
from dialogue.analysis import Analysis
from dialogue.calendar_changes import about_the_change, wants_back
from dialogue.call_control import CHECKS, about_the_call
from dialogue.call_offer import about_the_call_offer, reopen_reason
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL, unsettled
from dialogue.cut_off import about_what_was_cut_off, without_assent
from dialogue.in_writing import about_what_is_sent
from dialogue.intents import (
    ABOUT_THE_APPOINTMENT,
    CHANGES,
    COMES_FIRST,
    IS_DONE,
    OF_THE_LINE,
    PAUSES,
    TAKES_BACK,
    Concern,
    Intent,
)  # fmt: skip
from dialogue.language import language
from dialogue.matters import Decision, about_his_own_appointment, as_a_grown_up, of_letters
from dialogue.moments import ANY_TIME
from dialogue.open_ends import about_an_open_end, takes_leave
from dialogue.out_of_reach import REASONS, about_who_cannot_have_it
from dialogue.qualification import may_qualify, open_questions, qualify
from dialogue.state import ABOUT_TIMES, ASKS_WHEN, NEVER_HAD, OF_A_CALL, OFFERS_A_CALL, DialogueState
from dialogue.taking_in import take_in
from dialogue.turns import Captured, Route
from dialogue.wishes import ahead_of_times, looked_up, on_day_of, rule_out, spoken_of, wished, wishes_before_times
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState
from vocabulary.turns import KeyPresses, Opening, TurnInput

_WORDS = language("matching").words
_EARLY_QUESTIONS = 3
_BEFORE_THE_CONTACT = (Intent.DO_NOT_CALL, Intent.ABUSE, Intent.WANTS_HUMAN)
"""What is heard before what is said of the caller's details."""
_BEFORE_A_CALL = (*COMES_FIRST, Intent.WANTS_APPOINTMENT, Intent.WANTS_HUMAN, Intent.WANTS_ERASURE)
"""What is heard before another time of a call that was noted."""
_OF_A_DETAIL = (Intent.DECLINES_TO_SAY, Intent.THIS_NUMBER, Intent.WHY_ASKING)
"""What is said only of the detail that is asked for."""
_INSTEAD_OF_THE_CONTACT = (*CHANGES, Intent.GOODBYE, Intent.VOICEMAIL, Intent.MANIPULATION)
"""What is heard instead of a detail, where none is told."""
_LETS_GO_OF_A_TIME = (*TAKES_BACK, Intent.NO_APPOINTMENT, Intent.LEAVES_IT, Intent.KEEPS_APPOINTMENT)
_PUTS_OFF = frozenset(
    {TransitionTrigger.REPEAT_REQUESTED, TransitionTrigger.WAIT_REQUESTED, TransitionTrigger.NOT_UNDERSTOOD}
)
"""After these, what is suspected is still to be asked."""
_LEADS_ON = frozenset({None, Expectation.ANSWER, *CHECKS.values()})


def route(
    campaign: Campaign,
    state: DialogueState,
    turn_input: TurnInput,
    analysis: Analysis | None,
    *,
    turn_id: str,
    now: datetime,
) -> Route:
    """Returns who answers a turn, with what was understood taken into a copy of the state.

    Args:
        campaign: The campaign.
        state: Where the conversation stands.
        turn_input: What happened.
        analysis: What the caller's words or keys tell; None for an opening and for silence.
        turn_id: The turn.
        now: An aware time.
    """
    state = state.fork()
    state.language = campaign.in_language(state.language).language
    captured: tuple[Captured, ...] = ()
    if analysis is None:
        decision = _without_words(state, turn_input)
        if isinstance(turn_input, Opening):
            state.caller_number = turn_input.caller_number
    else:
        analysis = without_assent(state, of_letters(state, as_a_grown_up(state, analysis)))
        state.language = _language(campaign, state, analysis)
        suspected, captured = state.suspected, take_in(state, analysis, turn_id)
        decision = _decide(campaign, state, turn_input, analysis, captured)
        decision = about_the_change(state, analysis, decision)
        if decision[2] in _PUTS_OFF:
            state.suspected = suspected
    agent, stage, trigger = decision
    needs_slots = agent is Agent.SCHEDULER
    wish = wished(state, analysis) if analysis is not None else ANY_TIME
    of_a_meeting = wish.only_excludes and state.expecting not in OF_A_CALL
    if agent is Agent.SCHEDULER or trigger is TransitionTrigger.APPOINTMENT_PROMISED or of_a_meeting:
        rule_out(wish, state)
    if trigger is TransitionTrigger.APPOINTMENT_PROMISED and not wish.is_open:
        spoken_of(wish, state)
        state.proposed = on_day_of(state.proposed, wish)
    lookup = looked_up(campaign, state, state.proposed if ahead_of_times(state, wish) and state.proposed else wish)
    return Route(agent, stage, trigger, needs_slots, state, turn_id, turn_input, analysis, captured, wish, lookup)


def _language(campaign: Campaign, state: DialogueState, analysis: Analysis) -> str:
    """Returns the language to go on in: the one that was spoken or asked for, if it is one of the campaign's."""
    told = (analysis.wanted_language, analysis.language)
    return next((one for one in told if one in campaign.languages and one is not None), state.language)


def _without_words(state: DialogueState, turn_input: TurnInput) -> Decision:
    if isinstance(turn_input, Opening):
        return Agent.CONVERSATION, WorkflowState.GREETING, TransitionTrigger.CALL_STARTED
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.SILENCE


def _decide(
    campaign: Campaign,
    state: DialogueState,
    turn_input: TurnInput,
    analysis: Analysis,
    captured: tuple[Captured, ...],
) -> Decision:
    """Returns agent, stage and trigger: what concerns the call itself comes first."""
    if isinstance(turn_input, KeyPresses) and analysis.noise:
        return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.KEYS_PRESSED
    return (
        about_what_was_cut_off(state, analysis, captured)
        or _about_what_is_denied(state, analysis)
        or _about_his_data(state, analysis)
        or _about_the_booking(campaign, state, analysis)
        or _about_the_contact(campaign, state, analysis, captured)
        or _about_somebody_else(state, analysis)
        or about_who_cannot_have_it(campaign, state, analysis, captured)
        or about_what_is_sent(state, analysis, captured)
        or about_the_call_offer(campaign, state, analysis, captured)
        or _about_the_call_back(state, analysis)
        or about_an_open_end(state, analysis)
        or about_the_call(state, analysis, captured)
        or _about_the_appointment(campaign, state, analysis)
        or _about_nothing_known(state, analysis, captured)
        or _about_the_lead(campaign, state, analysis, captured)
    )


def _about_what_is_denied(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if the caller denies an answer that was noted: he is asked anew, unless he has booked."""
    if not analysis.denied or analysis.has(*IS_DONE, Intent.STOP):
        return None
    if state.may_be_booked:
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.SMALL_TALK
    return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED


def _about_his_data(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if a caller who booked, or may have, wants his data deleted: the appointment stays his."""
    wants_it = analysis.has(Intent.WANTS_ERASURE) or (state.is_in_doubt and bool(analysis.takes_out))
    if not state.may_be_booked or not wants_it or analysis.has(*_BEFORE_THE_CONTACT):
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CONTACT_DISCUSSED


def _about_the_booking(campaign: Campaign, state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if the booked appointment is taken back: nobody hangs up on words that cancel it."""
    if analysis.has(*OF_THE_LINE, Intent.WANTS_HUMAN):
        return None
    if wants_back(campaign, state, analysis):
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_CHANGED
    if state.booked is None or takes_leave(state, analysis):
        return None
    checked = state.expecting is Expectation.CANCELLATION_CHECK and analysis.polarity is not None
    perhaps = analysis.has(Intent.MAY_CANCEL, Intent.KEEPS_APPOINTMENT) and state.expecting not in ABOUT_TIMES
    if not (analysis.has(Intent.CANCEL) or checked or perhaps):
        return None
    return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_CHANGED


def _about_the_contact(
    campaign: Campaign, state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision | None:
    """Returns the decision if the caller tells whom the booking is with, or puts right what was noted of it.

    A no to a detail is no no to the appointment.
    """
    if state.booked is None or analysis.has(*_BEFORE_THE_CONTACT):
        return None
    asked = state.expecting in ABOUT_THE_CONTACT
    told = [one.fact.name for one in captured if one.fact.name in PERSONAL]
    speaks_of_it = told or analysis.named_wrong or analysis.begun_email or analysis.has(*_OF_A_DETAIL)
    answers = asked and (speaks_of_it or _says_yes_or_no(analysis))
    puts_right = set(told) & set(unsettled(campaign, state)) or analysis.named_wrong
    puts_right = (state.expecting is Expectation.ANYTHING_ELSE and puts_right) or analysis.takes_out
    told = told or [*analysis.takes_out, *analysis.named_wrong, *analysis.offers]
    if not (answers or puts_right or analysis.offers) or (not told and _leaves_the_contact(state, analysis)):
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CONTACT_DISCUSSED


def _about_somebody_else(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if somebody else is to be told something, or is named as who is to be called."""
    names_whom = analysis.whom and (analysis.has(Intent.CALL_ME) or state.pending is None)
    asked = state.expecting in ASKS_WHEN | ABOUT_THE_CONTACT or state.expecting is Expectation.CANCELLATION_CHECK
    if asked or not (analysis.message or names_whom) or analysis.has(*COMES_FIRST, *REASONS):
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CLOSING


def _says_yes_or_no(analysis: Analysis) -> bool:
    return analysis.polarity is not None and not analysis.has(*PAUSES)


def _leaves_the_contact(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller who is asked for a detail speaks of the appointment itself, or of the call's end."""
    is_done = state.expecting is Expectation.CONTACT_DETAIL and analysis.polarity is not False
    is_done = is_done and analysis.has(Intent.NOTHING_MORE)
    return is_done or analysis.has(*_INSTEAD_OF_THE_CONTACT) or analysis.moment.names_a_day


def _about_the_appointment(campaign: Campaign, state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if an utterance is about the appointment or the call's end after it."""
    scheduling = (Agent.SCHEDULER, WorkflowState.SCHEDULING)
    closing = (Agent.CONVERSATION, WorkflowState.CLOSING)
    names_one = analysis.picks is not None or not analysis.moment.is_open
    after_all = state.expecting is Expectation.HUMAN_OFFER and bool(state.offered) and names_one
    if state.expecting in ABOUT_TIMES or after_all:
        return _about_a_slot(campaign, state, analysis)
    if _suits_none(state, analysis):
        return *closing, TransitionTrigger.APPOINTMENT_DECLINED
    if state.booked is not None and state.expecting in ABOUT_THE_CONTACT and not _leaves_the_contact(state, analysis):
        return *closing, TransitionTrigger.CONTACT_DISCUSSED
    if _tells_when_to_call(state, analysis):
        return *closing, TransitionTrigger.CALLBACK_TIME_GIVEN
    nothing_yet = state.booked is None and not (state.offered or state.facts or _had_one(state))
    if nothing_yet and analysis.has(Intent.RESCHEDULE) and state.expecting not in OFFERS_A_CALL:
        return about_his_own_appointment(state, analysis)
    if state.booked is not None:
        start = state.booked.start_time.astimezone(ZoneInfo(campaign.calendar.timezone))
        named_other = analysis.moment.names_a_day and not analysis.moment.fits(start)
        is_ahead = analysis.moment.last_day is not None and analysis.moment.last_day < start.date()
        named_other = named_other and not (analysis.only_asks and is_ahead)  # "anything to do before Wednesday?"
        asks_about_it = bool(analysis.answers) or analysis.has(*ABOUT_THE_APPOINTMENT)
        changes = (analysis.has(Intent.RESCHEDULE) or named_other) and not asks_about_it
        changes = changes or state.expecting is Expectation.CANCELLATION_CHECK
        return (*scheduling, TransitionTrigger.APPOINTMENT_CHANGED) if changes else None
    if state.expecting is Expectation.ANYTHING_ELSE and analysis.moment.names_a_day:
        state.wants_appointment = True
        return *scheduling, TransitionTrigger.APPOINTMENT_REQUESTED
    promised = (Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.APPOINTMENT_PROMISED)
    only_asks = analysis.answers and not state.in_writing  # in place of the letter he wants to be met
    if analysis.has(Intent.WANTS_APPOINTMENT) and not analysis.has(Intent.NO_APPOINTMENT) and not only_asks:
        insists = state.wants_appointment or len(open_questions(campaign, state)) < _EARLY_QUESTIONS
        state.wants_appointment = True
        return (*scheduling, TransitionTrigger.APPOINTMENT_REQUESTED) if insists else promised
    return promised if wishes_before_times(campaign, state, analysis) else None


def _had_one(state: DialogueState) -> bool:
    """Whether an appointment was booked in this call, though it stands no more."""
    return any(one.kind == "booked" for one in state.signals)


def _suits_none(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller whom no time suits wants no human either."""
    refuses = analysis.polarity is False or analysis.has(*_LETS_GO_OF_A_TIME, Intent.STOP, Intent.NO_THANKS)
    return state.expecting is Expectation.HUMAN_OFFER and state.out_of_hours >= NEVER_HAD and refuses


def _about_the_call_back(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if a caller names another time for the call back that was just noted, even as he goes."""
    just_noted = state.workflow_state is WorkflowState.COMPLETED or state.expecting is Expectation.ANYTHING_ELSE
    of_the_call = "callback_time" in state.facts and not analysis.has(*_BEFORE_A_CALL)
    if not (just_noted and of_the_call and _names_when(analysis)) or analysis.only_asks:
        return None
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CALLBACK_TIME_GIVEN


def _tells_when_to_call(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller tells when to call him: he was asked, or wanted a call before."""
    if state.expecting is Expectation.CALLBACK_TIME:
        return True
    meets = state.wants_appointment or analysis.has(Intent.WANTS_APPOINTMENT) or _had_one(state)
    wanted = state.requested("call_back") and "callback_time" not in state.facts and not meets
    return wanted and _names_when(analysis) and not (analysis.told or analysis.asks)


def _names_when(analysis: Analysis) -> bool:
    moment = analysis.moment
    bounded = moment.not_before is not None or moment.not_after is not None
    return moment.names_a_day or moment.at is not None or bounded


def _about_a_slot(campaign: Campaign, state: DialogueState, analysis: Analysis) -> Decision:
    """Returns the decision where a time was offered or asked for."""
    declined = (Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.APPOINTMENT_DECLINED)
    no_time = analysis.moment.is_open
    picks = analysis.picks is not None or analysis.has(Intent.OTHER_OFFERED_TIME, Intent.LATER, Intent.EARLIER)
    says_nothing_of_when = no_time and not analysis.has(Intent.UNCLEAR_TIME)
    wants_a_call = analysis.has(Intent.CALL_ME) and analysis.has(Intent.SAYS_WHEN)
    wants_a_call = (wants_a_call or analysis.has(Intent.WANTS_A_CALL)) and state.booked is None
    is_a_call = any(word in campaign.appointment.name.lower() for word in _WORDS["names_of_a_call"])
    if wants_a_call and not is_a_call:
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.POSTPONED
    if (analysis.withdrawn or analysis.cools) and not analysis.has(*_LETS_GO_OF_A_TIME):
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.SLOT_DISCUSSED
    if state.expecting is Expectation.DAY_OR_LEAVE:
        if says_nothing_of_when and (analysis.polarity is not None or analysis.has(Intent.STOP)):
            return declined
    elif analysis.has(*_LETS_GO_OF_A_TIME) and says_nothing_of_when and not picks and not _asks_on(analysis):
        return declined
    elif analysis.objection not in {None, Concern.NOT_NOW} and no_time and analysis.polarity is None:
        return Agent.OBJECTION_HANDLER, WorkflowState.HANDLING_OBJECTION, TransitionTrigger.OBJECTION_RAISED
    return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.SLOT_DISCUSSED


def _asks_on(analysis: Analysis) -> bool:
    """Whether something is asked that is to be answered first; whoever leaves it at that wonders at most."""
    return analysis.asks and (bool(analysis.answers) or not analysis.has(Intent.LEAVES_IT))


def _about_nothing_known(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if nothing was understood where it should lead on: no question of the script follows it."""
    if captured or not analysis.is_empty or state.expecting not in _LEADS_ON:
        return None
    return state.agent, state.workflow_state, TransitionTrigger.NOT_UNDERSTOOD


def _to_move_on(campaign: Campaign, state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision where a caller was asked whether to go on."""
    goes_on = analysis.has(Intent.GO_ON, Intent.INTEREST, Intent.SAYS_MORE)
    if analysis.has(Intent.STOP) or (analysis.polarity is False and not goes_on):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.REFUSED
    goes_on = analysis.polarity is True or analysis.moment.names_a_day
    if not open_questions(campaign, state) and goes_on:
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.APPOINTMENT_REQUESTED
    return None


def _about_the_lead(
    campaign: Campaign, state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision:
    """Returns the decision where nothing stands in the way of qualifying."""
    if analysis.objection is not None:
        return Agent.OBJECTION_HANDLER, WorkflowState.HANDLING_OBJECTION, TransitionTrigger.OBJECTION_RAISED
    if state.expecting is Expectation.MOVE_ON and not captured and (decision := _to_move_on(campaign, state, analysis)):
        return decision
    closing = (Agent.CONVERSATION, WorkflowState.CLOSING)
    if analysis.has(Intent.OWNER_AGREES) and open_questions(campaign, state):
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED
    if state.expecting in OFFERS_A_CALL:
        return *closing, TransitionTrigger.CALLBACK_ANSWERED
    over = state.workflow_state in {WorkflowState.CLOSING, WorkflowState.COMPLETED}
    if over or state.expecting is Expectation.ANYTHING_ELSE:
        return *closing, TransitionTrigger.CLOSING
    if open_questions(campaign, state):
        if not captured and state.workflow_state is WorkflowState.GREETING and not state.facts:
            return Agent.CONVERSATION, WorkflowState.GREETING, TransitionTrigger.SMALL_TALK
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED
    return _once_all_is_asked(campaign, state)


def _once_all_is_asked(campaign: Campaign, state: DialogueState) -> Decision:
    """Returns the decision by what was told; a visit is not refused for what was not understood."""
    if qualify(campaign, state).qualified or state.wants_appointment:
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, TransitionTrigger.LEAD_QUALIFIED
    if state.expecting is not Expectation.MOVE_ON and may_qualify(campaign, state):
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED  # it offers a time
    if reopen_reason(campaign, state):
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, TransitionTrigger.LEAD_ENGAGED
    return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.NOT_QUALIFIED
