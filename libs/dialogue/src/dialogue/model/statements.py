"""What a sentence says, as far as it may be a claim: its kinds of claims, figures, names and what it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations
from re import Match, Pattern

from dialogue.grammar.words import plain_words, stem
from dialogue.language import language
from dialogue.sentences import split_sentences
from dialogue.spoken import comparable_words, spoken_text

_GROUNDED = language("claims/grounded").patterns
_TERMS = language("claims/terms").patterns
_READING = language("claims/reading")
SILENT_WORDS = frozenset((*language("matching").words["stop_words"], *_READING.words["fillers"]))
_COUNTED_IN_TALK = frozenset(_READING.words["counted_in_talk"])
_STRENGTHENING = frozenset(_READING.words["strengthening"])
_SWEEPING = frozenset(_READING.words["sweeping"])
_OPPOSITES = {word: other for pair in _READING.words["opposites"] for word, other in permutations(pair.split())}
_HEDGES = frozenset(_READING.words["hedges"])
_RATES = frozenset(_READING.words["rates"])
_JOINTS = frozenset(_READING.words["joints"])
_SMALL_COUNT = 4
_THOUSAND = 1000
_DENIAL_CHARACTERS = 60


@dataclass(frozen=True)
class Part:
    """One part of a statement, with its figures and what else it is about."""

    figures: frozenset[str]
    about: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """What one sentence says.

    Attributes:
        clauses: Its clauses in plain words, numbers as figures.
        claims: The kinds of claims in it that have to be grounded, each with what it is claimed of.
        figures: The numbers that it names.
        terms: The days and names in it.
        about: Stems of the words that tell what it is about.
        words: Stems of all its words but the figures.
        turns: Words in it that make more of what it says, or turn it round, as "before" and "without" do.
        span: The two ends of a span that it names.
        rates: For what each time it asks a sum of money.
        units: The numbers in it with what they count.
        parts: Its parts that name figures of their own, as "ten for the battery" does.
        asks: Whether it is a question.
    """

    clauses: tuple[str, ...]
    claims: tuple[tuple[str, frozenset[str]], ...]
    figures: frozenset[str]
    terms: frozenset[str]
    about: frozenset[str]
    words: frozenset[str]
    turns: frozenset[str]
    span: frozenset[str]
    rates: frozenset[str]
    units: frozenset[tuple[str, str]]
    parts: tuple[Part, ...]
    asks: bool

    def has(self, kind: str) -> bool:
        """Whether it claims something of a kind."""
        return any(kind == claimed for claimed, _ in self.claims)

    @property
    def is_hedged(self) -> bool:
        """Whether it is said of most, of some or of what may be."""
        return any(word in _HEDGES for clause in self.clauses for word in clause.split())

    def allows_turns_of(self, said: "Statement") -> bool:
        """Whether another says no more than it, nor the opposite."""
        added = said.turns - self.turns
        turned = any(_OPPOSITES.get(word) in self.turns for word in added)
        return not turned and not added & _STRENGTHENING and (said.is_hedged or not self.is_hedged)

    def is_swept_by(self, said: "Statement") -> bool:
        """Whether another says of all what it says of most."""
        words = (word for clause in said.clauses for word in clause.split())
        return self.is_hedged and not said.is_hedged and any(word in _SWEEPING for word in words)

    def counts(self, said: "Statement") -> bool:
        """Whether the figures of another are its own, of the same units, and each told of the same part."""
        units = dict(self.units)
        return (
            said.figures <= self.figures
            and (self.asks or not said.figures & self.span or self.span <= said.figures)
            and all(units.get(figure, unit) == unit for figure, unit in said.units)
            and said.rates <= self.rates
            and (len(self.rates) <= 1 or said.rates == self.rates or not said.figures)
            and all(self._counts_part(part) for part in said.parts)
        )

    def _counts_part(self, said: Part) -> bool:
        """Whether one part names the figures and is about the same; what it leaves out stands in a part before it."""
        told = said.about - TALK
        at = next((at for at, part in enumerate(self.parts) if part.figures & said.figures), len(self.parts))
        own = frozenset().union(*(part.about for part in self.parts if part.figures & said.figures)) - TALK
        later = frozenset().union(*(part.about for part in self.parts[at:])) - own
        return not told & later and (not told or not own or bool(told & own))


@lru_cache(maxsize=2048)
def statements(text: str) -> tuple[Statement, ...]:
    """Returns what a text says, sentence by sentence."""
    return tuple(statement(sentence) for sentence in split_sentences(spoken_text(text)))


def statement(sentence: str) -> Statement:
    """Returns what a sentence says."""
    words = [comparable_words(clause) for clause in plain_words(sentence).clauses]
    clauses = tuple(" ".join(clause) for clause in words)
    single = [word for clause in words for word in clause]
    return Statement(
        clauses,
        tuple(claim for clause in clauses for claim in _claims(clause)),
        frozenset(figure for clause in words for figure in (*_figures(clause), *_span(clause))),
        frozenset(_terms(clauses)),
        frozenset().union(*map(about, clauses)),
        frozenset(stem(word) for word in single if not word.isdigit()),
        (_STRENGTHENING | _OPPOSITES.keys()).intersection(single),
        frozenset(end for clause in words for end in _span(clause)),
        frozenset(map(stem, _RATES.intersection(single) if _names_money(single) else ())),
        frozenset(pair for clause in words for pair in _units(clause)),
        tuple(_parts(words)),
        "?" in sentence,
    )


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Returns the stems of the words of a text."""
    return frozenset(map(stem, comparable_words(text)))


def about(text: str) -> frozenset[str]:
    """Returns the stems of the words that tell what a text is about."""
    return frozenset(stem(word) for word in text.split() if word not in SILENT_WORDS and not word.isdigit())


def found(pattern: Pattern[str], clause: str) -> Match[str] | None:
    """Returns where a clause claims something; what is denied is no claim."""
    return next((one for one in pattern.finditer(clause) if not _is_denied(clause, one)), None)


_WORDS_OF_TALK = language("claims/talk").words
TALK = frozenset(map(stem, (*SILENT_WORDS, *(word for words in _WORDS_OF_TALK.values() for word in words))))
"""Stems of the words that belong to talk as such."""
KIN = frozenset(map(stem, _WORDS_OF_TALK["kin"]))
"""Stems of the words for people whom callers count."""


def _parts(clauses: Iterable[Sequence[str]]) -> Iterable[Part]:
    """Yields the parts of a sentence that name figures; a figure alone belongs to the part before it."""
    for clause in clauses:
        runs: list[list[str]] = [[]]
        for word in clause:
            if word in _JOINTS:
                runs.append([])
            else:
                runs[-1].append(word)
        whole: list[list[str]] = []
        for run in runs:
            if whole and not (about(" ".join(run)) - TALK and any(map(str.isdigit, run))):
                whole[-1] += run
            else:
                whole.append(run)
        for run in whole:
            if run and (figures := frozenset(_figures(run))):
                yield Part(figures, about(" ".join(run)))


def _claims(clause: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Yields the kinds of claims in a clause, each with what else the clause is about."""
    for kind, pattern in _GROUNDED.items():
        if claim := found(pattern, clause):
            yield kind, about(clause[: claim.start()] + clause[claim.end() :])


def _terms(clauses: Iterable[str]) -> Iterable[str]:
    for clause in clauses:
        for kind, pattern in _TERMS.items():
            yield from (f"{kind}:{term[0]}" for term in pattern.finditer(clause))


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


def _span(words: Sequence[str]) -> Iterable[str]:
    """Yields both ends of a span, also where its scale is said once, as in "fifteen to twenty-five thousand"."""
    text = " ".join(words)
    for span in _READING.patterns["span"].finditer(text):
        low, *_, high = span[0].split()
        scaled = int(low) < _THOUSAND <= int(high) and not int(high) % _THOUSAND
        yield from (str(int(low) * _THOUSAND) if scaled else low, high)


def _names_money(words: Iterable[str]) -> bool:
    return any(_READING.patterns["money"].match(word) for word in words)


def _units(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yields the numbers of a clause with what they count, where that stands behind them."""
    for number, unit in pairwise(words):
        if number.isdigit() and _READING.patterns["unit"].match(stem(unit)):
            yield number, stem(unit)


def _is_denied(clause: str, claim: Match[str]) -> bool:
    before, behind = clause[max(0, claim.start() - _DENIAL_CHARACTERS) : claim.start()], clause[claim.end() :]
    return bool(_READING.patterns["denial"].search(before) or _READING.patterns["denial_behind"].search(behind))
