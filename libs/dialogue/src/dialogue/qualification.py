"""What is still to be asked, and how well a lead qualifies, computed from captured facts alone."""

import math
from dataclasses import replace

from callwright_common.campaign import Campaign, Factor, Question
from dialogue.state import DialogueState, Fact, Signal
from vocabulary.qualification import Evidence, FactorScore, QualificationScore

# What a signal adds to the intent factor; only what the caller does counts, not what he says about his score.
_INTENT_STEPS = {
    "interest": 0.1,
    "appointment": 0.25,
    "question": 0.05,
    "doubt": -0.4,
    "objection": -0.1,
    "postponed": -0.15,
    "refusal": -1.0,
    "booked": 0.4,
    "cancelled": -0.6,
}
_MAX_STEPS_OF_A_KIND = 3
_MAX_EVIDENCE = 5
_KNOWN_ENOUGH = 0.5
"""The share of the weights of which enough was understood to judge the rest by it."""


def open_questions(campaign: Campaign, state: DialogueState) -> list[Question]:
    """Returns the questions that were neither answered nor given up, in order."""
    return [
        question
        for question in campaign.questions
        if question.id not in state.facts and question.id not in state.dropped
    ]


def needs_owner(campaign: Campaign) -> bool:
    """Whether what is sold needs whoever owns the place."""
    return any(question.kind == "authority" and question.owner_only for question in campaign.questions)


def _unit(value: float) -> float:
    """Returns a number clamped to 0 to 1; what is no number is 0."""
    return 0.0 if math.isnan(value) else min(1.0, max(0.0, value))


def qualify(campaign: Campaign, state: DialogueState) -> QualificationScore:
    """Returns how well the lead qualifies: the sum of weight times value times confidence over the five factors."""
    weights = campaign.scoring.weights.normalised()
    factors = tuple(_factor_score(campaign, state, factor, _unit(weights[factor])) for factor in Factor)
    return _summed(campaign, factors)


def reweighed(campaign: Campaign, score: QualificationScore) -> QualificationScore:
    """Returns a score by the weights and the threshold of the campaign as it is, its factors as they were judged."""
    weights = campaign.scoring.weights.normalised()
    return _summed(campaign, tuple(replace(one, weight=_unit(weights[one.factor])) for one in score.factors))


def _summed(campaign: Campaign, factors: tuple[FactorScore, ...]) -> QualificationScore:
    overall = _unit(round(sum(one.weight * one.value * one.confidence for one in factors), 6))
    return QualificationScore(overall, campaign.scoring.threshold, factors)


def may_qualify(campaign: Campaign, state: DialogueState) -> bool:
    """Whether the lead would qualify but for what was not understood, or not for sure.

    He would if each question that was given up had the best answer, or if all that is not known were like the rest,
    where enough is known.
    """
    best = {name: Fact(name, "", degree=1.0) for name in state.dropped if name not in state.facts}
    if best and qualify(campaign, state.model_copy(update={"facts": {**state.facts, **best}})).qualified:
        return True
    score = qualify(campaign, state)
    known = sum(one.weight * one.confidence for one in score.factors)
    return known >= _KNOWN_ENOUGH and score.overall >= score.threshold * known


def _factor_score(campaign: Campaign, state: DialogueState, factor: Factor, weight: float) -> FactorScore:
    ids = [question.id for question in campaign.questions if question.factor == factor]
    facts = [state.facts[name] for name in ids if name in state.facts and state.facts[name].degree is not None]
    value, confidence = _from_facts(facts)
    evidence = [Evidence(fact.turn_id, fact.quote) for fact in facts]
    if factor == "intent":
        value, confidence = _with_signals(value, confidence, state.signals, bool(facts))
        evidence += [Evidence(signal.turn_id, signal.quote) for signal in state.signals]
    kept: list[Evidence] = []
    for one in evidence:
        if one not in kept:
            kept.append(one)
    return FactorScore(factor, value, confidence, weight, tuple(kept[-_MAX_EVIDENCE:]))


def _from_facts(facts: list[Fact]) -> tuple[float, float]:
    """Returns the mean degree of facts, weighted by their confidence, and their mean confidence."""
    sure = [_unit(fact.confidence) for fact in facts]
    total = sum(sure)
    if total <= 0:
        return 0.0, 0.0
    value = sum(_unit(fact.degree or 0.0) * weight for fact, weight in zip(facts, sure, strict=True)) / total
    return _unit(value), _unit(total / len(facts))


def _with_signals(value: float, confidence: float, signals: list[Signal], known: bool) -> tuple[float, float]:
    """Returns the intent factor with what the caller did taken in; without an answer it starts from one half."""
    if not signals:
        return value, confidence
    counts: dict[str, int] = {}
    value = value if known else 0.5
    for signal in signals:
        counts[signal.kind] = counts.get(signal.kind, 0) + 1
        if counts[signal.kind] <= _MAX_STEPS_OF_A_KIND:
            value = _unit(value + _INTENT_STEPS[signal.kind])
    return value, _unit(max(confidence, 0.5) + 0.1 * min(len(signals), 5))
