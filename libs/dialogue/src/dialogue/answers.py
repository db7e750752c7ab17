"""Reads the answer to one qualifying question out of an utterance."""

import re
from typing import get_args

from callwright_common.campaign import (
    AuthorityQuestion,
    Campaign,
    ChoiceQuestion,
    Question,
    RangeQuestion,
    YesNoQuestion,
)
from dialogue.intents import Intent
from dialogue.matching import best_phrases
from dialogue.numerals import Number
from dialogue.people import Authority
from dialogue.scoring import unit
from dialogue.state import Fact
from dialogue.understanding import Understanding

_CURRENCY_SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "EUR": "€", "GBP": "£"}
_PERIOD_MONTHS = {"day": 1 / 30, "week": 7 / 30, "month": 1.0, "quarter": 3.0, "year": 12.0}
_AUTHORITY_TEXT = {
    "alone": "you decide yourself",
    "together": "you decide together",
    "recommends": "others sign it off",
    "somebody_else": "somebody else decides",
}
_NO_LIMIT = re.compile(
    r"\bmoney is (?:not|no) (?:an? )?(?:\w+ )?(?:issue|object|problem|concern)\b"
    r"|\bwhatever it (?:takes|costs)\b|\bno (?:real )?limit\b"
    r"|\bprice is (?:not|no) (?:an? )?(?:issue|object|problem)\b"
)
_UNSURE = 0.75
_OTHER_BUSINESS = (
    Intent.GOODBYE, Intent.REPEAT, Intent.WAIT, Intent.WANTS_HUMAN, Intent.NOT_INTERESTED, Intent.DO_NOT_CALL,
    Intent.WRONG_NUMBER, Intent.CALL_LATER, Intent.ABUSE, Intent.DOES_NOT_KNOW, Intent.DECLINES_TO_SAY,
    Intent.CAN_YOU_HEAR, Intent.ARE_YOU_HUMAN, Intent.WHO_ARE_YOU, Intent.HOW_ARE_YOU, Intent.WHY_ASKING,
    Intent.GREETING, Intent.THANKS, Intent.CONTACT,
)  # fmt: skip


def read_answer(
    campaign: Campaign, question: Question, heard: Understanding, turn_id: str, *, asked: bool
) -> Fact | None:
    """Returns the answer to a question that was asked, or None."""
    match question:
        case RangeQuestion(kind="timeline"):
            return _read_timeline(question, heard, turn_id)
        case RangeQuestion():
            return _read_amount(campaign, question, heard, turn_id)
        case YesNoQuestion():
            return _read_yes_no(question, heard, turn_id) if asked else None
        case AuthorityQuestion():
            return _read_authority(question, heard, turn_id)
        case ChoiceQuestion():
            return _read_choice(question, heard, turn_id, asked=asked)
    return None


def _confidence(heard: Understanding) -> float:
    return (
        _UNSURE
        if re.search(r"\b(?:maybe|perhaps|i guess|not sure|might|possibly|no idea)\b", heard.words.text)
        else 0.95
    )


def _read_timeline(question: RangeQuestion, heard: Understanding, turn_id: str) -> Fact | None:
    if heard.timeline is None:
        return None
    months = heard.timeline.months
    return Fact(
        name=question.id,
        value=heard.timeline.text,
        number=months,
        degree=_degree(question, months),
        confidence=_confidence(heard),
        turn_id=turn_id,
        quote=heard.quote,
    )


def _degree(question: RangeQuestion, number: float) -> float:
    return round(unit((number - question.worst) / (question.best - question.worst)), 4)


def _read_amount(campaign: Campaign, question: RangeQuestion, heard: Understanding, turn_id: str) -> Fact | None:
    number = next((one for one in reversed(heard.numbers) if _admissible(question, one, heard)), None)
    if number is None:
        return _without_limit(question, heard, turn_id)
    scale = _meant_scale(question, number)
    low, high, value = number.low * scale, number.high * scale, number.value * scale
    confidence = _confidence(heard)
    degree = _degree(question, value)
    period = number.period
    wanted = _wanted_period(question)
    if period and wanted and period != wanted:
        factor = _PERIOD_MONTHS[wanted] / _PERIOD_MONTHS.get(period, 1.0)
        degree = _degree(question, value * factor)
    elif period and not wanted and question.kind == "money":
        degree, confidence = 0.6, min(confidence, 0.6)
    text = _amount_text(campaign, question, low, high, period)
    if number.approximate and low == high:
        text = f"about {text}"
    return Fact(
        name=question.id,
        value=text,
        number=value,
        degree=degree,
        confidence=confidence,
        turn_id=turn_id,
        quote=heard.quote,
    )


def _without_limit(question: RangeQuestion, heard: Understanding, turn_id: str) -> Fact | None:
    """Returns the answer of a caller who names no sum because none is too high."""
    if question.factor != "budget" or not _NO_LIMIT.search(heard.words.text):
        return None
    return Fact(
        name=question.id, value="no fixed limit", degree=0.9, confidence=_UNSURE, turn_id=turn_id, quote=heard.quote
    )


def _wanted_period(question: RangeQuestion) -> str | None:
    match = re.search(r"\b(day|week|month|quarter|year)", question.unit or "")
    return match[1] if match else None


def _admissible(question: RangeQuestion, number: Number, heard: Understanding) -> bool:
    """Whether a number can answer a question: neither a date nor a duration nor, for a count, money."""
    if number.ordinal or number.unit in {"percent", "am", "pm", "oclock"} or _is_clock_time(number, heard):
        return False
    if question.kind == "count":
        return not number.money and not number.is_duration
    if number.is_duration and not number.money:
        return False
    return not (heard.words.text.split()[number.start : number.end] == ["one"] and number.value == 1)


def _is_clock_time(number: Number, heard: Understanding) -> bool:
    """Whether a number is the hour of an appointment: "Thursday at three"."""
    at = heard.moment.at
    if at is None or number.money or number.period:
        return False
    named = heard.moment.names_a_day or re.search(
        r"\b(?:half past|quarter (?:to|past)|oclock|am|pm)\b", heard.words.text
    )
    return bool(named) and number.value in {at.hour, at.hour - 12, at.hour + 12}


def _meant_scale(question: RangeQuestion, number: Number) -> float:
    """Returns 1000 where "fifteen" can only mean fifteen thousand, else 1."""
    least = min(question.worst, question.best) or max(question.worst, question.best)
    if question.kind == "money" and not number.money and not number.period and number.high < 1000 <= least:
        return 1000.0 if number.high * 1000 >= least / 10 else 1.0
    if number.value < 10 and number.value != int(number.value) and not number.money and least >= 20:
        return 100.0  # transcribers write "one eighty" as 1.80
    return 1.0


def _amount_text(campaign: Campaign, question: RangeQuestion, low: float, high: float, period: str | None) -> str:
    sign = _CURRENCY_SIGNS.get(campaign.budget.currency, "") if question.kind == "money" else ""
    amounts = [f"{sign}{amount:,.0f}" if amount == int(amount) else f"{sign}{amount:,.2f}" for amount in (low, high)]
    text = amounts[0] if low == high else f"{amounts[0]} to {amounts[1]}"
    unit_text = f"a {period}" if period else question.unit
    return f"{text} {unit_text}" if unit_text else text


def _read_yes_no(question: YesNoQuestion, heard: Understanding, turn_id: str) -> Fact | None:
    if heard.polarity is None:
        return None
    degree = question.if_yes if heard.polarity else question.if_no
    value = question.fact_yes if heard.polarity else question.fact_no
    return Fact(
        name=question.id, value=value, degree=degree, confidence=_confidence(heard), turn_id=turn_id, quote=heard.quote
    )


def _read_authority(question: AuthorityQuestion, heard: Understanding, turn_id: str) -> Fact | None:
    if heard.authority is None:
        return None
    return Fact(
        name=question.id,
        value=_AUTHORITY_TEXT[heard.authority],
        degree=_authority_degree(question, heard.authority),
        confidence=_confidence(heard),
        turn_id=turn_id,
        quote=heard.quote,
    )


def _authority_degree(question: AuthorityQuestion, authority: Authority) -> float:
    if authority not in get_args(Authority):
        return 0.0
    return float(getattr(question, authority))


def _read_choice(question: ChoiceQuestion, heard: Understanding, turn_id: str, *, asked: bool) -> Fact | None:
    """Returns the choice that fits best; a full answer to the asked question that fits none counts `otherwise`."""
    strengths = [(best_phrases(choice.phrases, heard.words.text), choice) for choice in question.choices]
    strength, choice = max(strengths, key=lambda one: one[0])
    if heard.answers and len(heard.questions) == len(heard.words.clauses):
        return None
    if strength > 0 and (asked or strength >= 1):
        return Fact(
            name=question.id,
            value=choice.value,
            degree=choice.score,
            confidence=_confidence(heard),
            turn_id=turn_id,
            quote=heard.quote,
        )
    if not asked or len(heard.words.tokens) < 3 or _is_other_business(heard):
        return None
    return Fact(
        name=question.id,
        value="something of your own",
        degree=question.otherwise,
        confidence=0.6,
        turn_id=turn_id,
        quote=heard.quote,
    )


def _is_other_business(heard: Understanding) -> bool:
    """Whether an utterance is no answer at all but a question, an objection or something about the call itself."""
    polite = len(heard.words.tokens) >= 8
    business = tuple(one for one in _OTHER_BUSINESS if not (polite and one in {Intent.GREETING, Intent.THANKS}))
    return bool(heard.questions) or heard.concern is not None or heard.has(*business)
