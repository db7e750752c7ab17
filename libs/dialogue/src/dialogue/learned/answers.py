"""Answers that the classifier finds where no pattern reads them: who decides, and how soon something is wanted."""

from collections.abc import Mapping
from dataclasses import replace

from callwright_common.campaign import Authority, AuthorityQuestion, Campaign, Question, RangeQuestion
from dialogue.analysis import Analysis
from dialogue.confidence import CLEAR
from dialogue.grammar.timelines import ANY_TIME, AT_ONCE
from dialogue.intents import Intent
from dialogue.rules.amounts import degree_of
from dialogue.rules.answers import named_answers
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_DECIDES = {f"decides_{authority}": authority for authority in Authority}
_WANTED = {"wanted_soon": AT_ONCE, "wanted_any_time": ANY_TIME}
_ASKED_AT_LEAST = 0.5
"""How probable the answer to the open question must be."""
_TOLD_AT_LEAST = 0.8
"""How probable an answer must be that nobody asked for."""
_CONTRADICTS, _CONTRADICTED = 0.85, 0.1
"""From which probability another answer takes the place of the one that the rules read, and how improbable that is."""
_NO_PURCHASE = (Intent.CALL_LATER, Intent.RESCHEDULE, Intent.CANCEL, Intent.WANTS_APPOINTMENT)
"""What the time of is not the time of the purchase."""


def with_answers(found: Analysis, probable: Mapping[str, float], campaign: Campaign, state: DialogueState) -> Analysis:
    """Returns what the rules found, with the answers that are probable where they read none or one that is not."""
    for question in campaign.questions:
        asked = state.pending == question.id and state.expecting is Expectation.ANSWER
        told = next((fact for fact in found.told if fact.name == question.id), None)
        match question:
            case AuthorityQuestion():
                fact = _who_decides(question, probable, told, asked=asked, known=question.id in state.facts)
            case RangeQuestion(kind="timeline") if asked and told is None and not found.has(*_NO_PURCHASE):
                fact = _how_soon(question, probable)
            case _:
                fact = None
        if fact is not None:
            others = tuple(one for one in found.facts if one.name != question.id)
            found = replace(found, facts=(replace(fact, quote=found.quote), *others), noise=False)
    return found


def _who_decides(
    question: AuthorityQuestion, probable: Mapping[str, float], told: Fact | None, *, asked: bool, known: bool
) -> Fact | None:
    label, chance = _likeliest(_DECIDES, probable)
    if label is None:
        return None
    if told is None:
        at_least = _ASKED_AT_LEAST if asked else _TOLD_AT_LEAST
        if chance < at_least or (known and not asked):
            return None
    else:
        read = next((one for one in _DECIDES if _fact(question, _DECIDES[one]).value == told.value), None)
        if read is None or probable.get(read, 0.0) > _CONTRADICTED or chance < _CONTRADICTS:
            return None
    return replace(_fact(question, _DECIDES[label]), confidence=max(chance, CLEAR))


def _fact(question: Question, authority: Authority) -> Fact:
    value, degree = named_answers(question)[authority]
    return Fact(question.id, value, None, degree)


def _how_soon(question: RangeQuestion, probable: Mapping[str, float]) -> Fact | None:
    label, chance = _likeliest(_WANTED, probable)
    if label is None or chance < _ASKED_AT_LEAST:
        return None
    timeline = _WANTED[label]
    degree = degree_of(question, timeline.months)
    return Fact(question.id, timeline.text, timeline.months, degree, max(chance, CLEAR))


def _likeliest(labels: Mapping[str, object], probable: Mapping[str, float]) -> tuple[str | None, float]:
    """Returns the likeliest of some labels; None where the classifier knows none of them."""
    chances = [(probable[label], label) for label in labels if label in probable]
    chance, label = max(chances, default=(0.0, None))
    return label, chance
