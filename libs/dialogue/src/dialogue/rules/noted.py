"""What a caller says of what was noted of him: that it is another value, that he never told it, or he asks for it.

What he says is laid beside the noted answers: a value that he names again is the one that he denies, and what he says
in its place replaces the answer of its own kind, whatever was asked last.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from callwright_common.campaign import (
    AuthorityQuestion,
    Campaign,
    ChoiceQuestion,
    Factor,
    Question,
    RangeQuestion,
    YesNoQuestion,
)
from dialogue.analysis import OTHER_CHOICE
from dialogue.contact import ABOUT_THE_CONTACT
from dialogue.grammar.numerals import Number
from dialogue.grammar.words import plain_words
from dialogue.intents import COMES_FIRST, OF_OTHER_TIMES, Intent
from dialogue.language import VALUES, language
from dialogue.rules.amounts import size_fits
from dialogue.rules.answers import cues, named_answers, read_answer
from dialogue.rules.matching import best_phrases, cue_stems, shares_cue
from dialogue.rules.utterances import Understanding
from dialogue.rules.withdrawals import ABOUT
from dialogue.spoken import spoken_text
from dialogue.state import ASKS_WHEN, DialogueState, Fact
from vocabulary.enums import Expectation

_PEOPLE = language("people").parts
_HEARD = language("noted", relative=_PEOPLE["relative"], superior=_PEOPLE["superior"]).patterns
_OF_ANSWERS, _SUBJECTS = language("answers").patterns, language("withdrawals").patterns
_PERIODS = language("periods").words
_HEARD_FIRST = ({*COMES_FIRST, Intent.WANTS_HUMAN}) - {Intent.WRONG_NUMBER}
"""What is heard before what is said of the noted answers; that something "cannot be right" sounds like the rest."""
_FEW_WORDS = 6
"""So many words behind a denial may name what is denied."""
_AT_ONCE = 4
"""So many of them do where nothing tells but them that a value is denied."""
_ECHO = 3
"""So few words ask a value back."""
_MOST_CLAUSES = 12
"""So many clauses, and denials in one, are looked at: each is laid beside each answer."""
_HOURS = 12
_SMALL = 10
"""A lesser number may count anything, unless it is said of what."""


@dataclass(frozen=True)
class OfTheNoted:
    """What a caller says of the noted answers.

    Attributes:
        put_right: What is to be noted in place of answers.
        denied: The names of the answers that are not so, where he tells nothing in their place.
        asked: The names of those that he asks for.
    """

    put_right: tuple[Fact, ...] = ()
    denied: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.put_right or self.denied or self.asked)

    def beside(self, campaign: Campaign, state: DialogueState, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Returns the facts of an utterance that are told beside this, and not only read in the same words."""
        names = {*self.denied, *self.asked, *(fact.name for fact in self.put_right)}
        spoken_of = [*self.put_right, *(state.facts[name] for name in names if name in state.facts)]
        figures = {size * fact.number for fact in spoken_of if fact.number is not None for size in (1, 1000)}
        return tuple(
            fact
            for fact in facts
            if fact.name not in names
            and fact.number not in figures
            and fact.value != OTHER_CHOICE
            and _is_told_for_itself(campaign.question(fact.name), fact)
        )


def _is_told_for_itself(question: Question | None, fact: Fact) -> bool:
    """Whether a fact stands in words of its own: a "no" or "I can do" says much."""
    if isinstance(question, AuthorityQuestion):
        return _OF_ANSWERS["names_who_decides"].search(plain_words(fact.quote).text) is not None
    return not isinstance(question, YesNoQuestion)


def find_of_the_noted(
    campaign: Campaign,
    state: DialogueState,
    said: Understanding,
    read: Callable[[str], Understanding],
    corrects: bool | None,
) -> OfTheNoted:
    """Returns what an utterance says of the noted answers.

    Args:
        campaign: The campaign.
        state: Where the conversation stands.
        said: The utterance.
        read: Reads a part of it.
        corrects: Whether it surely puts something right, or surely nothing; None if its words must tell.
    """
    return _Noted(campaign, state, said, cache(read), corrects).found()


@dataclass(frozen=True)
class _Noted:
    """The noted answers beside an utterance."""

    campaign: Campaign
    state: DialogueState
    said: Understanding
    read: Callable[[str], Understanding]
    corrects: bool | None

    @property
    def _questions(self) -> list[Question]:
        """The answered questions, that of the last answer first."""
        answered = [question for question in self.campaign.questions if question.id in self.state.facts]
        return sorted(answered, key=lambda question: question.id != self.state.last_fact)

    @property
    def _clauses(self) -> tuple[str, ...]:
        return self.said.words.clauses[:_MOST_CLAUSES]

    def found(self) -> OfTheNoted:
        """Returns what is said of them."""
        if self.said.has(*_HEARD_FIRST):
            return OfTheNoted()
        if self.corrects is False:
            return OfTheNoted(asked=self._asked())
        if denied := self._disowned("denies_telling") or self._not_so():
            found = [(question, self._instead(question)) for question in denied]
            told = tuple(fact for _, fact in found if fact is not None)
            return OfTheNoted(told, tuple(question.id for question, fact in found if fact is None))
        doubted = self._disowned("doubts_telling")
        if doubted and (fact := self._instead(doubted[0])) is not None:
            return OfTheNoted((fact,))
        if asked := tuple(question.id for question in doubted) or self._asked():
            return OfTheNoted(asked=asked)
        if (fact := self._put_right()) is not None:
            return OfTheNoted((fact,))
        only_that = self.corrects and not self.said.questions and len(self.said.words.tokens) <= _FEW_WORDS
        misheard = self._just_noted() if only_that and not self._answered() else []
        return OfTheNoted(denied=tuple(question.id for question in misheard))

    def _spans(self, name: str) -> Iterator[tuple[int, str]]:
        """Yields the places of the clauses in which something is heard, each with the words behind it."""
        for place, clause in enumerate(self._clauses):
            for match in islice(_HEARD[name].finditer(clause), _MOST_CLAUSES):
                yield place, clause[match.end() :].strip()

    def _disowned(self, name: str) -> list[Question]:
        """Returns the question of whose answer a caller says that he never told it: as he names it, or the last."""
        for place, what in self._spans(name):
            points_back = _HEARD["of_that"].search(what) is not None
            named = " ".join(self._clauses[:place]) if points_back else what
            text = " ".join(named.split()[:_FEW_WORDS])
            told = [one for one in self._questions if self._names(one, text)]
            told = told or [one for one in self._questions if shares_cue(text, cues(one))]
            if told or (points_back and (told := self._just_noted())):
                return told[:1]
        return []

    def _just_noted(self) -> list[Question]:
        """Returns the question whose answer was noted last, if it was said back and no detail or time is asked for."""
        fact = self.state.facts.get(self.state.last_fact or "")
        if fact is None or self.state.expecting in ASKS_WHEN | ABOUT_THE_CONTACT:
            return []
        spoken = spoken_text(VALUES.replaced(self.campaign.spoken_value(fact.value)))
        said_back = shares_cue(plain_words(" ".join(self.state.last_reply)).text, cue_stems(spoken))
        return [one for one in self._questions[:1] if one.id == fact.name and said_back]

    def _not_so(self) -> list[Question]:
        """Returns the questions whose answers are named only to say that they are not so."""
        if self.state.expecting in ABOUT_THE_CONTACT:
            return []
        found: list[Question] = []
        for _, what in self._spans("denies_it"):
            text = " ".join(what.split()[:_AT_ONCE])
            found += [one for one in self._questions if one not in found and self._names(one, text, at_once=True)]
        for clause in self._clauses:
            found += [one for one in self._questions if one not in found and self._repudiates(one, clause)]
        return [one for one in found if self._may_be_denied(one)]

    def _repudiates(self, question: Question, clause: str) -> bool:
        """Whether a clause names an answer first to say that it is wrong, or asks it back where the rest says no."""
        value = _HEARD["leads_a_value"].sub("", clause)
        if not self._names(question, " ".join(value.split()[:_AT_ONCE]), at_once=True):
            return False
        asks_back = self.said.words.asks and len(value.split()) <= _ECHO and clause != self.said.words.text
        return bool(
            _HEARD["is_wrong"].search(value)
            or (asks_back and _HEARD["says_no"].search(self.said.words.text.partition(clause)[2]))
        )

    def _may_be_denied(self, question: Question) -> bool:
        """Whether what is said not to be so is the answer: a reason among others is only where another is told."""
        if isinstance(question, ChoiceQuestion) and question.id != self.state.last_fact:
            return self._instead(question) is not None
        return not isinstance(question, AuthorityQuestion) or not self._says_the_same(question)

    def _says_the_same(self, question: Question) -> bool:
        told = read_answer(self.campaign, question, self.said, asked=True)
        return told is not None and told.value == self.state.facts[question.id].value

    def _names(self, question: Question, text: str, *, at_once: bool = False) -> bool:
        """Whether words name the answer to a question; `at_once` at their beginning."""
        fact, find = self.state.facts[question.id], re.Pattern.match if at_once else re.Pattern.search
        match question:
            case RangeQuestion(kind="timeline"):
                told, periods = self.read(text).timeline, {word for words in _PERIODS.values() for word in words}
                stems = {one for one in cue_stems(fact.value) if not one.isdigit() and one not in periods}
                return (told is not None and told.text == fact.value) or shares_cue(text, frozenset(stems))
            case RangeQuestion():
                numbers = self.read(text).numbers[: 1 if at_once else None]
                same = [one for one in numbers if fact.number in {one.value, 1000 * one.value}]
                return any(not at_once or self._stands_at_once(one, text, question.unit or "") for one in same)
            case AuthorityQuestion():
                person = find(_HEARD["person"], text) is not None
                decides = find(_OF_ANSWERS["names_who_decides"], text) is not None
                return decides and not person if self._is_alone(question) else person
            case ChoiceQuestion():
                phrases = [one.phrases for one in question.choices if one.value == fact.value]
                return any(best_phrases(one, text) >= 1 for one in phrases) or shares_cue(text, cue_stems(fact.value))
            case YesNoQuestion():
                return fact.value == question.fact_yes and shares_cue(text, cue_stems(fact.value))

    def _stands_at_once(self, number: Number, text: str, unit: str) -> bool:
        counted = bool(number.unit) and unit.startswith(number.unit)
        bare = number.value < _SMALL and not (number.money or number.period or counted)
        return not number.before and (not bare or len(text.split()) <= 2)

    def _is_alone(self, question: AuthorityQuestion) -> bool:
        return self.state.facts[question.id].value == named_answers(question)["alone"][0]

    def _instead(self, question: Question) -> Fact | None:
        """Returns what is told in place of an answer that is denied; None where nothing is."""
        before = self.state.facts[question.id]
        if isinstance(question, YesNoQuestion):
            if self._disowned("denies_telling"):
                return None
            value, degree = named_answers(question)["no"]
            return replace(before, value=value, degree=degree, quote=self.said.quote)
        rest = self._rest(question)
        told = (read_answer(self.campaign, question, self.read(part), asked=True) for part in (". ".join(rest), *rest))
        fact = next((one for one in told if one is not None and self._differs(one)), None)
        return replace(fact, quote=self.said.quote) if fact is not None else None

    def _rest(self, question: Question) -> list[str]:
        """Returns the clauses of an utterance without the words in which a value is denied."""
        names = ["denies_telling", "doubts_telling"]
        if isinstance(question, RangeQuestion) and question.kind == "timeline":
            names.append("denies_it")  # the other grammars know by themselves what is denied
        kept = []
        for clause in self._clauses:
            if self._repudiates(question, clause):
                continue
            denial = next(filter(None, (_HEARD[name].search(clause) for name in names)), None)
            if denial is None:
                kept.append(clause)
                continue
            instead = _HEARD["instead"].search(clause, denial.end())
            kept += [clause[: denial.start()], clause[instead.start() :] if instead else ""]
        return list(filter(None, map(str.strip, kept)))

    def _differs(self, fact: Fact) -> bool:
        before = self.state.facts[fact.name]
        same_number = fact.number is not None and fact.number == before.number
        return fact.value not in {before.value, OTHER_CHOICE} and not same_number

    def _put_right(self) -> Fact | None:
        """Returns the new answer of a caller who puts one right without naming the old one."""
        text, said = self.said.words.text, self.said
        marked = bool(self.corrects or _HEARD["puts_right"].search(text))
        marked = marked and not (said.questions and _HEARD["asks_on"].search(text))
        only_asks = said.only_asks and not said.has(Intent.DEMANDS_FIRST)
        if self.state.expecting in ABOUT_THE_CONTACT or only_asks:
            return None
        named = [one for one in self._questions if one.id != self.state.pending and shares_cue(text, cues(one))]
        others = [one for one in self._questions if one not in named]
        if (answered := self._answered()) is not None:
            others = [one for one in others if one.kind == "money" and not isinstance(answered, RangeQuestion)]
        spoken_of = [one for one in [*named, *others] if self._is_named_again(one)]
        if not (marked or (spoken_of and len(self._clauses) > 1)):
            return None
        meant = {one.id for one in (*named, *spoken_of)} | {self.state.last_fact}
        told = (self._told_anew(one, meant=one.id in meant) for one in spoken_of or [*named, *others])
        return next(filter(None, told), None)

    def _is_named_again(self, question: Question) -> bool:
        """Whether a figure or time that was noted is named: what is told beside it takes its place."""
        figure = isinstance(question, RangeQuestion) and (
            question.id == self.state.last_fact or (self.state.facts[question.id].number or 0.0) >= _SMALL
        )
        of_time = question.kind == "timeline"
        return (figure or of_time) and any(self._names(question, clause) for clause in self._clauses)

    def _answered(self) -> Question | None:
        """Returns the open question if the words may answer it, by its kind."""
        pending = self.campaign.question(self.state.pending or "")
        if pending is None or self.state.expecting is not Expectation.ANSWER or isinstance(pending, YesNoQuestion):
            return None
        fact = read_answer(self.campaign, pending, self.said, asked=True)
        if fact is None or fact.value == OTHER_CHOICE:
            return None
        fits = pending.kind != "money" or size_fits(self.campaign, pending, self.said, meant=True) is not None
        return pending if fits else None

    def _told_anew(self, question: Question, *, meant: bool) -> Fact | None:
        """Returns another answer to a question; one that was not `meant` by its subject is known by its own words."""
        at_times = self.state.expecting in ASKS_WHEN
        match question:
            case YesNoQuestion():
                return None
            case RangeQuestion(kind="timeline"):
                if (at_times and self.said.moment.names_a_day) or self.said.has(*OF_OTHER_TIMES, Intent.WAIT):
                    return None
                if not meant and not _OF_ANSWERS["wish"].search(self.said.words.text):
                    return None
            case RangeQuestion(unit=unit) if at_times or self.said.moment.at is not None:
                if not self._tells_more_than_a_time(unit or ""):
                    return None
        asked = meant and not isinstance(question, ChoiceQuestion)
        spans = {end for one in self.said.numbers if one.low != one.high for end in (one.low, one.high)}
        whole = () if self.state.facts[question.id].number in spans else (self.said,)  # "forty. Fifty is too much"
        for part in (*whole, *map(self.read, self._clauses)):
            fact = read_answer(self.campaign, question, part, asked=asked)
            if fact is not None and self._differs(fact) and (fact.number is not None or question.kind != "money"):
                fits = question.kind != "money" or size_fits(self.campaign, question, part, meant=meant) is not None
                return replace(fact, quote=self.said.quote) if fits else None
        return None

    def _tells_more_than_a_time(self, unit: str) -> bool:
        """Whether a number is told that is no hour but money or so many of a unit."""
        names_when = not self.said.moment.is_open
        counts = [one for one in self.said.numbers if one.unit and unit.startswith(one.unit)]
        sums = [
            one for one in self.said.numbers if one.money or (not names_when and (one.period or one.value > _HOURS))
        ]
        return bool(counts or sums)

    def _asked(self) -> tuple[str, ...]:
        """Returns the questions of which a caller asks what was noted; all answered ones where he names none."""
        if self.said.has(Intent.OWN_APPOINTMENT) or self.said.moment.names_a_day:
            return ()  # asks of a visit
        text = self.said.words.text
        of_notes = _HEARD["asks_what_is_noted"].search(text) is not None
        if not (of_notes or _HEARD["asks_what_was_told"].search(text)):
            return ()
        questions = self.campaign.questions
        named = [one.id for one in questions if shares_cue(text, cues(one))]
        factors = [factor for factor, about in ABOUT.items() if _SUBJECTS[about].search(text)]
        named = named or [one.id for one in questions if Factor(one.factor) in factors]
        if named or not of_notes or _HEARD["of_a_detail"].search(text):
            return tuple(named[:1])
        return tuple(one.id for one in questions if one.id in self.state.facts)
