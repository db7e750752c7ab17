"""Turns what an utterance tells into facts about the caller, given what he was asked."""

from dataclasses import replace

from callwright_common.campaign import (
    AuthorityQuestion,
    Campaign,
    ChoiceQuestion,
    Question,
    RangeQuestion,
    YesNoQuestion,
)
from dialogue.call_control import CHECKS
from dialogue.contact import ABOUT_THE_CONTACT, PERSONAL
from dialogue.grammar.counts import lists_people
from dialogue.intents import OF_OTHER_TIMES, Intent
from dialogue.language import language
from dialogue.rules.amounts import counts_time, fits_only, plausible
from dialogue.rules.answers import cues, denies_another, read_answer
from dialogue.rules.breath import read_breath
from dialogue.rules.call_offer import wanted_of_both
from dialogue.rules.contact import read_contact
from dialogue.rules.matching import shares_cue
from dialogue.rules.utterances import Understanding
from dialogue.state import ASKS_WHEN, DialogueState, Fact
from vocabulary.enums import Expectation, WorkflowState

_HEARD = language("answers").patterns


def find_facts(
    campaign: Campaign, state: DialogueState, said: Understanding, parts: tuple[Understanding, ...] = ()
) -> list[Fact]:
    """Returns the facts of an utterance; the open question comes first.

    Digits of a number and letters of a name that a booking is with answer nothing else.

    Args:
        campaign: The campaign.
        state: Where the conversation stands.
        said: What the utterance tells.
        parts: What the parts of it tell that may each be an answer of its own.
    """
    if said.only_asks and _HEARD["reckons"].search(said.words.text):
        return []
    if said.has(Intent.MANIPULATION) or (said.noise and state.expecting not in ABOUT_THE_CONTACT):
        return []
    of_himself = read_contact(campaign, state, said)
    of_the_booking = state.takes_contact and any(fact.name in PERSONAL for fact in of_himself)
    return of_himself if said.noise or of_the_booking else _answers(campaign, state, said, parts) + of_himself


def _answers(
    campaign: Campaign, state: DialogueState, said: Understanding, parts: tuple[Understanding, ...]
) -> list[Fact]:
    """Returns what an utterance tells of the campaign's questions; the open one comes first."""
    pending = campaign.question(state.pending or "")
    found = [] if _tells_when(state, said) else read_breath(campaign, state, said, parts)
    fact = None if pending is None else _asked_for(campaign, state, pending, said, found)
    found = [*([fact] if fact else []), *found]
    taken = {fact.name for fact in found}
    if not _tells_when(state, said):
        for question in campaign.questions:
            if question.id in taken or pending is question:
                continue
            fact = _volunteered(campaign, question, said, found=found, state=state)
            if fact:
                found.append(fact)
                taken.add(question.id)
    return found


def _tells_when(state: DialogueState, said: Understanding) -> bool:
    """Whether an utterance is about a time; whoever is asked when to call him and names none may tell anything."""
    if state.expecting is not Expectation.CALLBACK_TIME or not said.moment.is_open:
        return state.expecting in ASKS_WHEN
    sets_it_aside = not {Intent.NO_CALL, Intent.HAS_TIME_NOW}.isdisjoint(wanted_of_both(state, said))
    tells_sum = any(number.money or number.period for number in said.numbers)
    return said.when.unclear and not (sets_it_aside or tells_sum)


def _asked_for(
    campaign: Campaign, state: DialogueState, pending: Question, said: Understanding, found: list[Fact]
) -> Fact | None:
    """Returns the answer to the open question, unless it is among those found already or belongs to another one."""
    if any(fact.name == pending.id for fact in found) or (found and isinstance(pending, RangeQuestion)):
        return None
    fact = read_answer(campaign, pending, said, asked=_is_asked(state, pending))
    return None if fact is None or _belongs_elsewhere(campaign, pending, said) else fact


def _is_asked(state: DialogueState, pending: Question) -> bool:
    """Whether the open question was asked last, or may be answered in place of what was asked since."""
    plain = isinstance(pending, RangeQuestion | AuthorityQuestion)
    return state.expecting is Expectation.ANSWER or (plain and state.expecting in CHECKS.values())


def _belongs_elsewhere(campaign: Campaign, pending: Question, said: Understanding) -> bool:
    """Whether an amount, or a no, was plainly said of another question's subject than the open one's."""
    if isinstance(pending, YesNoQuestion) and said.polarity is False:
        return denies_another(campaign, pending, said.words.text)
    if not isinstance(pending, RangeQuestion) or pending.kind == "timeline":
        return False
    if shares_cue(said.words.text, cues(pending)):
        return False
    others = [one for one in campaign.questions if isinstance(one, RangeQuestion) and one.id != pending.id]
    sized = bool(said.numbers) and said.numbers[-1].period is None
    if sized and not plausible(pending, said.numbers[-1].value) and fits_only(others, said) is not None:
        return True
    return any(
        question.kind == pending.kind and question.id != pending.id and shares_cue(said.words.text, cues(question))
        for question in campaign.questions
    )


def _volunteered(
    campaign: Campaign,
    question: Question,
    said: Understanding,
    *,
    found: list[Fact],
    state: DialogueState,
) -> Fact | None:
    """Returns the answer to a question that was not asked, if it was given of the caller's own accord."""
    if said.only_asks:
        return None
    text = said.words.text
    match question:
        case RangeQuestion(kind="timeline"):
            of_time = any((of := campaign.question(one.name)) is not None and counts_time(of) for one in found)
            told = question.id not in state.facts and not of_time and _may_tell_timeline(state, said)
        case RangeQuestion():
            amounts = {one.id for one in campaign.questions if one.kind in {"money", "count"}}
            open_ranges = [
                one for one in campaign.questions if isinstance(one, RangeQuestion) and one.id not in state.facts
            ]
            named = shares_cue(text, cues(question)) or fits_only(open_ranges, said) is question
            told = named and not any(fact.name in amounts for fact in found)
        case AuthorityQuestion():
            told = said.authority is not None and _HEARD["names_who_decides"].search(text) is not None
            told = told and not lists_people(said.words.clauses)
        case ChoiceQuestion():
            told = question.id not in state.facts
        case _:
            told = False
    fact = read_answer(campaign, question, said, asked=False) if told else None
    return replace(fact, confidence=min(fact.confidence, 0.85)) if fact else None


def _may_tell_timeline(state: DialogueState, said: Understanding) -> bool:
    """Whether a time that was not asked for is about the purchase rather than about an appointment or a call."""
    if state.wants_appointment or said.moment.at is not None or not _HEARD["wish"].search(said.words.text):
        return False
    if said.has(*OF_OTHER_TIMES):
        return False
    return state.workflow_state not in {WorkflowState.CLOSING, WorkflowState.COMPLETED, WorkflowState.HANDING_OFF}
