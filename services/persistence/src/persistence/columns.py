"""Values of several kinds as columns of the tables, and back."""

import json
from datetime import timedelta
from typing import Any

from persistence.call_events import Amount, Evidence, FactorScore, Score


def milliseconds(value: timedelta | None) -> float | None:
    """Returns a duration in milliseconds, exact to the microsecond."""
    return None if value is None else value / timedelta(milliseconds=1)


def duration(value: float | None) -> timedelta | None:
    """Returns the duration of a number of milliseconds."""
    return None if value is None else timedelta(milliseconds=value)


def factors_json(score: Score | None) -> str | None:
    """Returns the factors of a score as JSON text."""
    if score is None:
        return None
    return json.dumps(
        [
            {
                "factor": factor.factor,
                "value": factor.value,
                "confidence": factor.confidence,
                "weight": factor.weight,
                "evidence": [{"turn_id": one.turn_id, "quote": one.quote} for one in factor.evidence],
            }
            for factor in score.factors
        ]
    )


def score(overall: float | None, threshold: float | None, factors: list[dict[str, Any]] | None) -> Score | None:
    """Returns the score of its three columns."""
    if overall is None or threshold is None:
        return None
    return Score(
        overall,
        threshold,
        tuple(
            FactorScore(
                one["factor"],
                one["value"],
                one["confidence"],
                one["weight"],
                tuple(Evidence(quote["turn_id"], quote["quote"]) for quote in one["evidence"]),
            )
            for one in factors or ()
        ),
    )


def amount(micros: int | None, currency: str | None) -> Amount | None:
    """Returns the amount of its two columns."""
    return None if micros is None or currency is None else Amount(micros, currency)
