"""Routes callers who do not ring to buy: customers with a trouble, other people's matters, grief, danger, children.

None of them is met with the next question of the script, unless he says that he wants to go on.
"""

from dialogue.analysis import Analysis
from dialogue.contact import PERSONAL
from dialogue.intents import ABOUT_THE_TALK, ASKS_WHO_WE_ARE, HELP_WITH, IS_DONE, RINGS_FOR, TAKES_BACK, Intent, Matter
from dialogue.state import ABOUT_TIMES, BARE_YES, DialogueState
from dialogue.turns import Captured
from vocabulary.enums import Agent, Expectation, TransitionTrigger, WorkflowState

Decision = tuple[Agent, WorkflowState, TransitionTrigger]
"""Agent, stage and trigger."""

NOT_A_LEADS = (Intent.EMERGENCY, Intent.URGENT, Intent.CHILD, Intent.SUPPORT, Intent.OTHER_MATTER)
"""What is about no purchase, whoever does it."""
_GOES_ON = (Intent.GO_ON, Intent.INTEREST, Intent.WANTS_APPOINTMENT, Intent.TELL_MORE)
_OFFERED = frozenset({Expectation.MOVE_ON, Expectation.HUMAN_OFFER, None})
_ASKED_FOR_A_GROWN_UP = 2
"""How often at most."""
_OF_WHO_TAKES_THE_PHONE = (*ABOUT_THE_TALK, Intent.GREETING, Intent.REPEAT, Intent.WAIT, Intent.INTEREST)
"""What is asked by a grown-up who comes to the phone, where a child asks about anything else."""
_UNFIT = frozenset({Matter.DISTRESS, Matter.CHILD})
"""Who is asked nothing more, whatever else he says."""


_OF_WORK_DONE = frozenset({Matter.FAULT, Matter.COMPLAINT})
"""What no fact of the campaign answers where it is told of what was bought."""


def is_not_a_leads(analysis: Analysis) -> bool:
    """Whether what is told is about something that is no purchase, so that it answers no question of the script."""
    return analysis.has(*NOT_A_LEADS) and not analysis.answers


def as_a_grown_up(state: DialogueState, analysis: Analysis) -> Analysis:
    """Returns what was understood; whoever speaks as a lead is a child only by an age that he says himself."""
    if analysis.has(Intent.GROWN_UP):
        return analysis.without(Intent.CHILD)
    answered = any(fact.degree is not None and fact.is_clear for fact in (*state.facts.values(), *analysis.told))
    speaks_as_one = answered or Intent.GROWN_UP in state.checked or analysis.has(*_GOES_ON)
    if not speaks_as_one or analysis.has(Intent.OWN_AGE):
        return analysis
    return analysis.without(Intent.CHILD)


def of_letters(state: DialogueState, analysis: Analysis) -> Analysis:
    """Returns what was understood; whoever wants no more letters to somebody who died speaks of no calls."""
    if not _stops_letters(state, analysis):
        return analysis
    state.request("stop_letters")
    return analysis.without(Intent.DO_NOT_CALL, Intent.NOT_INTERESTED)


def about_letters(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if letters to somebody who died are to stop, or whom they go to was asked."""
    asked = state.expecting is Expectation.CONTACT_DETAIL and state.matter == Matter.DISTRESS
    if not _stops_letters(state, analysis) and (not asked or analysis.has(Intent.GOODBYE, Intent.WANTS_HUMAN)):
        return None
    state.matter, state.wish = Matter.DISTRESS, " ".join(filter(None, (state.wish, analysis.noted)))
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER


def _stops_letters(state: DialogueState, analysis: Analysis) -> bool:
    grieves = state.grieves or analysis.has(Intent.DISTRESS) or Matter.DISTRESS in analysis.matters
    return grieves and state.booked is None and analysis.has(Intent.STOPS_LETTERS)


def request_matters(state: DialogueState, analysis: Analysis) -> None:
    """Notes what a caller wants a human to see to who does not ring to buy."""
    if analysis.has(Intent.SUPPORT, Intent.OTHER_MATTER) and not analysis.has(Intent.CHILD):
        state.request(f"matter_{_matter(analysis)}")


def in_danger(state: DialogueState, analysis: Analysis) -> bool:
    """Whether the caller needs other help than ours, at once; whoever grieves is kept in mind to the end."""
    danger = analysis.has(Intent.EMERGENCY)
    perhaps = Matter.EMERGENCY in analysis.matters and not analysis.has(Intent.URGENT)
    danger = danger or (analysis.has(Intent.DISTRESS) and perhaps)
    state.grieves = state.grieves or analysis.has(Intent.DISTRESS)
    state.bereaved = state.bereaved or (analysis.has(Intent.DISTRESS) and Matter.DEATH in analysis.matters)
    if danger:
        state.matter = Matter.EMERGENCY
    elif analysis.has(Intent.DISTRESS) and state.matter is None:
        state.matter = Matter.DISTRESS
    return danger


def cannot_wait(state: DialogueState, analysis: Analysis) -> Decision | None:
    """Returns the decision if the caller needs somebody at once: he is put through, whatever was spoken of."""
    if not analysis.has(Intent.URGENT):
        return None
    state.matter = Matter.URGENT
    return Agent.HANDOFF, WorkflowState.HANDING_OFF, TransitionTrigger.SUPPORT_REQUESTED


def about_another_matter(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    """Returns the decision if the caller is none who rings to buy; the state keeps what he rings about."""
    open_matter = state.matter if state.expecting in _OFFERED else None
    if open_matter is not None:
        return _after_the_offer(state, analysis, captured, open_matter)
    return _first_told(state, analysis, captured)


def about_his_own_appointment(state: DialogueState, analysis: Analysis) -> Decision:
    """Returns the decision of whoever has an appointment from before the call; what he wants with it is noted."""
    state.matter, state.wish = None, analysis.noted
    cancels, moves = analysis.has(*TAKES_BACK), analysis.has(Intent.RESCHEDULE)
    state.request("cancel" if cancels else "other_time" if moves else f"matter_{Matter.VISIT}")
    return Agent.HANDOFF, WorkflowState.HANDING_OFF, TransitionTrigger.SUPPORT_REQUESTED


def _first_told(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> Decision | None:
    if state.booked is not None or state.expecting in ABOUT_TIMES:
        return None
    if analysis.has(Intent.OWN_APPOINTMENT):
        return about_his_own_appointment(state, analysis)
    matter = _matter(analysis)
    goes_on = _goes_on_in_grief(state, analysis, captured) if state.bereaved else _goes_on(analysis, captured)
    if matter is Matter.DISTRESS and goes_on:
        matter = state.matter = None
    complains = analysis.has(Intent.SUPPORT) and not _OF_WORK_DONE.isdisjoint(analysis.matters)
    if analysis.answers and matter not in _UNFIT and not complains:
        return None
    names_when = analysis.moment.first_day is not None and not analysis.moment.weekdays
    if matter is Matter.DISTRESS and analysis.has(Intent.CALL_LATER) and names_when:
        return None  # the call is noted
    if matter is None:
        return None
    state.matter = matter
    if analysis.has(Intent.SUPPORT) and matter is not Matter.CHILD and not state.facts:
        return Agent.HANDOFF, WorkflowState.HANDING_OFF, TransitionTrigger.SUPPORT_REQUESTED
    return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER


def _matter(analysis: Analysis) -> Matter | None:
    """Returns what the caller rings about, if that is no purchase."""
    if analysis.has(Intent.CHILD):
        return Matter.CHILD
    if analysis.has(Intent.SUPPORT):
        return _first_of(HELP_WITH, analysis)
    if analysis.has(Intent.OTHER_MATTER):
        return _first_of(RINGS_FOR, analysis)
    return Matter.DISTRESS if analysis.has(Intent.DISTRESS) else None


def _first_of(kinds: tuple[Matter, ...], analysis: Analysis) -> Matter:
    """Returns the likeliest of some matters; the last of them is what has no other name."""
    return next((matter for matter in analysis.matters if matter in kinds), kinds[-1])


def _after_the_offer(
    state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...], matter: str
) -> Decision | None:
    """Returns the decision where a caller with another matter was asked whether he wants something of the product."""
    if matter == Matter.CHILD:
        return _after_asking_for_a_grown_up(state, analysis, captured)
    if captured and matter in RINGS_FOR and all(one.fact.name in PERSONAL for one in captured):
        return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER
    agrees = analysis.polarity is True and not analysis.has(*IS_DONE)  # "cool, bye" is no yes
    agrees = agrees and (matter != Matter.DISTRESS or only_agrees(analysis))
    if (agrees or _goes_on(analysis, captured)) and not is_not_a_leads(analysis):
        state.matter = None
        return None
    puts_off = analysis.has(Intent.CALL_LATER) and not analysis.has(Intent.GOODBYE)
    if analysis.has(Intent.REPEAT) or (matter == Matter.DISTRESS and puts_off):
        return None
    talks_on = analysis.polarity is None and not analysis.has(*IS_DONE, Intent.THANKS)
    if matter == Matter.DISTRESS:
        talks_on = talks_on or analysis.has(Intent.DISTRESS)
    else:
        talks_on = talks_on and not (analysis.noise or analysis.has(Intent.CALL_LATER))
    if talks_on or analysis.asks or analysis.has(*ASKS_WHO_WE_ARE):
        return Agent.CONVERSATION, state.workflow_state, TransitionTrigger.OTHER_MATTER
    return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE


def only_agrees(analysis: Analysis) -> bool:
    """Whether a yes is not only how somebody who grieves goes on telling: "yeah, twelve years we had together"."""
    return len(analysis.words.split()) <= BARE_YES or analysis.has(Intent.GO_ON)


def _after_asking_for_a_grown_up(
    state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]
) -> Decision | None:
    """Returns the decision where a child was asked for a grown-up; a grown-up is talked to, whatever else he says."""
    if analysis.has(Intent.GROWN_UP):
        state.matter, state.expecting = None, Expectation.ANSWER
        return None
    fetches = analysis.has(Intent.WAIT) and analysis.polarity is not False
    leaves = (Intent.CHILD, Intent.CALL_LATER, Intent.DOES_NOT_KNOW, Intent.GOODBYE)
    if (analysis.polarity is False or analysis.has(*leaves)) and not fetches:
        return Agent.CONVERSATION, WorkflowState.COMPLETED, TransitionTrigger.GOODBYE
    fetches = fetches or analysis.polarity is True
    if analysis.asks and not fetches and not captured and not analysis.has(*_OF_WHO_TAKES_THE_PHONE):
        often = state.checked.count(Intent.CHILD) >= _ASKED_FOR_A_GROWN_UP
        stage = WorkflowState.COMPLETED if often else state.workflow_state
        return Agent.CONVERSATION, stage, TransitionTrigger.GOODBYE if often else TransitionTrigger.OTHER_MATTER
    state.matter, state.expecting = None, None
    return (state.agent, state.workflow_state, TransitionTrigger.WAIT_REQUESTED) if fetches else None


def _goes_on(analysis: Analysis, captured: tuple[Captured, ...]) -> bool:
    """Whether the caller speaks of the product, or says that he wants to go on."""
    told = any(one.fact.is_clear for one in captured)
    return told or bool(analysis.answers) or analysis.has(*_GOES_ON)


def _goes_on_in_grief(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> bool:
    """Whether a caller who tells of a death wants it all the same, or tells it only in his answer to the question."""
    answers = any(one.fact.is_clear and one.fact.name == state.last_fact for one in captured)
    return answers or analysis.has(Intent.GO_ON, Intent.WANTS_APPOINTMENT, Intent.TELL_MORE)
