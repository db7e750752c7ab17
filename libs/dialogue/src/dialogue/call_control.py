"""Routes what concerns the call itself: its end, a human, a repetition, a refusal, matters of somebody else."""

from dialogue.analysis import Analysis
from dialogue.bereavement import about_a_bereavement
from dialogue.confidence import SAID_AGAIN
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.intents import ABOUT_CALLS, ASKS_WHO_WE_ARE, Concern, Intent, Matter
from dialogue.matters import Decision, about_another_matter, about_letters, cannot_wait, in_danger, request_matters
from dialogue.screening import about_a_screener
from dialogue.state import OFFERS_A_CALL, DialogueState
from dialogue.turns import Captured
from dialogue.visits_in_grief import about_a_visit_in_grief
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState

_REQUESTS = {Intent.DO_NOT_CALL: "do_not_call", Intent.WANTS_ERASURE: "erasure", Intent.CALL_LATER: "call_back"}
CHECKS = {
    Intent.DO_NOT_CALL: Expectation.OPT_OUT_CHECK,
    Intent.WRONG_NUMBER: Expectation.WRONG_PERSON_CHECK,
    Intent.WANTS_HUMAN: Expectation.HUMAN_OFFER,
    Intent.NOT_INTERESTED: Expectation.MOVE_ON,
}
"""What is asked before it is done, the most harmful first, and what the caller is asked for."""
_NOT_OF_WHO_IS_ENGAGED = frozenset({Intent.WRONG_NUMBER, Intent.NOT_INTERESTED})
"""What is not asked of a caller who tells about himself or chooses a time."""
_NOT_OF_WHO_ASKS_BACK = frozenset({Intent.WANTS_HUMAN})
"""What is not asked of a caller who asks whom he talks to, what is booked, or plainly something else."""
_SPEAKS_FOR_HIM = 0.25
"""The degree above which an answer tells that a caller is engaged."""
_MAY_BE_LEFT = frozenset({None, Expectation.ANSWER, Expectation.MOVE_ON, *OFFERS_A_CALL})
_OFF_THE_SCRIPT = {
    Intent.OTHER_LANGUAGE: TransitionTrigger.OTHER_LANGUAGE,
    Intent.OFF_TOPIC: TransitionTrigger.OFF_TOPIC,
}
_SAYS_MORE = (
    Intent.DO_NOT_CALL, Intent.ABUSE, Intent.WANTS_HUMAN, Intent.WANTS_APPOINTMENT, Intent.RESCHEDULE, Intent.SUPPORT,
    Intent.INTEREST, Intent.CALL_LATER, Intent.REPEAT, Intent.ARE_YOU_HUMAN, Intent.MANIPULATION, Intent.SAYS_MORE,
    Intent.ANNOUNCES_A_QUESTION, Intent.AFRAID,
)  # fmt: skip


def note_requests(state: DialogueState, analysis: Analysis) -> None:
    """Notes what the caller wants a human to see to, whoever answers the turn."""
    if analysis.has(Intent.VOICEMAIL, Intent.IN_A_HURRY):
        return
    for intent, what in _REQUESTS.items():
        if analysis.has(intent) and not (intent is Intent.CALL_LATER and analysis.has(Intent.WILL_CALL)):
            state.request(what)
    request_matters(state, analysis)
    if analysis.whom and analysis.has(Intent.CALL_ME):
        state.request("call_back")
        state.request("remark")
    if analysis.objection == Concern.SEND_EMAIL:
        state.request("in_writing")


def about_the_call(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if an utterance is about the call itself, else None."""
    if state.workflow_state is WorkflowState.COMPLETED and _is_parting(analysis):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE
    if analysis.noise and not captured:
        return state.agent, state.workflow_state, TransitionTrigger.NOT_UNDERSTOOD
    if analysis.has(Intent.MANIPULATION) and not analysis.has(Intent.DO_NOT_CALL, Intent.WANTS_HUMAN):
        return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OFF_TOPIC
    if (decision := about_a_screener(state, analysis)) is not None:
        return decision
    if analysis.has(Intent.VOICEMAIL):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.VOICEMAIL
    if in_danger(state, analysis):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.OTHER_MATTER
    return (
        about_letters(state, analysis)
        or about_a_visit_in_grief(state, analysis)
        or cannot_wait(state, analysis)
        or _to_a_human(state, analysis)
        or _to_the_recording(state, analysis)
        or _to_its_end(state, analysis)
        or _to_a_complaint_of_calls(state, analysis)
        or about_a_bereavement(state, analysis)
        or about_another_matter(state, analysis, captured)
        or _to_a_pause(state, analysis, captured)
        or _to_a_check(state, analysis)
        or _off_the_script(state, analysis, captured)
    )


def _is_parting(analysis: Analysis) -> bool:
    """Whether words after the goodbye only return it: "ok bye", "thanks", "you too"."""
    tells = analysis.objection is not None or bool(analysis.told) or not analysis.moment.is_open
    if tells or analysis.asks or analysis.has(*_SAYS_MORE):
        return False
    returned = analysis.noise or analysis.polarity is not None
    return returned or analysis.has(Intent.SAME_TO_YOU, Intent.GOODBYE, Intent.THANKS, Intent.NOT_INTERESTED)


def _to_a_human(state: DialogueState, analysis: Analysis) -> Decision | None:
    if analysis.has(Intent.DO_NOT_CALL):
        return None
    says_yes = _agrees(state, analysis) and not analysis.has(Intent.REPEAT, Intent.SLOWER)
    agrees = says_yes or (analysis.has(Intent.OTHER_LANGUAGE) and analysis.polarity is None)
    insists = Intent.WANTS_HUMAN in state.checked and analysis.may_mean(Intent.WANTS_HUMAN, at_least=SAID_AGAIN)
    if analysis.has(Intent.WANTS_HUMAN) or insists or (state.expecting is Expectation.HUMAN_OFFER and agrees):
        return Agent.HANDOFF, WorkflowState.HANDING_OFF, TransitionTrigger.HUMAN_REQUESTED
    return None


def _to_the_recording(state: DialogueState, analysis: Analysis) -> Decision | None:
    if not analysis.has(Intent.AGAINST_RECORDING) or analysis.has(Intent.DO_NOT_CALL, Intent.ABUSE, Intent.GOODBYE):
        return None
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.DOUBTED


def _agrees(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a yes is to what was asked last; whoever answers the question of the script goes on with that."""
    return analysis.polarity is True and not any(fact.name == state.last_fact for fact in analysis.told)


def _to_its_end(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision of an utterance after which nothing is left to talk about."""
    over = (Agent.CONVERSATION, WorkflowState.COMPLETED)
    settled = state.booked is not None or state.expecting is Expectation.ANYTHING_ELSE
    if analysis.has(Intent.DO_NOT_CALL) or _opts_out_after_all(state, analysis):
        return *over, TransitionTrigger.DO_NOT_CALL
    if analysis.has(Intent.ABUSE, Intent.CURSES_THE_MACHINE):
        return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.ABUSE
    if analysis.has(Intent.PESTERED) and Intent.DO_NOT_CALL not in state.checked:
        return None  # it is asked whether he is to be called no more
    checked = state.expecting is Expectation.WRONG_PERSON_CHECK
    is_right = checked and analysis.has(Intent.RIGHT_PERSON)
    if (analysis.has(Intent.WRONG_NUMBER) or (checked and _agrees(state, analysis))) and not is_right:
        return *over, TransitionTrigger.WRONG_NUMBER
    if _denies_a_check(state, analysis):
        return None
    if analysis.has(Intent.SAYS_MORE):
        return None
    if settled and not analysis.asks and analysis.has(Intent.NOTHING_MORE):
        return *over, TransitionTrigger.GOODBYE
    declines = analysis.has(Intent.NO_THANKS, Intent.NO_APPOINTMENT) and not state.facts and not state.offered
    times_are_open = state.chosen is not None or bool(state.offered)
    lets_go = times_are_open and (analysis.has(Intent.CANCEL) or state.booked is not None)
    if _leaves_it(state, analysis):
        return *over, TransitionTrigger.REFUSED
    if declines or (analysis.has(Intent.NOT_INTERESTED) and analysis.polarity is not True and not lets_go):
        return *over, TransitionTrigger.GOODBYE if settled else TransitionTrigger.REFUSED
    return None


def _leaves_it(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller who is asked about himself lets it be, or refuses again where he was asked about his refusal."""
    if state.booked is not None or state.offered or state.expecting not in _MAY_BE_LEFT:
        return False
    again = state.expecting is Expectation.MOVE_ON and Intent.NOT_INTERESTED in state.checked
    again = again and analysis.may_mean(Intent.NOT_INTERESTED, at_least=SAID_AGAIN)
    return analysis.has(Intent.LEAVES_IT) or again


def _denies_a_check(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller says that something grave was not meant: his no is to that alone."""
    checks = {Expectation.OPT_OUT_CHECK, Expectation.WRONG_PERSON_CHECK, Expectation.HUMAN_OFFER}
    declines = analysis.has(Intent.NOT_INTERESTED) or analysis.may_mean(Intent.NOT_INTERESTED)
    refuses = declines and not analysis.has(Intent.NO_THANKS)
    is_right = state.expecting is Expectation.WRONG_PERSON_CHECK and analysis.has(Intent.RIGHT_PERSON)
    return is_right or (state.expecting in checks and analysis.polarity is False and not refuses)


def _opts_out_after_all(state: DialogueState, analysis: Analysis) -> bool:
    """Whether a caller agrees to be called no more, or says something like it once more."""
    if state.expecting is Expectation.OPT_OUT_CHECK:
        refuses = analysis.has(Intent.NOT_INTERESTED, Intent.NO_THANKS, Intent.STOP, Intent.GOODBYE, Intent.THANKS)
        return _agrees(state, analysis) or (analysis.polarity is None and refuses)
    return Intent.DO_NOT_CALL in state.checked and analysis.may_mean(Intent.DO_NOT_CALL, at_least=SAID_AGAIN)


def doubted(state: DialogueState, analysis: Analysis) -> Intent | None:
    """Returns what is to be asked before it is done, because what was said leaves doubt."""
    if state.expecting in ABOUT_THE_CONTACT or analysis.has(Intent.LEAVES_IT, Intent.WILL_CALL):
        return None  # names, numbers and addresses sound like anything
    answers = any(fact.degree is not None and fact.degree > _SPEAKS_FOR_HIM for fact in analysis.told)
    engaged = answers or state.booked is not None or bool(state.offered)
    asks_back = analysis.has(*ASKS_WHO_WE_ARE, Intent.ASKS_IF_BOOKED)
    out_of_place = (_NOT_OF_WHO_IS_ENGAGED if engaged else frozenset()) | (
        _NOT_OF_WHO_ASKS_BACK if asks_back or (analysis.asks_besides and analysis.unanswered) else frozenset()
    )
    for intent in CHECKS:
        in_grief = intent is Intent.NOT_INTERESTED and state.matter == Matter.DISTRESS
        if analysis.may_mean(intent) and intent not in {*state.checked, *out_of_place} and not in_grief:
            return intent
    return None


def _to_a_complaint_of_calls(state: DialogueState, analysis: Analysis) -> Decision | None:
    asks_who = analysis.has(Intent.WAS_CALLED) and analysis.has(*ASKS_WHO_WE_ARE)
    if not analysis.has(*ABOUT_CALLS) or asks_who:
        return None
    if doubted(state, analysis) is Intent.DO_NOT_CALL:
        return _to_a_check(state, analysis)
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER


def _to_a_check(state: DialogueState, analysis: Analysis) -> Decision | None:
    if _denies_a_check(state, analysis) or doubted(state, analysis) is None:
        return None
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.DOUBTED


def _off_the_script(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    if analysis.answers or any(one.fact.is_clear for one in captured):
        return None
    for intent, trigger in _OFF_THE_SCRIPT.items():
        if analysis.has(intent):
            return Agent.CONVERSATION, state.workflow_state, trigger
    return None


def _to_a_pause(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision of an utterance that asks for a repetition, for patience or for another time."""
    asks_more = analysis.has(*ASKS_WHO_WE_ARE, Intent.WHY_ASKING, Intent.ASKS_IF_BOOKED)
    asks_more = asks_more and not analysis.has(Intent.SLOWER)
    if analysis.has(Intent.REPEAT, Intent.SLOWER) and not captured and state.last_reply and not asks_more:
        return state.agent, state.workflow_state, TransitionTrigger.REPEAT_REQUESTED
    if analysis.has(Intent.GOODBYE) and not analysis.answers and not analysis.has(Intent.SAYS_MORE):
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE
    if analysis.has(Intent.WILL_CALL) and state.booked is None:
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.POSTPONED
    says_when = not analysis.moment.is_open or analysis.has(Intent.SAYS_WHEN)
    asked_when = state.expecting is Expectation.CALLBACK_TIME
    if asked_when and says_when:
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.CALLBACK_TIME_GIVEN
    if analysis.has(Intent.CALL_LATER) and not (asked_when or state.booked or analysis.has(Intent.IN_A_HURRY)):
        return Agent.CONVERSATION, WorkflowState.CLOSING, TransitionTrigger.POSTPONED
    goes_on = captured or analysis.answers or analysis.has(Intent.SAYS_WHEN, Intent.DECLINES_TO_SAY)
    if analysis.has(Intent.WAIT) and not goes_on:
        return state.agent, state.workflow_state, TransitionTrigger.WAIT_REQUESTED
    return None
