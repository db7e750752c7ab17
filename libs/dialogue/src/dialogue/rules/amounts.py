"""Reads sums of money and counts as answers to a campaign's question."""

import re
from dataclasses import dataclass, replace

from callwright_common.campaign import Campaign, Question, RangeQuestion
from dialogue.grammar.counts import find_count
from dialogue.grammar.number_context import MONTHS_OF
from dialogue.grammar.number_words import UNITS
from dialogue.grammar.numerals import Number
from dialogue.grammar.sums import find_sum
from dialogue.language import FIRST_LANGUAGE, kept_value, language, speaking
from dialogue.rules.utterances import Understanding
from dialogue.state import Fact

_HEARD = language("amounts").patterns

UNSURE = 0.75
_DOUBTFUL = 0.4
_FAR_OFF = 100
"""So many times what a question counts is as good as never meant by a bare number."""
_HUNDREDS = 100.0
_CURRENCY_SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "EUR": "€", "GBP": "£"}
_SAID_PERIODS = language("periods").patterns
_IN_WORDS: tuple[tuple[str, bool, str, float, float], ...] = (
    ("no_limit", True, "amount.no_limit", 0.9, UNSURE),
    ("no_money", True, "amount.no_money", 0.0, UNSURE),
    ("on_credit", True, "amount.on_credit", 0.6, 0.5),
    ("none_at_all", False, "amount.none_at_all", 0.0, 0.6),
    ("little", True, "amount.little_money", 0.2, 0.5),
    ("little", False, "amount.little", 0.2, 0.5),
    ("much", False, "amount.much", 0.8, 0.5),
)
"""What is heard, whether of a budget, how it is kept, how large a share it is, and how sure it is."""


@dataclass(frozen=True)
class _Amount:
    """A sum or count in the scale that was meant; `compared` is in the period of the question."""

    value: float
    compared: float
    text: str
    number: Number
    period: str | None

    @property
    def in_thousands(self) -> bool:
        """Whether a bare number is taken for so many thousands."""
        return self.value > _FAR_OFF * self.number.value


def read_amount(
    campaign: Campaign, question: RangeQuestion, said: Understanding, *, sure: float, asked: bool
) -> Fact | None:
    """Returns the sum or count that answers a question, or None; `sure` is the confidence of a clear answer."""
    amount = _amount(campaign, question, said, asked=asked)
    if amount is None:
        return _in_words(question, said) if asked else None
    if not plausible(question, amount.compared) or _is_foreign(campaign, amount.number):
        return None
    degree, confidence = degree_of(question, amount.compared), sure
    if amount.period and not wanted_period(question) and question.kind == "money":
        degree, confidence = 0.6, min(confidence, 0.6)
    elif _is_tiny(question, amount.compared) or amount.number.each or amount.number.doubtful:
        confidence = min(confidence, _DOUBTFUL)
    return Fact(question.id, amount.text, amount.value, degree, confidence, said.quote)


def unbelievable(campaign: Campaign, question: RangeQuestion, said: Understanding) -> str | None:
    """Returns how to speak of a sum that is far too large for a question, None if no such sum was said."""
    amount = _amount(campaign, question, said, asked=True) if question.kind == "money" else None
    if amount is None or _is_foreign(campaign, amount.number) or plausible(question, amount.compared):
        return None
    return amount.text


def other_currency(campaign: Campaign, question: RangeQuestion, said: Understanding) -> str | None:
    """Returns how to speak of a sum in another currency than the campaign's, None if no such sum was said."""
    amount = _amount(campaign, question, said, asked=True) if question.kind == "money" else None
    return amount.text if amount is not None and _is_foreign(campaign, amount.number) else None


def _amount(campaign: Campaign, question: RangeQuestion, said: Understanding, *, asked: bool) -> _Amount | None:
    """Returns the sum or count that answers a question, whatever its size, or None."""
    with speaking(FIRST_LANGUAGE):
        return _closed_amount(campaign, question, said, asked=asked)


def _closed_amount(campaign: Campaign, question: RangeQuestion, said: Understanding, *, asked: bool) -> _Amount | None:
    if question.kind == "count":
        most = _FAR_OFF * max(question.worst, question.best)
        number = find_count(question.unit or "", said.numbers, said.closed, said.moment, asked=asked, most=most)
    else:
        number = find_sum(said.numbers, said.closed, said.moment, budget=question.factor == "budget")
    if number is None:
        return None
    scale = _meant_scale(question, number)
    if scale == _HUNDREDS and [UNITS.get(word) for word in number.said.split()] == [9, 10]:
        scale, number = 1.0, replace(number, value=910, low=910, high=910, approximate=False)  # "nine ten"
    low, high, value = number.low * scale, number.high * scale, number.value * scale
    said_of_all = next((period for period, pattern in _SAID_PERIODS.items() if pattern.search(said.closed.text)), None)
    wanted = wanted_period(question)
    period = number.period or (None if _is_in_all(question, number, said, said_of_all) else said_of_all)
    compared = value
    if period and wanted and period != wanted:
        compared = value * MONTHS_OF[wanted] / MONTHS_OF.get(period, 1.0)
    if period and wanted is None and (payments := _payments(said, period)) is not None:
        low, high, value, period = low * payments, high * payments, value * payments, None
        compared = value
    text = _amount_text(campaign, question, replace(number, low=low, high=high, period=period))
    if number.approximate and low == high:
        text = kept_value("amount.about", amount=text)
    return _Amount(value, compared, text, number, period)


def _is_in_all(question: RangeQuestion, number: Number, said: Understanding, period: str | None) -> bool:
    """Whether a sum is told whole, though it is to be paid in parts: else it would be far more than is asked for."""
    if _HEARD["in_all"].match(number.behind):
        return True
    if _HEARD["pays_in_parts"].search(said.words.text) is None or period not in MONTHS_OF:
        return False
    wanted, least, most = wanted_period(question), *sorted((question.worst, question.best))
    if wanted is None:
        return number.value >= least
    return number.value * MONTHS_OF[wanted] / MONTHS_OF[period] > most


def _payments(said: Understanding, period: str) -> float | None:
    """Returns how often a sum is paid that is paid in parts: "for ten years"; None where that is not told."""
    lengths = [one for one in said.numbers if one.unit in MONTHS_OF and not (one.money or one.period)]
    told = [one for one in lengths if _HEARD["paid_so_long"].search(" ".join(one.before))]
    return told[-1].value * MONTHS_OF[told[-1].unit] / MONTHS_OF[period] if told and period in MONTHS_OF else None


def told_in_parts(campaign: Campaign, question: RangeQuestion, said: Understanding) -> bool:
    """Whether a sum in all is asked for, and what is paid in each month or year is told."""
    if question.factor != "budget" or question.kind != "money" or wanted_period(question) is not None:
        return False
    amount = _amount(campaign, question, said, asked=True)
    return amount is not None and bool(amount.period) and amount.number.period is not None


def degree_of(question: RangeQuestion, number: float) -> float:
    """Returns where a number stands between the question's worst (0) and best (1)."""
    return round(min(1.0, max(0.0, (number - question.worst) / (question.best - question.worst))), 4)


def plausible(question: RangeQuestion, value: float) -> bool:
    """Whether a sum is of the size that a question is about; any count is."""
    return question.kind != "money" or value <= 10 * max(question.worst, question.best)


def size_fits(campaign: Campaign, question: RangeQuestion, said: Understanding, *, meant: bool) -> int | None:
    """Returns how well a sum's size and period fit a question that it may answer unasked, None if not at all.

    Args:
        campaign: The campaign.
        question: The question.
        said: What holds the sum.
        meant: Whether the question was asked or its subject named: a bare number is thousands of dollars only then.
    """
    amount = _amount(campaign, question, said, asked=True)
    if amount is None or (amount.in_thousands and not meant):
        return None
    if _is_foreign(campaign, amount.number) or _HEARD["of_others"].search(said.words.text):
        return None
    wanted, (least, most) = wanted_period(question), sorted((question.worst, question.best))
    if (amount.period and not wanted) or not (least or most / 10) / 3 <= amount.compared <= 10 * most:
        return None
    round_sum = amount.number.money or (amount.value >= 1000 and amount.value % 500 == 0)
    return (least / 2 <= amount.compared <= 2 * most) + round_sum + 3 * bool(amount.period and wanted)


def _is_tiny(question: RangeQuestion, value: float) -> bool:
    """Whether a sum is far below what a question is about; nothing at all is an answer."""
    return question.kind == "money" and 0 < value < min(question.worst, question.best) / 10


def fits_only(questions: list[RangeQuestion], said: Understanding) -> RangeQuestion | None:
    """Returns the one question whose size a sum has that was said without naming its subject, or None."""
    with speaking(FIRST_LANGUAGE):
        number = find_sum(said.numbers, said.closed, said.moment, budget=False)
    if len(said.numbers) != 1 or said.questions or number is None or number.is_duration:
        return None
    if _HEARD["of_others"].search(said.words.text):
        return None
    if not (number.money or (number.value >= 1000 and number.value % 500 == 0)):
        if not _HEARD["pays_now"].search(said.words.text):
            return None
        questions = [one for one in questions if one.factor != "budget" and wanted_period(one) is not None]
    sized = [
        question
        for question in questions
        if question.kind == "money"
        and 0.3 * (min(question.worst, question.best) or max(question.worst, question.best) / 10) <= number.value
        and plausible(question, number.value)
    ]
    return sized[0] if len(sized) == 1 else None


def _in_words(question: RangeQuestion, said: Understanding) -> Fact | None:
    """Returns the answer of a caller who names no figure but whether it is much or little."""
    budget = question.factor == "budget"
    objects = bool(said.questions) or (said.concern is not None and budget)
    for name, of_budget, value, share, confidence in _IN_WORDS:
        if of_budget is (not budget) or not _HEARD[name].search(said.words.text):
            continue
        if objects and confidence < UNSURE:
            return None
        degree = share if question.best > question.worst or budget else 1 - share
        return Fact(question.id, kept_value(value), None, degree, confidence, said.quote)
    return None


def counts_time(question: Question) -> bool:
    """Whether a question asks for a number of months, years or the like, which tells no time to come."""
    measure = (question.unit or "").split()[:1] if isinstance(question, RangeQuestion) else []
    return question.kind == "count" and bool(measure) and measure[0].rstrip("s") in MONTHS_OF


def wanted_period(question: RangeQuestion) -> str | None:
    """Returns the period that a question asks a sum for, None if for none."""
    match = re.search(rf"\b({'|'.join(MONTHS_OF)})", question.unit or "")
    return match[1] if match else None


def _meant_scale(question: RangeQuestion, number: Number) -> float:
    """Returns 1000 where "fifteen" can only mean fifteen thousand, else 1."""
    least = min(question.worst, question.best) or max(question.worst, question.best)
    most = max(question.worst, question.best)
    bare = question.kind == "money" and not number.money and not number.period
    if bare and number.high < 100 and number.high <= most / 50 and least / 10 <= number.high * 1000 <= most * 10:
        return 1000.0
    plain = question.kind == "money" and not number.money
    if plain and number.value < 10 and number.value != int(number.value) and least >= 20:
        return _HUNDREDS  # transcribers write "one eighty" as 1.80
    return 1.0


def _amount_text(campaign: Campaign, question: RangeQuestion, number: Number) -> str:
    """Returns how to speak of an amount, in the currency that was named or else the campaign's."""
    low, high, period = number.low, number.high, number.period
    sign = (number.currency or _currency_sign(campaign)) if question.kind == "money" else ""
    before, behind = (sign, "") if len(sign) == 1 else ("", f" {sign}" if sign else "")
    amounts = [f"{before}{amount:,.{0 if amount == int(amount) else 2}f}" for amount in (low, high)]
    if question.kind == "count":
        amounts = [f"{amount:,.{0 if amount == int(amount) else 1}f}" for amount in (low, high)]
    if question.kind == "count" and low == high == 1:
        return kept_value("amount.one")
    span = kept_value("amount.span", low=amounts[0], high=amounts[1])
    text = (amounts[0] if low == high else span) + behind
    if number.each:
        return kept_value("amount.per", amount=text, noun=number.each)
    if period:
        deed = "amount.in_every_period" if " " in period else "amount.in_a_period"
        return kept_value(deed, amount=text, period=period)
    return f"{text} {question.unit}" if question.unit else text


def _currency_sign(campaign: Campaign) -> str:
    return _CURRENCY_SIGNS.get(campaign.budget.currency, "")


def _is_foreign(campaign: Campaign, number: Number) -> bool:
    return bool(number.currency) and number.currency != _currency_sign(campaign)
