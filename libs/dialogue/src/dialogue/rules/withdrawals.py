"""What a caller takes back, lowers or contradicts of what he told before."""

from dataclasses import replace

from callwright_common.campaign import AuthorityQuestion, Campaign, Factor, Question, RangeQuestion
from dialogue.analysis import Analysis
from dialogue.grammar.slot_picks import find_pick
from dialogue.intents import TAKES_BACK, Concern, Intent
from dialogue.language import kept_value, language
from dialogue.moments import ANY_TIME
from dialogue.rules.amounts import wanted_period
from dialogue.rules.answers import cues, read_answer
from dialogue.rules.matching import shares_cue
from dialogue.rules.utterances import Understanding
from dialogue.state import ASKS_WHEN, DialogueState, Fact

_HEARD = language("withdrawals").patterns
_OF_CANCELLING = language("cancelling").patterns
_OF_ANSWERS = language("answers").patterns

_SURE = 0.85
_IN_WORDS = {
    Factor.BUDGET: (("no_budget", "amount.no_money", 0.0),),
    Factor.TIMELINE: (("far_timeline", "timeline.far", 0.0), ("open_timeline", "timeline.open", 0.0)),
    Factor.NEED: (("tiny_need", "amount.very_little", 0.1),),
}
"""What contradicts an answer, what is kept instead, and how much that speaks for the lead."""
ABOUT = {
    Factor.BUDGET: "about_budget",
    Factor.TIMELINE: "about_timeline",
    Factor.NEED: "about_need",
    Factor.AUTHORITY: "about_authority",
}
"""The words by which the answer is known that counts for a factor."""
_PLAINLY_MONEY = 1000
_NO_HURRY = 24
"""The months of whoever says only that he is in no hurry, or never."""
_ECHOES = frozenset({
    Intent.WAIT, Intent.DOES_NOT_KNOW, Intent.CALL_LATER, Intent.WRONG_NUMBER, Intent.UNCLEAR_TIME, Intent.BUSY_THEN,
    Intent.NO_OFFERED_TIME, Intent.INTEREST, Intent.LATER, Intent.MANIPULATION,
})  # fmt: skip
"""What words that lower an answer resemble."""
_OF_TAKING_BACK = frozenset({*TAKES_BACK, Intent.NO_APPOINTMENT, Intent.STOP})
"""What "forget the ten thousand" resembles."""
_OF_TIMES = frozenset({Intent.RESCHEDULE, Intent.SAYS_WHEN})


def find_withdrawals(campaign: Campaign, state: DialogueState, said: Understanding) -> tuple[Fact, ...]:
    """Returns what is to be noted in place of answers that the caller gave before and that speak for him less now."""
    if said.has(Intent.MANIPULATION) or said.only_asks:
        return ()
    answered = [one for one in campaign.questions if one.id in state.facts and one.id != state.pending]
    if said.has(Intent.CALL_LATER):
        answered = [one for one in answered if one.kind != "timeline"]
    plainly = [_contradicted(one, state, said) or _who_decides(campaign, one, state, said) for one in answered]
    if any(plainly):
        return tuple(filter(None, plainly))
    meant = [one for one in answered if _is_about(one, state.facts[one.id], state, said)]
    if state.expecting in ASKS_WHEN and said.moment.names_a_day:
        meant = [one for one in meant if one.kind != "timeline"]
    meant = [one for one in meant if _has_same_number(state.facts[one.id], said)] or meant
    revised = (_revised(campaign, one, state, said) for one in meant)
    put_right = next(filter(None, revised), None)
    put_right = put_right or _taken_back(campaign, meant, state, said)
    return (put_right,) if put_right is not None else ()


def cools(state: DialogueState, said: Understanding) -> bool:
    """Whether a caller who told something of himself wants it less than he seemed to."""
    chooses = said.moment.names_a_day or find_pick(said.when.without_days) is not None
    told = bool(state.facts) and not said.questions and not chooses
    return told and _HEARD["cools"].search(said.words.text) is not None


def without_echoes(found: Analysis) -> Analysis:
    """Returns an analysis without what a withdrawal only sounds like: "forget the ten thousand" cancels no visit."""
    if found.has(Intent.MANIPULATION) and (not found.withdrawn or _HEARD["orders"].search(found.words)):
        return replace(found, withdrawn=(), cools=False)
    if found.of_the_noted or not (found.withdrawn or found.cools):
        return found
    concern = found.concern
    if concern is not None and concern.id in {Concern.NEEDS_TO_THINK, Concern.NOT_NOW}:
        concern = None
    names_a_day = found.moment.names_a_day and all(fact.number is None for fact in found.withdrawn)
    echoes = _ECHOES if names_a_day else _ECHOES | _OF_TIMES
    takes_back_figures = any(fact.number is not None for fact in found.withdrawn)
    names_it = _OF_CANCELLING["names_it"].search(found.words)
    if takes_back_figures and _HEARD["takes_back"].search(found.words) and not names_it:
        echoes |= _OF_TAKING_BACK
    return replace(
        found.without(*echoes),
        concern=concern,
        polarity=None,
        picks=None,
        moment=found.moment if names_a_day else ANY_TIME,
        facts=tuple(fact for fact in found.facts if not found.withdrawn or _stands_beside(found, fact)),
    )


def _stands_beside(found: Analysis, fact: Fact) -> bool:
    """Whether a fact was told beside a withdrawal, and is not what the withdrawal speaks of."""
    return fact.number is None and all(fact.name != withdrawn.name for withdrawn in found.withdrawn)


def _contradicted(question: Question, state: DialogueState, said: Understanding) -> Fact | None:
    """Returns what is told in words that contradict an answer, whatever stands beside them."""
    if isinstance(question, AuthorityQuestion):
        return None
    for name, value, degree in _IN_WORDS.get(Factor(question.factor), ()):
        if any(_HEARD[name].search(text) for text in (*said.words.clauses, said.words.text)):
            fact = Fact(question.id, kept_value(value), None, degree, _SURE, said.quote)
            return _if_less(fact, state.facts[question.id])
    return None


def _who_decides(campaign: Campaign, question: Question, state: DialogueState, said: Understanding) -> Fact | None:
    """Returns who else decides; while times are discussed, who else comes says nothing of that."""
    text = said.words.text
    names = _OF_ANSWERS["names_who_decides"].search(text) or _HEARD["about_authority"].search(text)
    told = _puts_right(said) or (names and state.expecting not in ASKS_WHEN)
    if not isinstance(question, AuthorityQuestion) or not told:
        return None
    fact = read_answer(campaign, question, said, asked=True)
    return _if_less(fact, state.facts[question.id]) if fact is not None else None


def _puts_right(said: Understanding) -> bool:
    return any(_HEARD[name].search(said.words.text) for name in ("revises", "takes_back"))


def _revised(campaign: Campaign, question: Question, state: DialogueState, said: Understanding) -> Fact | None:
    """Returns the lower sum, number or time of a caller who puts right what he said."""
    if not isinstance(question, RangeQuestion) or not _puts_right(said):
        return None
    fact = read_answer(campaign, question, said, asked=True)
    return _if_less(fact, state.facts[question.id]) if fact is not None else None


def _taken_back(campaign: Campaign, meant: list[Question], state: DialogueState, said: Understanding) -> Fact | None:
    """Returns the answer that is taken back, with another or none in its place."""
    question = next((one for one in meant if isinstance(one, RangeQuestion)), None)
    if question is None or not _HEARD["takes_back"].search(said.words.text):
        return None
    before, fact = state.facts[question.id], read_answer(campaign, question, said, asked=True)
    if fact is None or fact.value == before.value or (fact.number is not None and fact.number == before.number):
        return _if_less(Fact(question.id, kept_value("timeline.open"), None, 0.0, _SURE, said.quote), before)
    return fact


def _is_about(question: Question, before: Fact, state: DialogueState, said: Understanding) -> bool:
    """Whether an utterance speaks of the answer to a question: by its subject, its number, or as of the last figure."""
    text, about = said.words.text, ABOUT.get(Factor(question.factor))
    if shares_cue(text, cues(question)) or _has_same_number(before, said):
        return True
    if about is not None and _HEARD[about].search(text):
        return True
    if question.kind == "timeline" and said.timeline is not None and said.timeline.months < _NO_HURRY:
        return True
    if not isinstance(question, RangeQuestion) or not said.moment.is_open:
        return False
    period = wanted_period(question)
    if period is not None and any(one.period == period for one in said.numbers):
        return True
    names_a_sum = state.pending is None and any(one.money or one.value >= _PLAINLY_MONEY for one in said.numbers)
    return state.last_fact == question.id and (names_a_sum or _HEARD["some_figure"].search(text) is not None)


def _has_same_number(before: Fact, said: Understanding) -> bool:
    """Whether the figure of an answer is named again; what stands in a day or an hour is no figure."""
    named = [one for one in said.numbers if one.money or said.moment.is_open]
    return before.number is not None and any(before.number in {one.value, 1000 * one.value} for one in named)


def _if_less(fact: Fact, before: Fact) -> Fact | None:
    """Returns a new answer if it speaks for the lead less than the one before it."""
    return fact if fact.degree is not None and fact.degree < (before.degree or 0.0) else None
