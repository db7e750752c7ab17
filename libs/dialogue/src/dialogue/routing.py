"""Decides who answers a turn, from the state, the last analysis and the words just heard, without any model call."""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from callwright_common.campaign import Campaign, ChoiceQuestion
from dialogue.call_control import Decision, about_the_call, note_requests
from dialogue.qualification.capture import Captured, capture
from dialogue.qualification.open_questions import open_questions
from dialogue.qualification.scoring import qualify
from dialogue.state import Agent, DialogueState, Slot, WorkflowState
from dialogue.turns import Keys, Opening, Route, Silence, TurnInput, Utterance
from dialogue.understanding.intents import Intent
from dialogue.understanding.utterances import Understanding, understand

_KEY_CHOICES = {"1": "the first one", "2": "the second one", "3": "the third one"}
_EARLY_QUESTIONS = 3
_STOP = re.compile(r"\b(?:(?<!not )stop|leave it|enough|leave that|quit|end (?:it|this|here))\b")
_GO_ON = re.compile(r"\b(?:go on|continue|carry on|keep going|go ahead)\b")


def route(campaign: Campaign, state: DialogueState, turn_input: TurnInput, *, turn_id: str, now: datetime) -> Route:
    """Returns who answers a turn, with what was heard taken into a copy of the state; `now` is an aware time."""
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    state = state.model_copy(deep=True)
    if isinstance(turn_input, Keys):
        turn_input = _keys_as_words(campaign, state, turn_input)
    if not isinstance(turn_input, Utterance):
        agent, stage, trigger = _without_words(state, turn_input)
        return Route(agent, stage, trigger, False, state, turn_id, turn_input)
    heard = understand(campaign, turn_input.text, local)
    captured = tuple(capture(campaign, state, heard, turn_id))
    heard = _without_false_concern(campaign, heard, captured)
    take_in(state, heard, captured, turn_id)
    agent, stage, trigger = _decide(campaign, state, heard, captured)
    needs_slots = agent is Agent.SCHEDULER and state.booked is None
    return Route(agent, stage, trigger, needs_slots, state, turn_id, turn_input, heard, captured)


def take_in(state: DialogueState, heard: Understanding, captured: tuple[Captured, ...], turn_id: str) -> None:
    """Stores the facts of an utterance and what it tells about how serious the caller is."""
    for one in captured:
        state.facts[one.fact.name] = one.fact
        if one.fact.degree is not None:
            state.last_fact = one.fact.name
            if state.pending == one.fact.name:
                state.pending, state.failures = None, 0
    if heard.has(Intent.MANIPULATION):
        return
    if heard.has(Intent.WANTS_APPOINTMENT):
        state.add_signal("appointment", turn_id, heard.quote)
    elif heard.has(Intent.INTEREST) and not heard.has(Intent.NOT_INTERESTED) and heard.polarity is not False:
        state.add_signal("interest", turn_id, heard.quote)
    if heard.answers:
        state.add_signal("question", turn_id, heard.quote)
    note_requests(state, heard)


def _keys_as_words(campaign: Campaign, state: DialogueState, keys: Keys) -> TurnInput:
    """Returns pressed keys as what they stand for: a human, a choice or a figure; else the keys themselves."""
    digits = keys.digits.strip("*#")
    if digits == "0":
        return Utterance("I would like to talk to a human")
    if state.expecting == "slot_choice" and digits in _KEY_CHOICES:
        return Utterance(_KEY_CHOICES[digits])
    pending = campaign.question(state.pending or "")
    if digits.isdigit() and pending is not None and pending.kind in {"money", "count"}:
        return Utterance(digits[:12])
    return keys


def _without_words(state: DialogueState, turn_input: TurnInput) -> Decision:
    match turn_input:
        case Opening():
            return Agent.CONVERSATION, WorkflowState.GREETING, "call_started"
        case Silence():
            return Agent.CONVERSATION, state.workflow_state, "silence"
        case _:
            return Agent.CONVERSATION, state.workflow_state, "keys_pressed"


def _without_false_concern(campaign: Campaign, heard: Understanding, captured: tuple[Captured, ...]) -> Understanding:
    """Returns the utterance without a concern that only sounded like one because it answered a question."""
    if heard.concern is None:
        return heard
    for one in captured:
        question = campaign.question(one.fact.name)
        answers_choice = isinstance(question, ChoiceQuestion) and one.fact.confidence > 0.6
        answers_when = question is not None and question.kind == "timeline" and heard.concern.id == "not_now"
        if answers_choice or answers_when:
            return replace(heard, concern=None)
    return heard


def _decide(campaign: Campaign, state: DialogueState, heard: Understanding, captured: tuple[Captured, ...]) -> Decision:
    """Returns agent, stage and trigger for an utterance: what concerns the call itself comes first."""
    return (
        about_the_call(state, heard, captured)
        or _about_the_appointment(campaign, state, heard)
        or _about_the_lead(campaign, state, heard, captured)
    )


def _about_the_appointment(campaign: Campaign, state: DialogueState, heard: Understanding) -> Decision | None:
    """Returns the decision if the utterance is about the appointment or the call's end after it."""
    scheduling = (Agent.SCHEDULER, WorkflowState.SCHEDULING, "slot_discussed")
    if state.expecting in {"slot_choice", "slot_confirmation"}:
        if heard.has(Intent.NO_APPOINTMENT) and heard.moment.is_open and not heard.questions:
            return Agent.CONVERSATION, WorkflowState.CLOSING, "appointment_declined"
        concern = heard.concern.id if heard.concern is not None else "not_now"
        objects = concern != "not_now" and heard.moment.is_open and heard.polarity is None
        if objects:
            return Agent.OBJECTION_HANDLER, WorkflowState.HANDLING_OBJECTION, "objection_raised"
        return scheduling
    if state.expecting == "day_or_leave":
        leaves = heard.moment.is_open and (heard.polarity is not None or _STOP.search(heard.words.text) is not None)
        return (Agent.CONVERSATION, WorkflowState.CLOSING, "appointment_declined") if leaves else scheduling
    if state.expecting == "callback_time":
        return Agent.CONVERSATION, WorkflowState.CLOSING, "callback_time_given"
    if state.booked is not None:
        named_other = heard.moment.names_a_day and not heard.moment.fits(_local_start(campaign, state.booked))
        changes = heard.has(Intent.RESCHEDULE) or (named_other and not heard.answers)
        return (Agent.SCHEDULER, WorkflowState.SCHEDULING, "appointment_changed") if changes else None
    if state.expecting == "anything_else" and heard.moment.names_a_day:
        state.wants_appointment = True
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, "appointment_requested"
    if heard.has(Intent.WANTS_APPOINTMENT) and not heard.answers:
        unanswered = len(open_questions(campaign, state))
        insists = state.wants_appointment or unanswered < _EARLY_QUESTIONS
        state.wants_appointment = True
        if insists:
            return Agent.SCHEDULER, WorkflowState.SCHEDULING, "appointment_requested"
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, "appointment_promised"
    return None


def _local_start(campaign: Campaign, slot: Slot) -> datetime:
    """Returns the start of a slot in the calendar's time zone."""
    return slot.start.astimezone(ZoneInfo(campaign.calendar.timezone))


def _about_the_lead(
    campaign: Campaign, state: DialogueState, heard: Understanding, captured: tuple[Captured, ...]
) -> Decision:
    """Returns the decision where nothing stands in the way of qualifying."""
    if heard.concern is not None:
        return Agent.OBJECTION_HANDLER, WorkflowState.HANDLING_OBJECTION, "objection_raised"
    if state.expecting == "move_on" and not captured:
        if _STOP.search(heard.words.text) or (heard.polarity is False and not _GO_ON.search(heard.words.text)):
            return Agent.CONVERSATION, WorkflowState.COMPLETED, "refused"
        if not open_questions(campaign, state) and heard.polarity is True:
            return Agent.SCHEDULER, WorkflowState.SCHEDULING, "appointment_requested"
    if state.expecting == "callback_offer":
        return Agent.CONVERSATION, WorkflowState.CLOSING, "callback_answered"
    if state.expecting == "anything_else" or state.workflow_state in {WorkflowState.CLOSING, WorkflowState.COMPLETED}:
        return Agent.CONVERSATION, WorkflowState.CLOSING, "closing"
    if open_questions(campaign, state):
        if not captured and state.workflow_state is WorkflowState.GREETING and not state.facts:
            return Agent.CONVERSATION, WorkflowState.GREETING, "small_talk"
        return Agent.QUALIFICATION, WorkflowState.QUALIFYING, "lead_engaged"
    if qualify(campaign, state).qualified or state.wants_appointment:
        return Agent.SCHEDULER, WorkflowState.SCHEDULING, "lead_qualified"
    return Agent.CONVERSATION, WorkflowState.CLOSING, "not_qualified"
