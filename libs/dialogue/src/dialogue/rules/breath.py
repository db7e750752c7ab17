"""Several answers in one breath: "bill's two twenty, we both own it, by March, twenty thousand tops"."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from callwright_common.campaign import AuthorityQuestion, Campaign, Question, RangeQuestion
from dialogue.grammar.counts import lists_people
from dialogue.grammar.words import plain_words
from dialogue.intents import OF_OTHER_TIMES
from dialogue.language import language
from dialogue.rules.amounts import counts_time, size_fits
from dialogue.rules.answers import cues, read_answer
from dialogue.rules.matching import shares_cue
from dialogue.rules.utterances import Understanding
from dialogue.state import DialogueState, Fact

_HEARD = language("breath").patterns
_PERIODS = language("periods").words
_MOST_PARTS = 10
_FEWEST_WORDS = 4
_FEWEST_ANSWERS = 2
_LEAST_OF_A_SUM = 100
"""A lesser number that nobody asked for is a sum only where it is said of what."""
_SURE_UNASKED = 0.85
_OF_ITS_FACTOR = {"budget": "can_spend", "need": "pays_today"}


def breath_parts(said: Understanding) -> tuple[str, ...]:
    """Returns the parts of an utterance in plain words of which each may answer a question of its own."""
    words = said.words
    answers = len(said.numbers) + (said.timeline is not None) + (said.authority is not None)
    if len(words.tokens) < _FEWEST_WORDS or answers < _FEWEST_ANSWERS or lists_people(words.clauses):
        return ()
    parts: list[str] = []
    for clause in words.clauses:
        starts = sorted({0, *(match.start() for match in _HEARD["begins"].finditer(clause)), len(clause)})
        parts += [part for start, end in pairwise(starts) if (part := clause[start:end].strip())]
    return tuple(parts) if 1 < len(parts) <= _MOST_PARTS else ()


def read_breath(
    campaign: Campaign, state: DialogueState, said: Understanding, parts: Iterable[Understanding]
) -> list[Fact]:
    """Returns the answers where an utterance holds several, that to the open question first; else none."""
    told = [part for part in parts if not (said.questions and part.questions)]
    if not _same_numbers(said, told):
        return []
    found = {fact.name: fact for fact in _sums(campaign, state, told)}
    # What is paid today in winter tells of no winter to come, nor do the years that something is old.
    of_today = [
        one
        for one in campaign.questions
        if isinstance(one, RangeQuestion) and (counts_time(one) or (one.kind == "money" and one.factor == "need"))
    ]
    plain = [part for part in told if not any(_fit(campaign, state, one, part) for one in of_today)]
    for question in campaign.questions:
        if question.id in state.facts and question.id != state.pending:
            continue
        fact = _who(campaign, question, said, told) or _when(campaign, question, said, plain)
        if fact is not None:
            found[question.id] = fact
    if len(found) < _FEWEST_ANSWERS:
        return []
    sure = {name: 1.0 if name == state.pending else _SURE_UNASKED for name in found}
    facts = [replace(fact, confidence=min(fact.confidence, sure[name])) for name, fact in found.items()]
    return sorted(facts, key=lambda fact: fact.name != state.pending)


def _same_numbers(said: Understanding, parts: list[Understanding]) -> bool:
    """Whether no number goes over the end of a part: "a hundred and", "sixty"."""
    whole = {(number.low, number.high) for number in said.numbers}
    return all((number.low, number.high) in whole for part in parts for number in part.numbers)


def _sums(campaign: Campaign, state: DialogueState, parts: list[Understanding]) -> Iterator[Fact]:
    """Yields the sums and counts as answers to the questions that they fit best."""
    fits = [
        (fit, -place, number, question, part)
        for place, part in enumerate(parts)
        for number, question in enumerate(campaign.questions)
        if isinstance(question, RangeQuestion) and (fit := _fit(campaign, state, question, part)) > 0
    ]
    taken: set[object] = set()
    for _, place, _, question, part in sorted(fits, key=lambda one: one[:2], reverse=True):
        fact = None if {place, question.id} & taken else read_answer(campaign, question, part, asked=True)
        if fact is not None:
            taken |= {place, question.id}
            yield fact


def _fit(campaign: Campaign, state: DialogueState, question: RangeQuestion, part: Understanding) -> int:
    """Returns how much speaks for it that the sum or count in a part answers a question; 0 for nothing."""
    asked = question.id == state.pending
    text = part.words.text
    named = shares_cue(text, cues(question))
    if question.id in state.facts and not asked and not named:
        return 0
    if question.kind == "count":
        counted = asked or _is_of_its_period(question, part) or _HEARD["of_them"].search(text) is not None
        return 3 if read_answer(campaign, question, part, asked=counted) else 0
    meant = asked or named or (question.factor == "budget" and _HEARD["is_to_spend"].search(text) is not None)
    size = size_fits(campaign, question, part, meant=meant) if part.numbers else None
    if size is None:
        return 0
    pattern = _OF_ITS_FACTOR.get(question.factor)
    of_its_factor = pattern is not None and _HEARD[pattern].search(text) is not None
    is_bare = all(number.high < _LEAST_OF_A_SUM and not (number.money or number.period) for number in part.numbers)
    if is_bare and not (asked or named or of_its_factor):
        return 0  # "and three more, so four" tells of no thousands
    return size + asked + 3 * named + 2 * of_its_factor


def _is_of_its_period(question: RangeQuestion, part: Understanding) -> bool:
    """Whether a part without a figure tells how often in the period of a question: "twice a week"."""
    periods = {word for words in _PERIODS.values() for word in words}
    return not part.numbers and not periods.isdisjoint({*part.words.tokens} & {*plain_words(question.ask).tokens})


def _who(campaign: Campaign, question: Question, said: Understanding, parts: list[Understanding]) -> Fact | None:
    """Returns who decides: by all that was said, else by the first part that tells it."""
    if not isinstance(question, AuthorityQuestion):
        return None
    return next(filter(None, (read_answer(campaign, question, one, asked=True) for one in (said, *parts))), None)


def _when(campaign: Campaign, question: Question, said: Understanding, parts: list[Understanding]) -> Fact | None:
    """Returns how soon it is wanted, by the last part that tells it."""
    if not (isinstance(question, RangeQuestion) and question.kind == "timeline") or said.has(*OF_OTHER_TIMES):
        return None
    told = filter(None, (read_answer(campaign, question, part, asked=False) for part in reversed(parts)))
    return next(told, None)
