"""Answers by both opinions: who decides and how soon where no pattern reads it, and no figure that answers nothing."""

from collections.abc import Mapping
from dataclasses import replace

from callwright_common.campaign import Authority, AuthorityQuestion, Campaign, Question, RangeQuestion
from dialogue.analysis import Analysis
from dialogue.confidence import CLEAR
from dialogue.grammar.timelines import ANY_TIME, AT_ONCE
from dialogue.intents import OF_OTHER_TIMES, TELLS_NOTHING, Intent
from dialogue.language import language
from dialogue.rules.amounts import degree_of
from dialogue.rules.answers import named_answers
from dialogue.rules.people import names_who
from dialogue.spoken import spoken_text
from dialogue.state import DialogueState, Fact
from vocabulary.enums import Expectation

_HEARD = language("doubts").patterns
_DECIDES = {f"decides_{authority}": authority for authority in Authority}
_WANTED = {"wanted_soon": AT_ONCE, "wanted_any_time": ANY_TIME}
_ASKED_AT_LEAST = 0.5
"""How probable the answer to the open question must be."""
_FEW_WORDS = 3
"""So few tell who decides only where one of them is about that."""
_TOLD_AT_LEAST = 0.8
"""How probable an answer must be that nobody asked for."""
_NEVER = 2.0
"""No probability: words that tell of nobody tell not who decides, however probable that seems."""
_CONTRADICTS, _CONTRADICTED = 0.9, 0.1
"""From which probability another answer takes the place of the one that the rules read, and how improbable that is."""
_IN_PASSING = 0.4
"""Below this probability that a time is told at all, one that nobody asked for is told in passing."""
_SEVERAL = 2
"""So many answers to other questions tell that a time among them is one too."""
_WORDS_OF_A_TIME = 4
"""A part of an utterance of so few words that tells a time tells nothing else."""
_NOBODY_TOLD = 0.3
"""Below this probability that anybody is told who decides, beside a question nobody is."""
_NO_SUM, _MEANS_ELSE = 0.12, 0.5
"""Below which probability of a sum, and from which one of something else, a figure is no sum."""
_ELSEWHERE = ("schedule_propose", "schedule_request", "reschedule", "callback_later")
"""What a figure is part of that is no sum of money."""
_ASKED = ("ask_question", "ask_price")
"""The same in a question."""
_NO_PURCHASE = (*OF_OTHER_TIMES, Intent.CANCEL)
"""What the time of is not the time of the purchase."""


def with_answers(found: Analysis, probable: Mapping[str, float], campaign: Campaign, state: DialogueState) -> Analysis:
    """Returns what the rules found, with the answers that are probable where they read none or one that is not."""
    found = _without_figures_of_else(found, probable, campaign, state)
    for question in campaign.questions:
        asked = state.pending == question.id and state.expecting is Expectation.ANSWER
        told = next((fact for fact in found.told if fact.name == question.id), None)
        match question:
            case AuthorityQuestion() if told is None and found.has(Intent.WHY_ASKING):
                fact = None  # who only asks why it is asked answers nothing
            case AuthorityQuestion() if asked or told is not None or not found.has(Intent.WAIT):
                may_tell = _may_tell_who(found) and (asked or question.id not in state.facts)
                at_least = (_ASKED_AT_LEAST if asked else _TOLD_AT_LEAST) if may_tell else _NEVER
                fact = _who_decides(question, probable, told, at_least=at_least)
                if asked and fact is None and told is None and _says_yes(found, question, state):
                    fact = replace(_fact(question, Authority.ALONE), confidence=CLEAR)
            case RangeQuestion(kind="timeline") if asked and told is None and not found.has(*_NO_PURCHASE):
                fact = _how_soon(question, probable)
            case _:
                fact = None
        if fact is not None:
            others = tuple(one for one in found.facts if one.name != question.id)
            found = replace(found, facts=(replace(fact, quote=found.quote), *others), noise=False)
    return found


def _without_figures_of_else(
    found: Analysis, probable: Mapping[str, float], campaign: Campaign, state: DialogueState
) -> Analysis:
    """Returns what was found without times told in passing, and without sums in words that tell of none."""
    kept = tuple(
        fact
        for fact in found.facts
        if _is_among_answers(fact, found, campaign)
        or (found.asks_besides and fact.name == state.pending)
        or not _is_of_else(campaign.question(fact.name), fact, probable, state, asks=found.asks)
    )
    return replace(found, facts=kept) if kept != found.facts else found


def _is_among_answers(fact: Fact, found: Analysis, campaign: Campaign) -> bool:
    """Whether a time stands among answers to other questions: two of them, or one beside which it stands alone."""
    question = campaign.question(fact.name)
    if not (isinstance(question, RangeQuestion) and question.kind == "timeline"):
        return False
    plain = {one.id for one in campaign.questions if isinstance(one, RangeQuestion | AuthorityQuestion)}
    others = [one for one in found.told if one.name != fact.name and one.name in plain]
    stands_alone = fact.quote != found.quote and len(fact.quote.split()) <= _WORDS_OF_A_TIME
    return len(others) >= _SEVERAL or (stands_alone and bool(others))


def _is_of_else(
    question: Question | None, fact: Fact, probable: Mapping[str, float], state: DialogueState, *, asks: bool
) -> bool:
    if isinstance(question, AuthorityQuestion):
        return asks and max(probable.get(label, 1.0) for label in ("provide_authority", *_DECIDES)) < _NOBODY_TOLD
    if not isinstance(question, RangeQuestion):
        return False
    if question.kind == "timeline":
        return state.pending != question.id and probable.get("provide_timeline", 1.0) < _IN_PASSING
    if fact.number is None or question.factor != "budget" or probable.get("provide_budget", 1.0) >= _NO_SUM:
        return False
    # What the open question is answered with is stated, whatever is asked beside it.
    elsewhere = (*_ELSEWHERE, *_ASKED) if asks and state.pending != question.id else _ELSEWHERE
    return any(probable.get(label, 0.0) >= _MEANS_ELSE for label in elsewhere)


def _says_yes(found: Analysis, question: AuthorityQuestion, state: DialogueState) -> bool:
    """Whether a caller only says yes to the question whether he decides alone, which asks nothing else."""
    beside = sum(len(one.split()) for one in found.asked) if found.asks_besides else 0
    asked, few = spoken_text(question.ask), len(found.words.split()) - beside <= _FEW_WORDS
    alone = _HEARD["asks_alone"].search(asked.lower()) and not _HEARD["asks_two"].search(asked.lower())
    return few and found.polarity is True and asked in state.last_reply and bool(alone)


def _may_tell_who(found: Analysis) -> bool:
    """Whether words may tell who decides: a few or a no do if one of them is about that, a bare question does not."""
    few = len(found.words.split()) <= _FEW_WORDS or found.polarity is False
    if found.only_asks or found.has(*TELLS_NOTHING):
        return False
    return not few or _HEARD["tells_who"].search(found.words) is not None


def _who_decides(
    question: AuthorityQuestion,
    probable: Mapping[str, float],
    told: Fact | None,
    *,
    at_least: float,
) -> Fact | None:
    label, chance = _likeliest(_DECIDES, probable)
    if label is None:
        return None
    if told is None:
        if chance < at_least:
            return None
    else:
        read = next((one for one in _DECIDES if _fact(question, _DECIDES[one]).value == told.value), None)
        if read is None or names_who(told.quote) or probable.get(read, 0.0) > _CONTRADICTED or chance < _CONTRADICTS:
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
