"""Finds the phrases of a campaign in what was said, tolerating endings and transcription errors."""

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign, CampaignFact
from dialogue.grammar.words import plain_words, stem
from dialogue.language import language, remembered
from dialogue.sentences import split_sentences

_LANGUAGE = language("matching")
_WORDS = _LANGUAGE.words
_TOPICS = language("topics").words
_ASKED_FOR = language("topics").patterns

_FUZZY_RATIO = 87.0
_FUZZY_MIN_CHARACTERS = 7
_ASKED = "_asked"
_TELLING_WORDS = 2
_BY_ITS_KIND = 1.4
"""How clearly a fact of the kind that is asked for answers: a little more than by one word of a topic of its own."""


@remembered(8192)
def _phrase_stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in plain_words(phrase).tokens)


@remembered(8192)
def _plain(phrase: str) -> str:
    return plain_words(phrase).text


@remembered(512)
def _text_stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in text.replace("-", " ").split())


@remembered(512)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


@remembered(512)
def _joined_stems(text: str) -> str:
    """Returns the stems of a text between blanks, in which whole words are found at once."""
    return f" {' '.join(_text_stems(text))} "


@remembered(8)
def _stop_words() -> frozenset[str]:
    return frozenset(_WORDS["stop_words"])


@remembered(8)
def _stems_of(words: str) -> frozenset[str]:
    return frozenset(map(stem, _WORDS[words]))


def telling_words(text: str) -> list[str]:
    """Returns the words of a text that tell its subject, in their order."""
    return [word for word in plain_words(text).tokens if word not in _stop_words()]


def phrase_strength(phrase: str, text: str) -> float:
    """Returns how clearly a phrase stands in a plain text: 0 for not at all, else more for longer phrases."""
    wanted, words = _phrase_stems(phrase), _text_stems(text)
    length = len(wanted)
    if not length:
        return 0.0
    if f" {' '.join(wanted)} " in _joined_stems(text):
        return length + 0.5 * (length > 1)
    content = [word for word in wanted if word not in _stop_words()]
    if len(content) >= 2 and _within(content, words, length + (3 if length >= 3 else 1)):
        return length - 0.5
    return _fuzzy_strength(_plain(phrase), text, length)


def _within(content: list[str], words: tuple[str, ...], span: int) -> bool:
    """Whether all content words stand in their order within a span of words."""
    for start in (place for place, word in enumerate(words) if word == content[0]):
        position, end = start + 1, min(len(words), start + span)
        for wanted in content[1:]:
            while position < end and words[position] != wanted:
                position += 1
            if position >= end:
                break
            position += 1
        else:
            return True
    return False


def _fuzzy_strength(phrase: str, text: str, length: int) -> float:
    if len(phrase) < _FUZZY_MIN_CHARACTERS or len(text) < len(phrase) - 2:
        return 0.0
    if length == 1:
        near = max((fuzz.ratio(phrase, word) for word in _words_of(text)), default=0.0)
    else:
        near = fuzz.partial_ratio(phrase, text)
        if near >= _FUZZY_RATIO and not set(_phrase_stems(phrase)) & set(_text_stems(text)) - _stems_of("stop_words"):
            near = 0.0
    return (length - 0.4) if near >= (_FUZZY_RATIO if length == 1 else 90) else 0.0


def best_phrases(phrases: tuple[str, ...], text: str) -> float:
    """Returns how clearly the best of several phrases stands in a plain text."""
    return max((phrase_strength(phrase, text) for phrase in phrases), default=0.0)


def stands_whole(phrases: tuple[str, ...], text: str) -> bool:
    """Whether one of several phrases stands in a plain text word by word."""
    words, wanted = _joined_stems(text), [_phrase_stems(phrase) for phrase in phrases]
    return any(f" {' '.join(stems)} " in words for stems in wanted if stems)


@remembered(1024)
def _known_by(topics: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the further phrases by which a fact with these topics is known."""
    return tuple(phrase for kind in _kinds_of(topics) for phrase in _TOPICS[kind + _ASKED] if phrase not in topics)


@remembered(1024)
def _kinds_of(topics: tuple[str, ...]) -> frozenset[str]:
    """Returns the kinds of thing that a fact with these topics tells of."""
    kinds = [name.removesuffix(_ASKED) for name in _TOPICS if name.endswith(_ASKED)]
    named = {kind: _TOPICS[kind if kind in _TOPICS else kind + _ASKED] for kind in kinds}
    return frozenset(kind for kind in kinds if not set(topics).isdisjoint(named[kind]))


@remembered(64)
def kinds_asked_for(question: str) -> frozenset[str]:
    """Returns the kinds of thing that a question in plain words asks for, whatever its words."""
    return frozenset(kind for kind, pattern in _ASKED_FOR.items() if pattern.search(question))


def told_beside(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns what the campaign tells, in whatever it says, of a thing for which no topic has a name; else None."""
    for kind in sorted(kinds_asked_for(question)):
        words = next((told for name, told in _TOPICS.items() if name == f"{kind}_told"), ())
        for text in (*(fact.answer for fact in campaign.facts), *(one.reply for one in campaign.objections)):
            for sentence in split_sentences(text):
                if words and stands_whole(words, plain_words(sentence).text):
                    return CampaignFact(topics=(kind,), answer=sentence)
    return None


def fact_of(campaign: Campaign, kind: str) -> CampaignFact | None:
    """Returns the first fact that tells of a kind of thing, or None."""
    return next((fact for fact in campaign.facts if kind in _kinds_of(fact.topics)), None)


def _strength_by_words(phrases: tuple[str, ...], question: str) -> float:
    """Returns how clearly the best of the words stands by which people ask for a thing; several stand word by word."""
    alone = tuple(phrase for phrase in phrases if " " not in phrase)
    whole = max((len(one.split()) + 0.5 for one in phrases if " " in one and stands_whole((one,), question)), default=0)
    return max(whole, best_phrases(alone, question))


def _topic_strength(topic: str, question: str) -> float:
    """Returns how clearly a topic stands in a question; "how long does it take" alone tells little of its subject."""
    strength = phrase_strength(topic, question)
    generic = topic.startswith(_WORDS["generic_starts"]) and not any(word in topic for word in _WORDS["not_generic"])
    return min(strength, 0.6) if generic else strength


def asks_price(question: str) -> bool:
    """Whether a question in plain words asks what something costs."""
    return "price" in kinds_asked_for(question) or _strength_by_words(_TOPICS["price_asked"], question) > 0


def tells_price(fact: CampaignFact) -> bool:
    """Whether a fact tells what something costs."""
    answer = fact.answer.lower()
    return any(word in answer for word in _WORDS["tell_price"])


def answer_from_facts(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns the fact that answers a question in plain words, or None."""
    best: tuple[float, CampaignFact] | None = None
    asks_duration = any(f" {words}" in f" {question}" for words in _WORDS["ask_duration"])
    asked_for = kinds_asked_for(question)
    for fact in campaign.facts:
        own = sorted((_topic_strength(topic, question) for topic in fact.topics), reverse=True)
        strength = 1.3 * (own[0] + 0.3 * sum(own[1:3])) if own else 0.0
        strength = max(strength, 0.5 * _strength_by_words(_known_by(fact.topics), question))
        if not asked_for.isdisjoint(_kinds_of(fact.topics)):
            strength = max(_BY_ITS_KIND, strength + 0.5)
        if strength and asks_price(question) and tells_price(fact):
            strength += 1.0
        if strength and asks_duration and _LANGUAGE.patterns["tells_duration"].search(fact.answer.lower()):
            strength += 1.0
        if strength and (best is None or strength > best[0]):
            best = (strength, fact)
    return best[1] if best else _told_in_passing(campaign, question)


def _told_in_passing(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns the only fact whose answer holds most of the telling words of a question, at least two; else None."""
    asked = cue_stems(question) - _stems_of("passing_words")
    shared = [(len(asked & cue_stems(fact.answer)), fact) for fact in campaign.facts]
    most = max((count for count, _ in shared), default=0)
    told = [fact for count, fact in shared if count == most]
    return told[0] if most >= _TELLING_WORDS and len(told) == 1 else None


@remembered(256)
def cue_stems(*texts: str) -> frozenset[str]:
    """Returns the stems of the telling words of some texts, by which a question's subject is known again."""
    stems = {stem(word) for text in texts for word in plain_words(text.replace("_", " ").replace("-", " ")).tokens}
    return frozenset(stems - _stems_of("stop_words") - _stems_of("untelling_words"))


def shares_cue(text: str, cues: frozenset[str]) -> bool:
    """Whether a plain text holds one of some telling words."""
    return not cues.isdisjoint(_text_stems(text))
