"""Takes what was understood of a turn into the state: facts, how serious the caller is, what a human is to see to."""

from dataclasses import replace

from callwright_common.campaign import Authority
from dialogue.analysis import AUTHORITY_VALUES, Analysis
from dialogue.bereavement import asks_for_it, is_bereaved
from dialogue.call_control import note_requests
from dialogue.circles import note_said
from dialogue.contact import PERSONAL
from dialogue.intents import Intent
from dialogue.matters import is_not_a_leads
from dialogue.screening import is_screened
from dialogue.state import DialogueState, Fact
from dialogue.turns import Captured

_ALONE = AUTHORITY_VALUES[Authority.ALONE]


def take_in(state: DialogueState, analysis: Analysis, turn_id: str) -> tuple[Captured, ...]:
    """Stores what was understood: facts, how serious the caller is, and what he wants a human to see to."""
    state.suspected = []
    state.zone = analysis.zone or state.zone
    known = {name: fact.value for name, fact in state.facts.items()}
    captured = tuple(_captured(state, fact, turn_id) for fact in (*_of_the_lead(state, analysis), *analysis.withdrawn))
    for one in captured:
        state.facts[one.fact.name] = one.fact
        if one.fact.degree is not None:
            state.last_fact = one.fact.name
            if state.pending == one.fact.name:
                state.pending = None
    note_said(state, analysis, tells=any(known.get(one.fact.name) != one.fact.value for one in captured))
    _take_out(state, analysis)
    _take_back(state, analysis)
    _keep_what_is_offered(state, analysis, captured)
    told = any(one.fact.name == "email" for one in captured) or "email" in analysis.takes_out
    state.begun_email = "" if told else analysis.begun_email or state.begun_email
    if captured or analysis.answers or not analysis.is_empty:
        state.failures = 0
    if analysis.has(Intent.MANIPULATION):
        return captured
    if analysis.has(Intent.WANTS_APPOINTMENT):
        state.add_signal("appointment", turn_id, analysis.quote)
    elif analysis.has(Intent.INTEREST) and not analysis.has(Intent.NOT_INTERESTED) and analysis.polarity is not False:
        state.add_signal("interest", turn_id, analysis.quote)
    if analysis.cools:
        state.add_signal("doubt", turn_id, analysis.quote)
    if analysis.answers:
        state.add_signal("question", turn_id, analysis.quote)
    _forget_foreign(state, analysis, captured)
    note_requests(state, analysis)
    return captured


def _forget_foreign(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> None:
    """Forgets the language that the agents do not speak once the caller tells something in one that they do."""
    if captured and not analysis.has(Intent.OTHER_LANGUAGE):
        state.foreign = ""


def _take_out(state: DialogueState, analysis: Analysis) -> None:
    """Forgets details of the caller, which are not asked for again."""
    details = analysis.takes_out
    state.caller_number = "" if analysis.has(Intent.WANTS_ERASURE) else state.caller_number
    for fact in details:
        for told in (state.facts, state.read_back, state.settled, state.agreed):
            told.pop(fact, None)
    state.withheld = list(dict.fromkeys([*state.withheld, *details]))


def _take_back(state: DialogueState, analysis: Analysis) -> None:
    """Forgets answers that the caller denies, which are asked for anew; no time is offered on them."""
    for name in analysis.denied:
        state.facts.pop(name, None)
        state.asked[name] = min(state.asked.get(name, 0), 1)
    if analysis.denied:
        state.pending, state.offered, state.chosen = None, [], None


def _keep_what_is_offered(state: DialogueState, analysis: Analysis, captured: tuple[Captured, ...]) -> None:
    """Keeps with the booking what a caller offers or tells of himself; what is known already is read back to him."""
    if state.booked is None:
        return
    told = [one.fact.name for one in captured if one.fact.name in PERSONAL]
    state.offered_details = list(dict.fromkeys([*state.offered_details, *analysis.offers, *told]))
    state.withheld = [fact for fact in state.withheld if fact not in analysis.offers]
    for fact in analysis.offers:
        state.settled.pop(fact, None)


def _of_the_lead(state: DialogueState, analysis: Analysis) -> list[Fact]:
    """Returns the facts that are told of him as a lead: not those of another matter, nor those of his grief."""
    if is_screened(state, analysis):
        return [fact for fact in analysis.told if fact.name in PERSONAL and fact.name != "caller_name"]
    if is_not_a_leads(analysis) or (is_bereaved(state) and not asks_for_it(state, analysis)):
        return [fact for fact in analysis.told if fact.name in PERSONAL]
    if analysis.has(Intent.DISTRESS) and not analysis.has(Intent.GO_ON):
        return [fact for fact in analysis.told if fact.name in PERSONAL or _is_plain_answer(state, fact)]
    return list(analysis.told)


def _is_plain_answer(state: DialogueState, fact: Fact) -> bool:
    return fact.name == state.pending and (fact.number is not None or fact.value == _ALONE)


def _captured(state: DialogueState, found: Fact, turn_id: str) -> Captured:
    before = state.facts.get(found.name)
    fact = replace(found, turn_id=turn_id)
    return Captured(fact, corrected=before is not None and before.value != fact.value)
