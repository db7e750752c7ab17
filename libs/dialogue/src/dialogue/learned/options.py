"""What of a campaign a caller means: which choice answers the open question, and which fact answers his own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from callwright_common.campaign import Campaign, CampaignFact, ChoiceQuestion, YesNoQuestion
from dialogue.analysis import OTHER_CHOICE, Analysis
from dialogue.confidence import CLEAR
from dialogue.intents import ASKS_OF_OUR_CALL, TELLS_NOTHING, Intent
from dialogue.rules.answers import denies_another, named_answers
from dialogue.rules.asked_things import hangs_on_what_was_told, tells_of_another_thing
from dialogue.rules.matching import fact_of
from dialogue.sentences import split_sentences
from dialogue.spoken import spoken_text
from dialogue.state import ABOUT_TIMES, DialogueState, Fact
from vocabulary.enums import Expectation

Option = tuple[str, tuple[str, ...]]
"""One thing that may be meant: its name, and the phrases or sentences that tell more of it."""


class Asking(NamedTuple):
    """Whether a caller probably asks anything, and whether he plainly asks for a price."""

    anything: bool
    price: bool


class Matches(Protocol):
    """Tells how probable it is, 0 to 1, that a caller means each of some options, in whatever words."""

    async def choices(self, question: str, text: str, ask: str, options: Sequence[Option]) -> Sequence[float]:
        """Returns it for the choices of a question that `ask` asks, after all that the agent said last."""
        ...

    async def facts(self, question: str, text: str, options: Sequence[Option]) -> Sequence[float]:
        """Returns it for facts that may be asked for."""
        ...


_MEANT, _IMPLIED, _PLAINLY = 0.5, 0.6, 0.7
"""From which probability a choice counts as meant where the rules found none, a yes or no, and what is plainly meant.

A choice that is not plainly meant is not said back, so that little harm is done where it is wrong.
"""
_INSTEAD, _UNLIKELY = 0.9, 0.1
"""From which probability an option takes the place of the one that the rules found, and how improbable that is."""
_ASKED, _ASKED_BESIDES, _ASKED_UNNOTICED = 0.5, 0.7, 0.8
"""From which probability a fact answers a question, one of several, and words that were not known for one."""
_SURELY = 0.85
"""How sure an answer is that is plainly meant."""
_NEVER = 2.0
"""No probability: what the rules found, and is likely enough, stays."""
_A_TIME_ALONE = 4
"""As many words has a time that is told with nothing beside it."""
_MOST_ANSWERS = 3
_MOST_ASKED = 2
_NO_FACT_TELLS = (*ASKS_OF_OUR_CALL, Intent.WHY_ASKING, Intent.WANTS_APPOINTMENT)
"""What is asked, or wished for, and answered by no fact."""
_HELPS_TO_ANSWER = (Intent.OF_WHAT_IS_USUAL, Intent.OF_HOW_EXACT, Intent.OF_THE_TALK)
"""What is asked of the open question itself."""


async def with_options(
    found: Analysis,
    before: str,
    text: str,
    campaign: Campaign,
    state: DialogueState,
    matches: Matches,
    asks: Asking,
) -> Analysis:
    """Returns what was found, with the choice and the facts that are meant in words which the campaign has not.

    Args:
        found: What was found until now.
        before: What the agent said before.
        text: The caller's words as they were recognised.
        campaign: The campaign.
        state: Where the conversation stands.
        matches: What tells how probable each option is.
        asks: Whether the caller probably asks, and plainly for a price.
    """
    if found.has(Intent.MANIPULATION):
        return found
    pending = campaign.question(state.pending or "")
    tells_nothing = isinstance(pending, YesNoQuestion) and found.has(*TELLS_NOTHING)
    if isinstance(pending, YesNoQuestion) and found.polarity is False:
        tells_nothing = tells_nothing or denies_another(campaign, pending, found.words)
    if (
        isinstance(pending, ChoiceQuestion | YesNoQuestion)
        and state.expecting is Expectation.ANSWER
        and not tells_nothing
    ):
        ask = spoken_text(pending.ask)
        found = _with_choice(found, pending, await matches.choices(before, text, ask, _options_of(pending)))
    if not campaign.facts or _only_wishes(found, state) or _asks_nothing_of_facts(found, state):
        return found
    offered = _facts_of(campaign)
    if found.unanswered and not found.answers and all(map(hangs_on_what_was_told, found.asked)):
        return found
    several = len(found.asked) > 1 and bool(found.unanswered)
    parts = [one.words for one in found.unanswered] if several else _asking(text)
    chances = [await matches.facts(before, part, offered) for part in parts]
    if several:
        return _with_the_rest(found, campaign, chances)
    found = _with_facts(found, campaign, chances, asks=asks.anything)
    return _with_price(found, campaign) if asks.price and not found.answers else found


def _only_wishes(found: Analysis, state: DialogueState) -> bool:
    """Whether an appointment or a time is wished for, which sounds like a question about either."""
    briefly = len(found.words.split()) <= _A_TIME_ALONE
    at_an_hour = found.moment.names_a_day and found.moment.at is not None
    names_a_time = (state.expecting in ABOUT_TIMES or briefly or at_an_hour) and not found.moment.is_open
    return (names_a_time or found.has(Intent.WANTS_APPOINTMENT)) and not found.asks


def _asks_nothing_of_facts(found: Analysis, state: DialogueState) -> bool:
    """Whether what was asked is of the call or a wish, or the open question is answered and nothing asked beside it."""
    answers = any(fact.name == state.pending and fact.confidence >= CLEAR for fact in found.told)
    if not found.asks:
        return answers
    if answers and not found.answers and found.has(*_HELPS_TO_ANSWER):
        return True
    return not (found.answers or found.unanswered) and found.has(*_NO_FACT_TELLS)


async def read_ahead(campaign: Campaign, matches: Matches) -> None:
    """Lets all be read once that a campaign offers to be meant, so that no caller waits for that."""
    for question in campaign.questions:
        if isinstance(question, ChoiceQuestion | YesNoQuestion):
            await matches.choices("", "", spoken_text(question.ask), _options_of(question))
    await matches.facts("", "", _facts_of(campaign))


def _facts_of(campaign: Campaign) -> tuple[Option, ...]:
    return tuple((", ".join(fact.topics), (fact.answer,)) for fact in campaign.facts)


def _options_of(question: ChoiceQuestion | YesNoQuestion) -> tuple[Option, ...]:
    """Returns the answers to a question in the order of `named_answers`."""
    if isinstance(question, ChoiceQuestion):
        return tuple((choice.value, choice.phrases) for choice in question.choices)
    return ("yes", (question.fact_yes,)), ("no", (question.fact_no,))


def _with_choice(found: Analysis, question: ChoiceQuestion | YesNoQuestion, chances: Sequence[float]) -> Analysis:
    """Returns what was found, with the choice that is meant."""
    named = tuple(named_answers(question).values())
    chance, (value, degree) = max(zip(chances, named, strict=True))
    told = next((fact for fact in found.told if fact.name == question.id and fact.value != OTHER_CHOICE), None)
    if told is None:
        counts = chance >= (_MEANT if isinstance(question, ChoiceQuestion) else _IMPLIED)
    else:
        read = next((likely for likely, (name, _) in zip(chances, named, strict=True) if name == told.value), 1.0)
        counts = chance >= _INSTEAD and read <= _UNLIKELY
    if not counts:
        return found
    plain = chance >= _PLAINLY
    fact = Fact(question.id, value, None, degree, max(chance, _SURELY) if plain else CLEAR, found.quote)
    others = tuple(one for one in found.facts if one.name != question.id)
    stated = (*found.stated, question.id) if plain else found.stated
    return replace(found, facts=(fact, *others), stated=stated, noise=False)


def _with_price(found: Analysis, campaign: Campaign) -> Analysis:
    """Returns what was found, with the price that is asked for in whatever words, unless it is of another thing."""
    price = fact_of(campaign, "price")
    if price is None or tells_of_another_thing(campaign, price, found.words, found.words):
        return found
    return replace(found, answers=(price,), unanswered=(), asks=True, noise=False)


def _asking(text: str) -> list[str]:
    """Returns the sentences that ask, at most the last two; the whole text if none is written as a question."""
    asking = [sentence for sentence in split_sentences(text) if sentence.endswith("?")]
    return asking[-_MOST_ASKED:] or [text]


def _with_facts(found: Analysis, campaign: Campaign, chances: Sequence[Sequence[float]], *, asks: bool) -> Analysis:
    """Returns what was found, with the facts that are asked for, given how probable each is for each part."""
    likely = {fact.answer: max(part) for fact, *part in zip(campaign.facts, *chances, strict=True)}
    best = [_likeliest(part, campaign) for part in chances]
    if found.answers:
        doubtful = all(likely.get(one.answer, 1.0) <= _UNLIKELY for one in found.answers)
        at_least = _INSTEAD if doubtful else _NEVER
    else:
        at_least = _ASKED if asks else _ASKED_UNNOTICED
    meant = tuple(dict.fromkeys(fact for chance, fact in best if chance >= at_least))
    meant = tuple(fact for fact in meant if not tells_of_another_thing(campaign, fact, found.words, found.words))
    return replace(found, answers=meant, unanswered=(), asks=True, noise=False) if meant else found


def _with_the_rest(found: Analysis, campaign: Campaign, chances: Sequence[Sequence[float]]) -> Analysis:
    """Returns what was found, with the facts that answer those of several questions which were still open."""
    answers, unanswered = list(found.answers), []
    for question, part in zip(found.unanswered, chances, strict=True):
        chance, fact = _likeliest(part, campaign)
        hangs = hangs_on_what_was_told(question.words)
        if hangs or chance < _ASKED_BESIDES or tells_of_another_thing(campaign, fact, question.words):
            unanswered.append(question)
        elif fact not in answers:
            answers.append(fact)
    return replace(found, answers=tuple(answers[:_MOST_ANSWERS]), unanswered=tuple(unanswered))


def _likeliest(chances: Sequence[float], campaign: Campaign) -> tuple[float, CampaignFact]:
    """Returns the likeliest fact, after its probability."""
    return max(zip(chances, campaign.facts, strict=True), key=lambda one: one[0])
