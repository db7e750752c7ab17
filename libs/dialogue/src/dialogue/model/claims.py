"""Whether a sentence of a model's claims anything that neither the campaign nor the rules hold."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from callwright_common.campaign import Campaign
from dialogue.grammar.words import plain_words, stem
from dialogue.language import language
from dialogue.sentences import split_sentences
from dialogue.spoken import comparable_words, spoken_text
from dialogue.turns import Reply

_FORBIDDEN = language("claims/forbidden").patterns
_GROUNDED = language("claims/grounded").patterns
_TERMS = language("claims/terms").patterns
_READING = language("claims/reading")
_SILENT_WORDS = frozenset((*language("matching").words["stop_words"], *_READING.words["fillers"]))
_COMMONEST = frozenset((*_SILENT_WORDS, *_READING.words["common"]))
_COUNTED_IN_TALK = frozenset(_READING.words["counted_in_talk"])
_EVEN_IN_QUESTIONS = frozenset(_READING.words["even_in_questions"])
_SMALL_COUNT = 4
_THOUSAND = 1000
_SHORTEST_TOLD = 4
_COMMON = 0.2
_LONGEST_BARE = 8
_DENIAL_CHARACTERS = 60
_SHARED = 0.5
"""The share of what a claim is about that the sentence behind it has to be about too."""


@dataclass(frozen=True)
class _Statement:
    """What one sentence says.

    Attributes:
        clauses: Its clauses in plain words, numbers as figures.
        claims: The kinds of claims in it that have to be grounded, each with what it is claimed of.
        figures: The numbers that it names.
        terms: The days and names in it.
        about: Stems of the words that tell what it is about.
    """

    clauses: tuple[str, ...]
    claims: tuple[tuple[str, frozenset[str]], ...]
    figures: frozenset[str]
    terms: frozenset[str]
    about: frozenset[str]

    def has(self, kind: str) -> bool:
        """Whether it claims something of a kind."""
        return any(kind == claimed for claimed, _ in self.claims)


class Claims:
    """What a reply may claim: what the campaign, the rules' reply, the calendar and the caller's facts hold."""

    def __init__(self, campaign: Campaign, reply: Reply, times: Sequence[str]) -> None:
        """Takes what is known.

        Args:
            campaign: The campaign.
            reply: What the rules say, and the state with what the caller told.
            times: Sentences with the times that may be named.
        """
        self._said = [statement for text in (reply.text, *times) for statement in _statements(text)]
        self._known = [*self._said, *(one for text in _texts(campaign) for one in _statements(text))]
        told = [f"{fact.value} {fact.number or ''}" for fact in reply.state.facts.values()]
        facts = [statement for text in told for statement in _statements(text)]
        everything = [*self._known, *facts]
        self._figures = frozenset().union(*(statement.figures for statement in everything))
        self._terms = frozenset().union(*(statement.terms for statement in everything))
        self._us = _about(" ".join(comparable_words(f"{campaign.company.name} {campaign.product.name}")))
        self._names = frozenset(comparable_words(f"{campaign.company.agent_name} {campaign.company.name}"))

    def allow(self, sentence: str) -> bool:
        """Whether a sentence claims nothing that is not known."""
        said = _statement(sentence)
        if _is_foreign(" ".join(said.clauses).split()):
            return False
        if any(said.clauses == known.clauses for known in self._known):
            return True
        if any(_found(pattern, clause) for pattern in _FORBIDDEN.values() for clause in said.clauses):
            return False
        asks = "?" in sentence and _is_about_listener(said)
        if not self._knows_terms(said) or not (asks or said.figures <= self._figures):
            return False
        return all(
            self._is_grounded(said, kind, subject)
            for kind, subject in said.claims
            if not asks or kind in _EVEN_IN_QUESTIONS
        )

    def _knows_terms(self, said: _Statement) -> bool:
        unknown = said.terms - self._terms
        return all(term.startswith("name:") and term.split()[-1] in self._names for term in unknown)

    def _is_grounded(self, said: _Statement, kind: str, subject: frozenset[str]) -> bool:
        """Whether something known claims the same kind of the same subject with the same figures."""
        for known in self._known:
            if not known.has(kind) or not said.figures <= known.figures:
                continue
            for about, least in ((subject - self._us, 1), (said.about - self._us, 1 if known in self._said else 2)):
                if len(about & known.about) >= max(least, _SHARED * len(about)):
                    return True
        return False


def _is_foreign(words: Sequence[str]) -> bool:
    """Whether words seem to be of another language: too few of the commonest are among them."""
    return len(words) >= _SHORTEST_TOLD and sum(word in _COMMONEST for word in words) < _COMMON * len(words)


def is_bare_answer(sentence: str) -> bool:
    """Whether a sentence is nothing but a yes, a no or a consent."""
    words = plain_words(sentence)
    return len(words.tokens) <= _LONGEST_BARE and bool(_READING.patterns["bare_answer"].search(words.text))


def _is_about_listener(said: _Statement) -> bool:
    text = " ".join(said.clauses)
    return bool(_READING.patterns["about_listener"].search(text)) and not _READING.patterns["offering"].search(text)


def _texts(campaign: Campaign) -> Iterable[str]:
    """Yields what a campaign says itself."""
    yield campaign.opening
    yield campaign.product.pitch
    yield campaign.appointment.name
    yield campaign.appointment.with_whom
    if campaign.appointment.price:
        yield campaign.appointment.price
    for question in campaign.questions:
        yield from (question.ask, question.ask_again)
    yield from (fact.answer for fact in campaign.facts)
    yield from (objection.reply for objection in campaign.objections)
    yield from (text for text in (campaign.prompts.recording, campaign.prompts.number_source) if text)


@lru_cache(maxsize=2048)
def _statements(text: str) -> tuple[_Statement, ...]:
    return tuple(_statement(sentence) for sentence in split_sentences(spoken_text(text)))


def _statement(sentence: str) -> _Statement:
    words = [comparable_words(clause) for clause in plain_words(sentence).clauses]
    clauses = tuple(" ".join(clause) for clause in words)
    return _Statement(
        clauses,
        tuple(claim for clause in clauses for claim in _claims(clause)),
        frozenset(figure for clause in words for figure in (*_figures(clause), *_spans(clause))),
        frozenset(_terms(clauses)),
        frozenset().union(*map(_about, clauses)),
    )


def _claims(clause: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Yields the kinds of claims in a clause, each with what else the clause is about."""
    for kind, pattern in _GROUNDED.items():
        if found := _found(pattern, clause):
            yield kind, _about(clause[: found.start()] + clause[found.end() :])


def _about(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split() if word not in _SILENT_WORDS and not word.isdigit())


def _terms(clauses: Iterable[str]) -> Iterable[str]:
    for clause in clauses:
        for kind, pattern in _TERMS.items():
            yield from (f"{kind}:{found[0]}" for found in pattern.finditer(clause))


def _figures(words: Sequence[str]) -> Iterable[str]:
    """Yields the numbers of a clause but for small ones that count parts of the talk, as in "two quick questions"."""
    for word, follows in zip(words, (*words[1:], ""), strict=True):
        if _READING.patterns["one"].match(word) and _READING.patterns["money"].match(follows):
            yield "1"
        elif word.isdigit() and not _counts_talk(word, follows):
            yield word


def _counts_talk(number: str, follows: str) -> bool:
    small = 0 < int(number) <= _SMALL_COUNT and not _READING.patterns["measured"].match(follows)
    return small and (number == "1" or not follows or follows in _COUNTED_IN_TALK)


def _spans(words: Sequence[str]) -> Iterable[str]:
    """Yields the lower end of a span whose scale is said once, as in "fifteen to twenty-five thousand"."""
    for low, _, high in zip(words, words[1:], words[2:], strict=False):
        if low.isdigit() and high.isdigit() and int(low) < _THOUSAND <= int(high) and not int(high) % _THOUSAND:
            yield str(int(low) * _THOUSAND)


def _found(pattern: re.Pattern[str], clause: str) -> re.Match[str] | None:
    """Returns where a clause claims something; what is denied is no claim."""
    return next((found for found in pattern.finditer(clause) if not _is_denied(clause, found)), None)


def _is_denied(clause: str, found: re.Match[str]) -> bool:
    before, behind = clause[max(0, found.start() - _DENIAL_CHARACTERS) : found.start()], clause[found.end() :]
    return bool(_READING.patterns["denial"].search(before) or _READING.patterns["denial_behind"].search(behind))
