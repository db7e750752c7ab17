"""Notes what is to be sent to the caller and where: asks for the address, reads it back, and presses nothing on him."""

from dialogue.agents.caller_questions import answer_questions
from dialogue.agents.contact_details import spoken_detail
from dialogue.agents.drafting import Draft
from dialogue.in_writing import SENT_TO
from dialogue.intents import Intent
from vocabulary.enums import Expectation, WorkflowState

_MOST_ASKED = 2
_EMAIL, _ADDRESS = SENT_TO


def in_writing(draft: Draft) -> None:
    """Takes up what was said of what is to be sent, and goes on with what is open of it."""
    state = draft.state
    draft.workflow_state = WorkflowState.CLOSING
    if draft.has(Intent.NOT_TO_BE_SENT):
        _drop(draft)
        return
    told = [one.fact.name for one in draft.captured if one.fact.name in SENT_TO]
    if draft.has(Intent.BY_POST) and _EMAIL not in told and _EMAIL not in state.withheld:
        state.withheld.append(_EMAIL)
    if draft.has(Intent.ASKS_IF_SENT):
        draft.say("in_writing.who_sends")
    if told:
        _read_back(draft, told[-1])
    elif state.expecting is Expectation.CONTACT_CONFIRMATION:
        _after_read_back(draft)
    elif state.settled.keys() & set(SENT_TO):
        _note(draft)
    elif state.expecting is Expectation.CONTACT_DETAIL:
        _not_told(draft)
    else:
        _ask(draft)


def _drop(draft: Draft) -> None:
    """Takes the wish back, and what was told only for that."""
    state = draft.state
    state.in_writing, state.pending = False, None
    state.drop_request("in_writing")
    for fact in SENT_TO:
        state.facts.pop(fact, None)
    draft.say("in_writing.dropped")
    draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")


def _read_back(draft: Draft, fact: str) -> None:
    state = draft.state
    state.pending = fact
    draft.may_repeat = True
    draft.say("in_writing.read_back", detail=spoken_detail(draft, state.facts[fact]))
    draft.ask_for(Expectation.CONTACT_CONFIRMATION, "contact.is_that_right")


def _after_read_back(draft: Draft) -> None:
    """Takes the answer to what was read back; what is wrong is asked for anew."""
    state = draft.state
    fact = next((one for one in SENT_TO if one in state.facts), None)
    if fact is not None and draft.analysis.polarity is not False and not draft.analysis.named_wrong:
        state.settled[fact] = state.agreed[fact] = state.facts[fact].value
        _note(draft)
        return
    if fact is not None:
        del state.facts[fact]
    draft.say("contact.sorry")
    _ask(draft)


def _not_told(draft: Draft) -> None:
    """Goes on where the address that was asked for was not told."""
    state = draft.state
    asked = state.pending if state.pending in SENT_TO else _EMAIL
    refuses = draft.has(Intent.DECLINES_TO_SAY, Intent.DOES_NOT_KNOW) or draft.analysis.polarity is False
    if draft.analysis.begun_email:
        draft.say("contact.noted")
        draft.ask_for(Expectation.CONTACT_DETAIL, "contact.ask_domain")
        return
    if draft.has(Intent.BY_POST, Intent.ASKS_IF_SENT):
        pass
    elif refuses or state.asked.get(asked, 0) >= _MOST_ASKED:
        state.withheld += SENT_TO
    elif not answer_questions(draft):
        draft.say("contact.not_caught" if draft.analysis.polarity is None else "in_writing.gladly")
    _ask(draft)


def _ask(draft: Draft) -> None:
    """Asks where it is to go: by e-mail, or by post where that is wanted; without either it is noted all the same."""
    state = draft.state
    fact = next((one for one in SENT_TO if one not in state.withheld), None)
    if fact is None:
        _note(draft)
        return
    if not state.asked.get(_EMAIL, 0) and not state.asked.get(_ADDRESS, 0) and not draft.has(Intent.ASKS_IF_SENT):
        draft.say("in_writing.gladly")
    state.pending = fact
    again = state.asked.get(fact, 0) and not draft.has(Intent.ASKS_IF_SENT)
    state.count_asked(fact)
    draft.ask_for(Expectation.CONTACT_DETAIL, f"contact.again_{fact}" if again else f"in_writing.ask_{fact}")


def _note(draft: Draft) -> None:
    """Says what becomes of it, and leaves the rest to the caller."""
    state = draft.state
    state.request("in_writing")
    state.pending = None
    if not draft.has(Intent.ASKS_IF_SENT):
        known = any(fact in state.settled for fact in SENT_TO)
        draft.say("in_writing.noted" if known else "in_writing.noted_without")
    draft.ask_for(Expectation.ANYTHING_ELSE, "open.anything_else_to_know")
