"""The replies after which little or nothing is left to talk about."""

from dataclasses import replace

from dialogue.agents.appointment_changes import keep
from dialogue.agents.drafting import Draft
from dialogue.agents.spoken_moments import spoken_moment
from dialogue.confidence import LIKELY
from dialogue.intents import Intent, Matter
from dialogue.language import FIRST_LANGUAGE, WORDINGS, speaking
from dialogue.moments import Moment
from dialogue.state import CloseReason, Fact
from vocabulary.enums import Expectation, WorkflowState

_MAX_ABUSE = 2
_TAKES_LEAVE = (Intent.GOODBYE, Intent.THANKS, Intent.NOTHING_MORE, Intent.NO_THANKS, Intent.IN_A_HURRY)


def refused(draft: Draft) -> None:
    """Lets a caller go who is not interested."""
    draft.note_signal("refusal")
    draft.say("goodbye.refused")
    draft.goodbye(CloseReason.DECLINED)


def do_not_call(draft: Draft) -> None:
    """Confirms what was noted for a caller who does not want to be called, and says goodbye."""
    draft.note_signal("refusal")
    draft.state.request("do_not_call")
    agrees = draft.state.expecting is Expectation.OPT_OUT_CHECK and draft.state.may_want_erasure
    forgets = draft.has(Intent.WANTS_ERASURE) or agrees
    if forgets:
        draft.state.request("erasure")
    draft.say("goodbye.erasure" if forgets else "goodbye.do_not_call")
    draft.goodbye(CloseReason.DO_NOT_CALL)


def wrong_number(draft: Draft) -> None:
    """Lets a caller go who dialled somebody else."""
    draft.say("goodbye.wrong_number")
    draft.goodbye(CloseReason.WRONG_NUMBER)


def abuse(draft: Draft) -> None:
    """Stays calm once, then ends the call."""
    state = draft.state
    if draft.has(Intent.CURSES_THE_MACHINE) and Intent.CURSES_THE_MACHINE not in state.checked:
        state.checked.append(Intent.CURSES_THE_MACHINE)
        draft.say("abuse.at_a_machine")
        draft.ask_for(Expectation.MOVE_ON, "abuse.offer_colleague")
        return
    state.abuse += 1
    if state.abuse >= _MAX_ABUSE:
        draft.sentences += draft.wordings("abuse.end")
        draft.goodbye(CloseReason.ABUSE)
        return
    draft.say("abuse.sorry")
    draft.ask_for(Expectation.MOVE_ON, "abuse.offer_colleague")


def postponed(draft: Draft) -> None:
    """Asks for a better time, or notes the one that was named."""
    state = draft.state
    draft.note_signal("postponed")
    state.pending = None
    in_grief = state.matter == Matter.DISTRESS and not draft.names_when
    if draft.has(Intent.WILL_CALL) or (in_grief and draft.analysis.polarity is False):
        if draft.route.state.has_call_noted:
            state.drop_call()
        draft.say("callback.another_time")
        draft.goodbye(CloseReason.POSTPONED)
        return
    is_plain = draft.moment.names_a_day or draft.moment.at is not None or draft.has(Intent.CALL_ME, Intent.UNCLEAR_TIME)
    was_asked = state.expecting is Expectation.CALLBACK_TIME
    if draft.names_when and (is_plain or was_asked):
        note_callback(draft)
        return
    draft.say("callback.postponed")
    draft.close_by_asking_for(Expectation.CALLBACK_TIME, "callback.ask_time")


def note_callback(draft: Draft) -> None:
    """Notes when the caller is to be called back and says goodbye; words that tell no time are noted as none."""
    state, said = draft.state, draft.analysis
    moment = said.moment if draft.moment.is_open else draft.moment
    at_any_time = draft.has(Intent.ANY_TIME) or said.polarity is True
    if moment.is_open and not (draft.has(Intent.UNCLEAR_TIME) or said.how_soon or at_any_time):
        draft.say("callback.another_time")
        draft.goodbye(CloseReason.POSTPONED)
        return
    state.request("call_back_then")
    moment, today = _on_noted_day(draft, moment), draft.now.date()
    how_soon = "" if draft.has(Intent.ANY_TIME) else said.how_soon
    when = spoken_moment(moment, today, near=True).rstrip(",") or how_soon or _any_time(at_any_time)
    with speaking(FIRST_LANGUAGE):  # who calls back reads it
        noted = spoken_moment(moment, today).rstrip(",") or how_soon or _any_time(at_any_time)
    state.offered, state.chosen, state.proposed = [], None, moment
    state.facts["callback_time"] = Fact(
        name="callback_time",
        value=noted or said.noted,
        confidence=1.0 if when and not draft.has(Intent.UNCLEAR_TIME) else LIKELY,
        turn_id=draft.route.turn_id,
        quote=said.quote,
    )
    if when:
        draft.say("callback.noted", when=draft.spoken_value(when))
    else:
        draft.say("callback.noted_as_said")
    _part_or_ask(draft)


def _part_or_ask(draft: Draft) -> None:
    """Says goodbye to whoever takes leave or has it said already; whoever does not may have something to add."""
    over = draft.route.state.workflow_state is WorkflowState.COMPLETED
    if over or draft.has(*_TAKES_LEAVE):
        draft.goodbye(CloseReason.POSTPONED)
        return
    draft.state.close_reason = CloseReason.POSTPONED
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else")


def _on_noted_day(draft: Draft, moment: Moment) -> Moment:
    """Returns when the caller is to be called; an hour alone puts right that of the day which was noted before."""
    noted = draft.state.proposed
    if noted is None or "callback_time" not in draft.state.facts or moment.names_a_day or moment.is_open:
        return moment
    return replace(moment, first_day=noted.first_day, last_day=noted.last_day, weekdays=noted.weekdays)


def _any_time(is_meant: bool) -> str:
    return WORDINGS["when.any_time"][0] if is_meant else ""


def voicemail(draft: Draft) -> None:
    """Leaves the briefest message with an answering machine."""
    draft.sentences += draft.wordings("goodbye.voicemail")
    draft.close(CloseReason.VOICEMAIL)


def appointment_declined(draft: Draft) -> None:
    """Lets go of the appointment at the first clear no; one that was to be moved stays as it is."""
    state = draft.state
    if state.booked is not None:
        keep(draft, state.booked)
        return
    draft.note_signal("refusal")
    state.offered, state.chosen, state.wants_appointment, state.close_reason = [], None, False, CloseReason.DECLINED
    draft.say("appointment.declined")
    draft.close_by_asking_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_help")
