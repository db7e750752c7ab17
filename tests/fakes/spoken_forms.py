"""What an utterance is worth to the whole analysis, compared with what is meant."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from callwright_common.campaign import Campaign, RangeQuestion, load_campaign
from dialogue import Analysis, Fact, Intent, RuleAnalyzer, initial_state
from dialogue.confidence import NOTED
from dialogue.grammar.numerals import find_numbers
from dialogue.grammar.passages import Passage
from dialogue.grammar.phones import take_phones
from dialogue.grammar.said_when import find_moment
from dialogue.grammar.words import plain_words
from dialogue.rules.amounts import read_amount
from dialogue.rules.of_others import take_others
from dialogue.rules.utterances import Understanding
from fakes.spoken_calls import MONDAY, SOLAR, at_once
from vocabulary.enums import Expectation
from vocabulary.turns import Utterance

LEDGERLY = load_campaign(Path(__file__).parents[1] / "evals" / "ledgerly.yaml")
RULES = RuleAnalyzer()
PERSONAL = {"phone": "phone", "email": "email", "name": "caller_name"}
DAYS = 120


def analysis(said: str, pending: str = "", campaign: Campaign = SOLAR, now: datetime = MONDAY) -> Analysis:
    """Returns what an utterance tells where a question is open, or where times were offered."""
    state = initial_state("call-1")
    state.pending = pending
    state.expecting = Expectation.ANSWER if pending else Expectation.SLOT_CHOICE
    return at_once(RULES.analyse(campaign, state, Utterance(said), now=now))


def amount(said: str, question: str, campaign: Campaign = SOLAR) -> Fact | None:
    """Returns the sum or count that answers a question, read without what else an utterance tells."""
    words = plain_words(said)
    passage = Passage(words.text)
    take_others(passage, words, "")
    phones = tuple(take_phones(passage))
    numbers = tuple(find_numbers(*words.cut(passage.rest)))
    when = find_moment(words.text, MONDAY)
    told = Understanding(words, words, numbers=numbers, phones=phones, when=when)
    asked = campaign.question(question)
    assert isinstance(asked, RangeQuestion)
    return read_amount(campaign, asked, told, sure=1.0, asked=True)


def load_forms(path: Path) -> list[tuple[str, str, Any]]:
    """Returns the forms of a file: the kind, what is said, what it is worth."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(kind, said, meant) for kind, rows in content.items() for said, meant in rows]


def is_right(kind: str, said: str, meant: Any) -> bool:
    """Whether an utterance is understood as it is meant."""
    if kind == "times":
        return _times_are_right(analysis(said), meant)
    if kind in PERSONAL:
        told = {fact.name: fact.value for fact in analysis(said, "interest").told}
        return bool(told.get(PERSONAL[kind]) == meant)
    campaign = LEDGERLY if kind == "team_size" else SOLAR
    found = next((fact for fact in analysis(said, kind, campaign).facts if fact.name == kind), None)
    if found is None or found.confidence < NOTED:
        return meant is None
    return bool(meant in {found.number, found.value})


def _times_are_right(told: Analysis, meant: Any) -> bool:
    unclear = told.has(Intent.UNCLEAR_TIME)
    if meant == "unclear" or unclear:
        return unclear and meant == "unclear"
    if "either" in meant:
        return {(f"{one.weekdays}{one.first_day}", one.at) for one in told.moment.either} == {
            (f"{frozenset({day.weekday()})}None", time.fromisoformat(at)) for day, at in meant["either"]
        }
    begin = MONDAY.date()
    days = [begin + timedelta(days=ahead) for ahead in range(1, DAYS)]
    wanted = meant["day"]
    first, last = wanted if isinstance(wanted, list) else (wanted, wanted)
    return _fitting_days(told, days) == [day for day in days if first <= day <= (last or day)] and _hours_are_right(
        told, meant
    )


def _fitting_days(told: Analysis, days: list[date]) -> list[date]:
    """Returns the days that fit, of a weekday the next one alone."""
    moment = told.moment
    fitting = [
        day
        for day in days
        if (not moment.first_day or moment.first_day <= day)
        and (not moment.last_day or day <= moment.last_day)
        and (not moment.weekdays or day.weekday() in moment.weekdays)
    ]
    return fitting[:1] if moment.weekdays else fitting


def _hours_are_right(told: Analysis, meant: dict[str, Any]) -> bool:
    quarters = [time(quarter // 4, quarter % 4 * 15) for quarter in range(7 * 4, 20 * 4)]
    exact = time.fromisoformat(meant["at"]) if "at" in meant else None
    if exact is not None:
        return told.moment.at is not None and told.moment.fits_hour(_at(exact))
    begin, end = (time.fromisoformat(meant.get(name, other)) for name, other in (("from", "00:00"), ("to", "23:59")))
    fits = [hour for hour in quarters if told.moment.fits_hour(_at(hour)) and hour != end]
    return fits == [hour for hour in quarters if begin <= hour < end]


def _at(hour: time) -> datetime:
    return datetime.combine(MONDAY.date(), hour, MONDAY.tzinfo)
