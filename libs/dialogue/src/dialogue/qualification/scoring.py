"""How well a lead qualifies, computed from captured facts alone."""

import math
from dataclasses import dataclass

from callwright_common.campaign import Campaign, Factor
from dialogue.state import DialogueState, Fact, Signal

# What a signal adds to the intent factor; only what the caller does counts, not what he says about his score.
_INTENT_STEPS = {
    "interest": 0.1,
    "appointment": 0.25,
    "question": 0.05,
    "objection": -0.1,
    "postponed": -0.15,
    "refusal": -1.0,
    "booked": 0.4,
}
_MAX_STEPS_OF_A_KIND = 3
_MAX_EVIDENCE = 5


@dataclass(frozen=True)
class Evidence:
    """The caller's own words that support a factor."""

    turn_id: str
    quote: str


@dataclass(frozen=True)
class FactorScore:
    """How well one factor stands; all numbers are 0 to 1, and a confidence of 0 means that nothing is known."""

    factor: Factor
    value: float
    confidence: float
    weight: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Qualification:
    """A score of 0 to 1 with all five factors in the campaign's order."""

    overall: float
    factors: tuple[FactorScore, ...]
    threshold: float

    @property
    def qualified(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.overall >= self.threshold

    def factor(self, name: Factor) -> FactorScore:
        """Returns one factor."""
        return next(factor for factor in self.factors if factor.factor == name)


def unit(value: float) -> float:
    """Returns a number clamped to 0 to 1; what is no number is 0."""
    return 0.0 if math.isnan(value) else min(1.0, max(0.0, value))


def qualify(campaign: Campaign, state: DialogueState) -> Qualification:
    """Returns how well the lead qualifies: the sum of weight times value times confidence over the five factors."""
    weights = campaign.scoring.weights.normalised()
    factors = tuple(_factor_score(campaign, state, factor, unit(weights[factor])) for factor in Factor)
    overall = unit(round(sum(one.weight * one.value * one.confidence for one in factors), 6))
    return Qualification(overall, factors, campaign.scoring.threshold)


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
    sure = [unit(fact.confidence) for fact in facts]
    total = sum(sure)
    if total <= 0:
        return 0.0, 0.0
    value = sum(unit(fact.degree or 0.0) * weight for fact, weight in zip(facts, sure, strict=True)) / total
    return unit(value), unit(total / len(facts))


def _with_signals(value: float, confidence: float, signals: list[Signal], known: bool) -> tuple[float, float]:
    """Returns the intent factor with what the caller did taken in; without an answer it starts from one half."""
    if not signals:
        return value, confidence
    counts: dict[str, int] = {}
    value = value if known else 0.5
    for signal in signals:
        counts[signal.kind] = counts.get(signal.kind, 0) + 1
        if counts[signal.kind] <= _MAX_STEPS_OF_A_KIND:
            value = unit(value + _INTENT_STEPS[signal.kind])
    return value, unit(max(confidence, 0.5) + 0.1 * min(len(signals), 5))
