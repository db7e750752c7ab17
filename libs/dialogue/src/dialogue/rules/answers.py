"""Reads the answer to one qualifying question out of an utterance."""

from collections.abc import Iterable

from callwright_common.campaign import (
    AuthorityQuestion,
    Campaign,
    ChoiceQuestion,
    Question,
    RangeQuestion,
    YesNoQuestion,
)
from dialogue.analysis import AUTHORITY_VALUES, OTHER_CHOICE
from dialogue.grammar.timelines import DAYS_AHEAD
from dialogue.grammar.words import plain_words, stem
from dialogue.intents import ABOUT_THE_TALK, OF_THE_LINE, PAUSES, TELLS_NOTHING, Intent
from dialogue.language import language
from dialogue.rules.amounts import UNSURE, degree_of, read_amount
from dialogue.rules.matching import best_phrases, cue_stems, shares_cue, stands_whole, telling_words
from dialogue.rules.utterances import Understanding
from dialogue.state import Fact

_HEARD, _WORDS = language("answers").patterns, language("answers").words


_OTHER_BUSINESS = (
    *OF_THE_LINE, *PAUSES, *ABOUT_THE_TALK, *TELLS_NOTHING, Intent.GOODBYE, Intent.CLARIFY, Intent.REPHRASE,
    Intent.WANTS_HUMAN, Intent.NOT_INTERESTED, Intent.CALL_LATER, Intent.WHY_ASKING, Intent.GREETING, Intent.THANKS,
    Intent.CONTACT, Intent.IN_A_HURRY, Intent.IS_BACK, Intent.ALREADY_TOLD, Intent.OTHER_LANGUAGE, Intent.SUPPORT,
    Intent.OTHER_MATTER, Intent.OFF_TOPIC, Intent.HEARD_OF_US, Intent.WANTS_APPOINTMENT,
)  # fmt: skip
_FEW_WORDS = 7


def read_answer(campaign: Campaign, question: Question, said: Understanding, *, asked: bool) -> Fact | None:
    """Returns the answer to a question that was asked, or None."""
    match question:
        case RangeQuestion(kind="timeline"):
            return _read_timeline(question, said, asked=asked)
        case RangeQuestion():
            return read_amount(campaign, question, said, sure=_confidence(said), asked=asked)
        case YesNoQuestion():
            return _read_yes_no(question, said) if asked else None
        case AuthorityQuestion():
            return _read_authority(question, said)
        case ChoiceQuestion():
            return _read_choice(question, said, asked=asked)
    return None


def cues(question: Question) -> frozenset[str]:
    """Returns the stems of the words by which a question's subject is known again."""
    return cue_stems(question.id, question.label)


def denies_another(campaign: Campaign, question: Question, text: str) -> bool:
    """Whether a no is plainly to another question's subject: "no budget yet" where it was asked for the trouble."""
    own = cues(question)
    others = (cues(one) - own for one in campaign.questions if one.id != question.id)
    return not shares_cue(text, own) and any(shares_cue(text, other) for other in others)


def named_answers(question: Question) -> dict[str, tuple[str, float]]:
    """Returns the answers to a question that can be named, each with its value and how much it speaks for the lead."""
    match question:
        case ChoiceQuestion():
            return {choice.value: (choice.value, choice.score) for choice in question.choices}
        case YesNoQuestion():
            return {"yes": (question.fact_yes, question.if_yes), "no": (question.fact_no, question.if_no)}
        case AuthorityQuestion():
            return {kind: (value, float(getattr(question, kind))) for kind, value in AUTHORITY_VALUES.items()}
        case _:
            return {}


def _confidence(said: Understanding) -> float:
    return UNSURE if _HEARD["unsure"].search(said.words.text) else 0.95


def _read_timeline(question: RangeQuestion, said: Understanding, *, asked: bool) -> Fact | None:
    timeline = said.timeline
    if timeline is None and asked and said.moment.weekdays and not said.has(*_OTHER_BUSINESS):
        timeline = DAYS_AHEAD
    if timeline is None:
        return None
    degree = degree_of(question, timeline.months)
    return Fact(question.id, timeline.text, timeline.months, degree, _confidence(said), said.quote)


def _read_yes_no(question: YesNoQuestion, said: Understanding) -> Fact | None:
    if said.has(*TELLS_NOTHING):
        return None
    text, told, sure = said.words.text, _told_in_its_words(question, said), _confidence(said)
    agrees = said.polarity if told is None else told
    if agrees is None and not said.questions:
        few = _HEARD["seldom"].search(text) or _HEARD["hardly_any"].search(text)
        if few or _HEARD["often"].search(text) or _HEARD["some_of_them"].search(text):
            agrees, sure = not few, UNSURE
    if agrees is None:
        return None
    value, degree = named_answers(question)["yes" if agrees else "no"]
    return Fact(question.id, value, None, degree, sure, said.quote)


def _told_in_its_words(question: YesNoQuestion, said: Understanding) -> bool | None:
    """Returns what is stated in the words of one of the answers, or against them: "they do not pay on time"."""
    facts = (plain_words(fact).text for fact in (question.fact_yes, question.fact_no))
    yes, no = (_stems(_HEARD["denies"].sub(" ", fact)) for fact in facts)
    only_yes, only_no = ([one for one in mine if one not in other] for mine, other in ((yes, no), (no, yes)))
    if not (only_yes or only_no):
        only_yes = _stems(" ".join(telling_words(question.fact_yes)))
    told = None
    for clause in said.words.clauses:
        stems = f" {' '.join(_stems(clause))} "
        for own, answer in ((only_yes, True), (only_no, False)):
            if own and clause not in said.questions and f" {' '.join(own)} " in stems:
                told = answer is not (_HEARD["denies"].search(clause) is not None)
    return told


def _stems(text: str) -> list[str]:
    """Returns the stems of the words of a plain text; its prepositions are all alike."""
    return [_WORDS["prepositions"][0] if word in _WORDS["prepositions"] else stem(word) for word in text.split()]


def _read_authority(question: AuthorityQuestion, said: Understanding) -> Fact | None:
    if said.authority is None:
        return None
    value, degree = named_answers(question)[said.authority]
    return Fact(question.id, value, None, degree, _confidence(said), said.quote)


def _read_choice(question: ChoiceQuestion, said: Understanding, *, asked: bool) -> Fact | None:
    """Returns the choice that fits best; a full answer to the asked question that fits none counts `otherwise`."""
    text = _HEARD["opens_politely"].sub(" ", said.words.text)
    open_ones = [choice for choice in question.choices if not _denied(choice.phrases, text)]
    strengths = [(best_phrases(choice.phrases, text), choice) for choice in open_ones or question.choices]
    strength, choice = max(strengths, key=lambda one: (stands_whole(one[1].phrases, text), one[0]))
    if said.answers and said.only_asks:
        return None
    if strength > 0 and (asked or strength >= 1):
        return Fact(question.id, choice.value, None, choice.score, _confidence(said), said.quote)
    only_tells_when = not said.moment.is_open and len(said.words.tokens) <= _FEW_WORDS
    if not asked or len(said.words.tokens) < 3 or only_tells_when or _is_other_business(said):
        return None
    return Fact(question.id, OTHER_CHOICE, None, question.otherwise, 0.6, said.quote)


def stated(campaign: Campaign, said: Understanding, facts: Iterable[Fact]) -> tuple[str, ...]:
    """Returns the names of the facts that may be said back: of a choice only what is stated plainly.

    A word of it that stands in a question, a complaint or a longer tale may be about anything.
    """
    return tuple(fact.name for fact in facts if _is_stated(campaign.question(fact.name), said, fact))


def _is_stated(question: Question | None, said: Understanding, fact: Fact) -> bool:
    if not isinstance(question, ChoiceQuestion) or fact.value == OTHER_CHOICE:
        return True
    text = said.words.text
    if said.questions or _HEARD["complains_besides"].search(text):
        return False
    phrases = [phrase for choice in question.choices if choice.value == fact.value for phrase in choice.phrases]
    whole = stands_whole(tuple(phrase for phrase in phrases if " " in phrase), text)
    wished = any(_HEARD["wishes_choice"].search(text.partition(phrase)[0]) for phrase in phrases if phrase in text)
    return whole or wished or len(said.words.tokens) <= _FEW_WORDS


def _denied(phrases: tuple[str, ...], text: str) -> bool:
    """Whether a choice is only named to say that it is none."""
    for phrase in phrases:
        before, named, behind = text.partition(phrase)
        if named and (_HEARD["denies_before"].search(before) or _HEARD["denies_behind"].search(behind)):
            return True
    return False


def _is_other_business(said: Understanding) -> bool:
    """Whether an utterance is no answer at all but a question, an objection or something about the call itself."""
    polite = len(said.words.tokens) >= 8
    business = tuple(one for one in _OTHER_BUSINESS if not (polite and one in {Intent.GREETING, Intent.THANKS}))
    told = said.phones or said.email or said.name
    return bool(said.questions or told) or said.concern is not None or said.has(*business)
