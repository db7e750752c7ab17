"""Whether a sentence of a model's claims anything that neither the campaign nor the rules hold.

Three things hold of whatever may be said: its words are known, what it tells of the company or its product stands in
one sentence that is known, and no pattern finds a claim in it that is made nowhere else.
"""

from collections.abc import Iterable, Sequence

from callwright_common.campaign import Campaign, ChoiceQuestion
from dialogue.grammar.words import plain_words, stem
from dialogue.language import language
from dialogue.model.statements import TALK, Statement, about, found, statement, statements, stems
from dialogue.sentences import split_sentences
from dialogue.spoken import comparable_words
from dialogue.turns import Reply

_FORBIDDEN = language("claims/forbidden").patterns
_ASSERTING = language("claims/assertions").patterns["asserting"]
_READING = language("claims/reading")
_SUBJECTS = frozenset(stem(word) for word in language("claims/talk").words["subjects"])
_EVEN_IN_QUESTIONS = frozenset(_READING.words["even_in_questions"])
_LONGEST_BARE = 12
_FOR_A_TIME = frozenset(_READING.words["for_a_time"])
_OF_REPLY = frozenset(_READING.words["of_reply"])
_OF_US_ALONE = frozenset(_READING.words["of_us_alone"])
_PERIODS = frozenset(map(stem, _READING.words["periods"]))
_SHORTEST_REPEATED = 5
_FOR_CHANCE = 1 / 3
"""With a smaller share of its words in a known sentence, what is told has one in common by chance."""
_LEAST_SHARED = 2
_SHARED = 0.5
"""The share of what a claim is about that the sentence behind it has to be about too."""


class Claims:
    """What a reply may claim: what the campaign, the rules' reply, the calendar and the caller's facts hold."""

    def __init__(self, campaign: Campaign, reply: Reply, times: Sequence[str], heard: str = "") -> None:
        """Takes what is known.

        Args:
            campaign: The campaign.
            reply: What the rules say, and the state with what the caller told.
            times: Sentences with the times that may be named.
            heard: What the caller just said: his words may be taken up, and hold nothing that may be claimed.
        """
        labels = {question.id: question.label for question in campaign.questions}
        told = [f"{labels.get(name, '')} {fact.value}" for name, fact in reply.state.facts.items()]
        self._said = [one for text in (reply.text, *times) for one in statements(text)]
        self._known = [*self._said, *(one for text in _texts(campaign) for one in statements(text))]
        everything = [*self._known, *(one for text in told for one in statements(text))]
        self._told = [one for one in everything if not one.asks]
        self._terms = frozenset().union(*(one.terms for one in everything))
        self._asked_for = statement(heard).terms
        company = f"{campaign.company.name} {campaign.company.agent_name}"
        self._us = about(" ".join(comparable_words(f"{campaign.company.name} {campaign.product.name}")))
        self._names = frozenset(comparable_words(company))
        named = stems(f"{company} {campaign.product.name} {campaign.appointment.with_whom}")
        self._facts = frozenset().union(*(one.words for one in self._known)) - TALK - named
        held = frozenset((*TALK, *self._facts, *named))
        of_caller = (*told, *(fact.quote for fact in reply.state.facts.values()), heard)
        self._words = held.union(*map(stems, (*_subjects(campaign), *of_caller)))
        self._only_named = frozenset(word for word in self._words - held if not word.isdigit())
        self._subjects = [
            (stems(" ".join(fact.topics)), [known.clauses for known in statements(fact.answer)])
            for fact in campaign.facts
        ]

    def allow(self, sentence: str) -> bool:
        """Whether a sentence claims nothing that is not known."""
        said = statement(sentence)
        if _repeats_itself(said) or not said.words <= self._words:
            return False
        if any(said.clauses == known.clauses for known in self._known):
            return True
        if any(found(pattern, clause) for pattern in _FORBIDDEN.values() for clause in said.clauses):
            return False
        asks = said.asks and _is_about_listener(said)
        if not asks and any(map(self._tells_of_named, said.clauses)):
            return False
        if not self._knows_terms(said) or not self._is_supported(said):
            return False
        return all(
            self._is_grounded(said, kind, subject)
            for kind, subject in said.claims
            if not asks or kind in _EVEN_IN_QUESTIONS
        )

    def _tells_of_named(self, clause: str) -> bool:
        """Whether a clause tells something of what is named here and told of nowhere, such as another firm."""
        subjects = _READING.patterns["subject"].finditer(clause)
        return any(not self._only_named.isdisjoint(stems(subject[0])) for subject in subjects)

    def _knows_terms(self, said: Statement) -> bool:
        unknown = said.terms - self._terms - (self._asked_for if _disclaims(said) else frozenset())
        return all(term.startswith("name:") and term.split()[-1] in self._names for term in unknown)

    def _is_supported(self, said: Statement) -> bool:
        """Whether its figures and what it tells of the company or its product stand in one known sentence."""
        told = said.about & self._facts
        if said.asks:
            claims = said.figures or said.claims
            known = (one for one in self._known if told <= one.about or not said.claims)
            return not claims or _is_about_listener(said) or any(one.counts(said) for one in known)
        if _disclaims(said):
            told = frozenset()
        told |= frozenset().union(*(part.about for part in said.parts)) & _SUBJECTS
        if not told and not said.claims and any(map(_ASSERTING.search, said.clauses)):
            return any(self._tells_the_same(known, said) for known in self._known if not known.asks)
        return not (told or said.figures) or any(self._supports(known, said, told) for known in self._told)

    def _tells_the_same(self, known: Statement, said: Statement) -> bool:
        """Whether a known sentence is behind one that has no word of the campaign's own."""
        shared = len(said.about & known.about)
        return shared >= max(_LEAST_SHARED, _SHARED * len(said.about)) and self._supports(known, said, frozenset())

    def _supports(self, known: Statement, said: Statement, told: frozenset[str]) -> bool:
        topics = (words for words, answers in self._subjects if known.clauses in answers)
        about = known.about.union(*topics)
        if (
            not told <= about
            or not known.counts(said)
            or (told and len(said.about & about) < _FOR_CHANCE * len(said.about))
        ):
            return False
        return not told or known.allows_turns_of(said)

    def _is_grounded(self, said: Statement, kind: str, subject: frozenset[str]) -> bool:
        """Whether something known claims the same kind of the same subject with the same figures."""
        if kind in _OF_US_ALONE and not self._only_named.isdisjoint(said.about):
            return False
        for known in self._known:
            if not known.has(kind) or not said.figures <= known.figures or known.is_swept_by(said):
                continue
            if said.asks and not said.about & self._facts <= known.about:
                continue
            if kind in _FOR_A_TIME and not subject & _PERIODS <= known.about:
                continue
            for of, least in ((subject - self._us, 1), (said.about - self._us, 1 if known in self._said else 2)):
                if known in self._said and not of and (said.figures or kind in _OF_REPLY) and known.counts(said):
                    return True
                if len(of & known.about) >= max(least, _SHARED * len(of)):
                    return True
        return False


def is_bare_answer(sentence: str) -> bool:
    """Whether a sentence is nothing but a yes, a no or a consent."""
    words = plain_words(sentence)
    return len(words.tokens) <= _LONGEST_BARE and bool(_READING.patterns["bare_answer"].search(words.text))


def refers_back(sentence: str) -> bool:
    """Whether a sentence has a meaning only with the one before it."""
    return bool(_READING.patterns["refers_back"].search(plain_words(sentence).text))


def discloses(text: str) -> bool:
    """Whether a text tells that the one who speaks is a machine."""
    told = (plain_words(sentence).text for sentence in split_sentences(text) if "?" not in sentence)
    return any(found(_READING.patterns["disclosure"], words) for words in told)


def _repeats_itself(said: Statement) -> bool:
    words = [word for clause in said.clauses for word in clause.split()]
    return len(words) >= _SHORTEST_REPEATED and 2 * len(set(words)) <= len(words)


def _disclaims(said: Statement) -> bool:
    return any(_READING.patterns["disclaimer"].search(clause) for clause in said.clauses)


def _is_about_listener(said: Statement) -> bool:
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


def _subjects(campaign: Campaign) -> Iterable[str]:
    """Yields the words for what a campaign's callers talk about."""
    yield from (" ".join(fact.topics) for fact in campaign.facts)
    yield from (" ".join(objection.phrases) for objection in campaign.objections)
    for question in campaign.questions:
        yield question.label
        if isinstance(question, ChoiceQuestion):
            yield from (choice.value for choice in question.choices)
