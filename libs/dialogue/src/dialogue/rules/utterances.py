"""Everything that an utterance tells by itself, before the state of the call gives it its place."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice

from callwright_common.campaign import Authority, Campaign, CampaignFact
from dialogue.analysis import FoundConcern
from dialogue.grammar.closed_forms import in_first_language
from dialogue.grammar.emails import find_email
from dialogue.grammar.names import find_name
from dialogue.grammar.numerals import Number, find_numbers
from dialogue.grammar.passages import Passage
from dialogue.grammar.phones import Phone, take_phones
from dialogue.grammar.postal import without_addresses
from dialogue.grammar.said_when import SaidWhen, find_moment, read_when
from dialogue.grammar.spellings import dictated
from dialogue.grammar.timelines import Timeline, find_timeline
from dialogue.grammar.told_numbers import find_told_numbers
from dialogue.grammar.words import Words, plain_words
from dialogue.intents import Concern, Intent, Matter
from dialogue.language import FIRST_LANGUAGE, language, speaking
from dialogue.moments import Moment
from dialogue.rules.asked_things import (
    price_of_the_appointment,
    price_of_the_thing,
    tells_of_another_thing,
)
from dialogue.rules.calls import find_complaint
from dialogue.rules.concerns import find_concern
from dialogue.rules.feelings import find_feelings
from dialogue.rules.intents import find_intents, is_noise, swears_at_a_thing
from dialogue.rules.lead_sources import as_a_leads, beside_source, tells_source
from dialogue.rules.matching import (
    answer_from_facts,
    asks_price,
    fact_of,
    kinds_asked_for,
    tells_price,
    told_beside,
)
from dialogue.rules.matters import asks_for_another_house, find_matters, grieves
from dialogue.rules.of_others import take_others
from dialogue.rules.own_appointment import asks_for_one, asks_for_whom, has_own_appointment
from dialogue.rules.people import find_role
from dialogue.rules.renting import find_renting, who_decides
from dialogue.rules.urgencies import is_urgent, tells_trouble

_HEARD = language("answers").patterns

_TELLS_ITS_SUBJECT = 4
"""A question of fewer words is about what was said before it."""
_LIKE_DEMANDS = {
    Intent.DECLINES_TO_SAY, Intent.NO_APPOINTMENT, Intent.NOT_INTERESTED, Intent.WHY_ASKING, Intent.STOP,
    Intent.OF_THE_TALK,
}  # fmt: skip
"""What the words sound like by which something is demanded before an answer."""
_MOST_ANSWERS = 3
_OF_A_MACHINE = {Intent.VOICEMAIL, Intent.CALL_LATER, Intent.CALL_ME, Intent.SCREENED}
"""What it sounds like that somebody offers to take a message."""
_MOST_QUESTIONS = 12
"""As many different questions of one utterance are looked up."""


@dataclass(frozen=True)
class Understanding:
    """What an utterance tells.

    Attributes:
        words: The utterance in plain words.
        closed: The same with its closed forms in the words of the first language.
        intents: What it does.
        matters: What it may be about, if that is no purchase.
        polarity: True for yes, False for no, None for neither.
        numbers: The numbers and sums of money in it.
        phones: The phone numbers in it.
        email: The e-mail address in it.
        timeline: How soon something is wanted.
        when: The days and hours in it.
        authority: Who decides.
        name: The caller's name.
        role: The role that the caller claims.
        concern: The objection in it.
        questions: The clauses that ask something.
        asked: The questions in them, one by one.
        answers: The campaign's facts that answer them.
        unanswered: The questions that no fact answers.
        noise: Whether nothing was understood at all.
    """

    words: Words
    closed: Words
    intents: tuple[Intent, ...] = ()
    matters: tuple[Matter, ...] = ()
    polarity: bool | None = None
    numbers: tuple[Number, ...] = ()
    phones: tuple[Phone, ...] = ()
    email: str | None = None
    timeline: Timeline | None = None
    when: SaidWhen = field(default_factory=SaidWhen)
    authority: Authority | None = None
    name: str | None = None
    role: str | None = None
    concern: FoundConcern | None = None
    questions: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    answers: tuple[CampaignFact, ...] = ()
    unanswered: tuple[str, ...] = ()
    noise: bool = False

    def has(self, *intents: Intent) -> bool:
        """Whether the utterance does any of some things."""
        return any(intent in self.intents for intent in intents)

    @property
    def only_asks(self) -> bool:
        """Whether all its clauses ask something."""
        return bool(self.questions) and len(self.questions) == len(self.words.clauses)

    @property
    def moment(self) -> Moment:
        """The days and hours that were understood."""
        return self.when.moment

    @cached_property
    def dictated(self) -> str:
        """What was said with the signs and the words for letters in it written out."""
        return dictated(self.words.original)

    @property
    def quote(self) -> str:
        """The caller's words as evidence."""
        return self.words.original[:300]


def understand(
    campaign: Campaign,
    text: str,
    now: datetime,
    zone: str = "",
    spoken_of: datetime | None = None,
    told_before: str = "",
) -> Understanding:
    """Returns what an utterance tells.

    Args:
        campaign: The campaign.
        text: The utterance as transcribed.
        now: The local time in the calendar.
        zone: The caller's time zone if he told one.
        spoken_of: The time that is spoken of, if it is one.
        told_before: What the caller said of who decides.
    """
    words = plain_words(text)
    rings_for, matters = find_matters(words.text, words.clauses)
    if asks_for_another_house(campaign, words.clauses):
        rings_for, matters = (*rings_for, Intent.OTHER_MATTER), (Matter.OTHER_FIRM, *matters)
    intents = _intents(campaign, words, rings_for, matters)
    demands = Intent.DEMANDS_FIRST in intents
    questions = question_clauses(words) or (words.clauses if demands else ())
    asked = _single_questions(questions)
    answers, unanswered = _answers(campaign, words.clauses, asked)
    manipulated = Intent.MANIPULATION in intents
    closed = in_first_language(words)
    passage = Passage(closed.text)
    take_others(passage, closed, told_before)
    his_own = closed.cut(passage.rest)
    with speaking(FIRST_LANGUAGE):
        phones = take_phones(passage)
        numbers = () if manipulated else _told_numbers(words, closed.cut(passage.rest), questions)
        timeline = None if manipulated else find_timeline(_of_no_grief(words, his_own), now.date())
        when = read_when(tuple(map(without_addresses, closed.clauses)), now, zone, spoken_of)
        email, name = find_email(dictated(closed.original)), find_name(dictated(closed.original))
    return Understanding(
        words=words,
        closed=closed,
        intents=intents,
        matters=(*matters, Matter.URGENT) if tells_trouble(words.text) else matters,
        polarity=None if demands or Intent.WANTS_PLAIN_ANSWER in intents else find_polarity(words.clauses),
        numbers=numbers,
        phones=tuple(phones),
        email=email,
        timeline=timeline,
        when=when,
        authority=None if manipulated else who_decides(words),
        name=name,
        role=find_role(words.text),
        concern=_concern(campaign, words, intents),
        questions=questions,
        asked=asked,
        answers=answers or (_price(campaign, words.text) if demands else ()),
        unanswered=unanswered,
        noise=is_noise(words.text),
    )


def understand_part(text: str, now: datetime, zone: str = "", told_before: str = "") -> Understanding:
    """Returns the sums, times and deciders that a part of an utterance tells, which answer questions."""
    words = plain_words(text)
    closed = in_first_language(words)
    passage = Passage(closed.text)
    take_others(passage, closed, told_before)
    his_own = closed.cut(passage.rest)
    questions = question_clauses(words)
    with speaking(FIRST_LANGUAGE):
        numbers = _told_numbers(words, his_own, questions)
        timeline = find_timeline(his_own, now.date())
        when = find_moment(closed.text, now, zone)
    return Understanding(
        words=words,
        closed=closed,
        numbers=numbers,
        timeline=timeline,
        when=when,
        authority=who_decides(words),
        questions=questions,
    )


def _told_numbers(words: Words, clauses: tuple[str, ...], questions: tuple[str, ...]) -> tuple[Number, ...]:
    """Returns the numbers of the caller's own clauses that answer something."""
    if len(words.clauses) != len(clauses):
        return tuple(find_numbers(*clauses))
    asking = tuple(
        clause in questions and (raised or _HEARD["begins_question"].search(clause) is not None)
        for clause, raised in zip(words.clauses, words.raised, strict=True)
    )
    return tuple(find_told_numbers(clauses, asking, words.raised))


def _intents(
    campaign: Campaign, words: Words, rings_for: tuple[Intent, ...], matters: tuple[Matter, ...]
) -> tuple[Intent, ...]:
    """Returns all that an utterance does; a complaint of calls wishes for none, and who feels shame abuses nobody."""
    found = [*find_intents(words.text, words.clauses), *rings_for]
    complaint = find_complaint(words.clauses, words.text)
    if complaint is not None:
        found = [complaint, *(one for one in found if one not in {Intent.CALL_LATER, Intent.CALL_ME})]
    if _HEARD["passes_on"].search(words.text):
        found = [*(one for one in found if one not in _OF_A_MACHINE), Intent.SCREENED]
    elif _HEARD["takes_messages"].search(words.text):
        found = [one for one in found if one is not Intent.SCREENED]
    feelings = find_feelings(words.text)
    if Intent.ASHAMED in feelings or swears_at_a_thing(words.text):
        found = [one for one in found if one is not Intent.ABUSE]
    found += feelings
    if is_urgent(campaign, words.text):
        found.append(Intent.URGENT)
    if has_own_appointment(words.text):
        found.append(Intent.OWN_APPOINTMENT)
    elif asks_for_one(words.text) or asks_for_whom(campaign, words.text):
        found = [*(one for one in found if one is not Intent.WANTS_HUMAN), Intent.WANTS_APPOINTMENT]
    renting = find_renting(words.text)
    found += [renting] if renting is not None else []
    if Intent.DEMANDS_FIRST in found:
        found = [one for one in found if one not in _LIKE_DEMANDS]
    return as_a_leads(found, matters) if tells_source(words) else tuple(found)


def _concern(campaign: Campaign, words: Words, intents: tuple[Intent, ...]) -> FoundConcern | None:
    """Returns the objection; a letter that the company sent is none that is to be sent."""
    if Intent.ANNOUNCES_A_QUESTION in intents:
        return None
    concern = find_concern(campaign, words.clauses, words.text)
    if concern is None or concern.id != Concern.SEND_EMAIL or Intent.HEARD_OF_US not in intents:
        return concern
    beside = beside_source(words.clauses)
    return find_concern(campaign, beside, " ".join(beside))


def _of_no_grief(words: Words, clauses: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the clauses in which nobody died or fell ill: that day is none on which something is wanted."""
    if len(words.clauses) != len(clauses):
        return clauses
    return tuple(one for said, one in zip(words.clauses, clauses, strict=True) if not grieves(said))


def _single_questions(questions: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the questions of some clauses one by one: "what does it cost and do you take cards" are two."""
    parts = (part.strip() for question in questions for part in _HEARD["next_question"].split(question))
    return tuple(dict.fromkeys(part for part in parts if part))


def _answers(
    campaign: Campaign, clauses: tuple[str, ...], questions: tuple[str, ...]
) -> tuple[tuple[CampaignFact, ...], tuple[str, ...]]:
    """Returns the facts that answer the questions of an utterance, at most three, and the questions that none answers.

    What "is that a problem" asks stands in the clauses before it.
    """
    found: list[CampaignFact] = []
    unanswered: list[str] = []
    for question in islice(questions, _MOST_QUESTIONS):
        refers = _HEARD["refers_back"].search(question)
        fact = price_of_the_appointment(campaign, " ".join(clauses)) if refers else None
        if fact is None and found and _HEARD["bare_question"].search(question):
            fact = found[-1] if tells_price(found[-1]) and asks_price(question) else None
        else:
            fact = fact or _answer(campaign, question, " ".join(clauses))
        if fact is None:
            unanswered.append(question)
        elif fact not in found:
            found.append(fact)
    if not found and questions:
        all_refer = all(_HEARD["refers_back"].search(question) for question in questions)
        whole, asked = " ".join(clauses), " ".join(questions)
        of_the_rest = all_refer or (len(asked.split()) < _TELLS_ITS_SUBJECT and kinds_asked_for(whole))
        fact = _answer(campaign, whole if of_the_rest else asked, whole)
        if fact is not None:
            return (fact,), ()
    return tuple(found[:_MOST_ANSWERS]), tuple(unanswered)


def _price(campaign: Campaign, text: str) -> tuple[CampaignFact, ...]:
    """Returns the price where a figure is demanded in plain words, whatever it is called."""
    fact = fact_of(campaign, "price") if _HEARD["names_a_figure"].search(text) else None
    return (fact,) if fact is not None else ()


def _answer(campaign: Campaign, question: str, said: str) -> CampaignFact | None:
    """Returns the fact that answers a question, None if the one that is nearest tells of another thing."""
    told = price_of_the_appointment(campaign, question) or told_beside(campaign, question)
    if told is not None:
        return told
    fact = price_of_the_thing(campaign, question) or answer_from_facts(campaign, question)
    return None if fact and tells_of_another_thing(campaign, fact, question, said) else fact


def find_polarity(clauses: tuple[str, ...]) -> bool | None:
    """Returns True for yes, False for no, None for neither; of "no, yes" and "yes, no" the later counts."""
    polarity: bool | None = None
    for clause in clauses[:4]:
        if _HEARD["no_answer"].search(clause):
            polarity = False
        elif _HEARD["yes_answer"].search(clause):
            polarity = True
    return polarity


def question_clauses(words: Words) -> tuple[str, ...]:
    """Returns the clauses that ask something."""
    clauses = words.clauses
    plain = tuple(clause for clause in clauses if not _HEARD["tag"].search(clause) and not _asks_nothing(clause))
    asking = tuple(clause for clause in plain if _HEARD["question"].search(clause) or _asks_on(words, clause))
    if asking or not words.asks or not plain or len(plain) < len(clauses):
        return asking
    last = plain[-1]
    return (last,) if " " in last and not _HEARD["small_talk"].search(last) else ()


def _asks_on(words: Words, clause: str) -> bool:
    """Whether a clause asks no more than by its question mark and how it begins: "and pool heating?"."""
    return clause in words.marked and _HEARD["asks_on_of"].search(clause) is not None


def _asks_nothing(clause: str) -> bool:
    """Whether a clause only sounds like a question: it wishes for an appointment, echoes what was asked, or guesses."""
    if asks_for_one(clause):
        return _HEARD["asks_besides"].search(clause) is None
    return _HEARD["echoes"].search(clause) is not None or _HEARD["guesses"].search(clause) is not None
