"""Finds the phrases of a campaign in what was said, tolerating endings and transcription errors."""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from callwright_common.campaign import Campaign, CampaignFact
from dialogue.rules.words import plain_words, stem

_FUZZY_RATIO = 87.0
_FUZZY_MIN_CHARACTERS = 7
_STOP_WORDS = frozenset([
    "a", "an", "the", "i", "you", "we", "it", "is", "are", "do", "does", "did", "to", "of", "for", "and", "or", "in",
    "on", "at", "your", "my", "our", "me", "us", "this", "that", "be", "have", "has", "with", "would", "could", "can",
    "will", "about", "what", "how", "when", "where", "why", "who", "which", "so", "please", "just", "if", "there",
    "any", "some",
])  # fmt: skip
# Words by which people ask for the same thing; a topic of a campaign that is one of them is known by all of them.
_SYNONYMS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = tuple(
    (frozenset(keys.split("|")), tuple(more.split("|")))
    for keys, more in (
        ("price|cost|pricing|prices|costs|how much|fee",
                "how much|price|prices|cost|costs|pricing|charge|fee|fees|rates|set me back|run me|run us|how "
                "expensive|pay for|worth|price tag|people spend|people pay|going rate|"
                "ballpark|what are we talking|investment|quote"),
        ("financing|finance|loan|installments|monthly payments",
                "pay it off|off monthly|finance|financing|loan|installments|instalments|pay monthly|monthly "
                "payment|payment plan|payment "
                "plans|pay over time|spread the cost|lease|rent it|credit|down payment|upfront|up front|money down|"
                "interest rate|apr|percent interest"),
        ("how long does it take|installation time|duration|setup|implementation|onboarding",
                "how long|how fast|how quickly|how soon|how many days|how many weeks|take to|duration|up and "
                "running|turnaround|get it done"),
        ("warranty|guarantee",
                "warranty|guarantee|guaranteed|what if it breaks|break|breaks down|broken|last|how long will it "
                "last|lifespan|repair|goes wrong|something breaks|stops working"),
        ("how does it work|how it works",
                "how does it work|how it works|how does this work|how do they work|how does that work|explain "
                "how|works exactly"),
        ("where are you|located|location|service area",
                "where are you|located|location|based|your office|service area|my area|come to|do you serve|do you "
                "cover|which states|which areas|which cities|work in|operate in|install in|available in|"
                "come out to|local"),
        ("opening hours|business hours|office hours|hours",
                "opening hours|business hours|office hours|what hours|when are you open|are you open|open on|what "
                "time do you|close|weekends"),
        ("experience|references|reviews|how long have you been",
                "experience|references|reviews|how long have you been|how many customers|other "
                "customers|reputation|licensed|insured|certified|legit|legitimate|trustworthy|in business|track "
                "record"),
        ("savings|save|worth it|payback",
                "save|savings|worth it|payback|pay off|pay for itself|return on investment|roi|how much less|money "
                "back|break even"),
        ("security|data protection|privacy|compliance",
                "secure|security|data protection|gdpr|soc|compliance|encrypted|encryption|safe|hipaa|where is my "
                "data|hosted"),
        ("integration|integrations|integrate",
                "integrate|integration|integrations|connect to|connects to|work with|works with|api|plug "
                "into|compatible"),
        ("contract|cancel|cancellation|commitment",
         "contract|cancel|cancellation|commitment|minimum term|locked in|lock in|get out of|notice period"),
        ("trial|free trial", "trial|try it|test it|pilot|try before|free version"),
        ("support|help desk", "support|help desk|customer service|training|who do i call"),
    )
)  # fmt: skip
_GENERIC_STARTS = ("how long", "how much", "how fast", "how soon", "how many", "how quickly")
_DURATION_WORDS = ("how long", "how fast", "how quickly", "how soon", "how many days", "how many weeks")
_DURATION_ANSWER = re.compile(r"\b(?:minutes?|hours?|days?|weeks?|months?|years?)\b")
_PRICE_WORDS = ("how much", "cost", "costs", "price", "charge", "expensive", "fee")
_PRICE_ANSWERS = ("dollar", "cost", "free", "price", "charge", "$", "hundred", "thousand", "euro", "pay")


@lru_cache(maxsize=8192)
def _phrase_stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in plain_words(phrase).tokens)


@lru_cache(maxsize=8192)
def _plain(phrase: str) -> str:
    return plain_words(phrase).text


@lru_cache(maxsize=512)
def _text_stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in text.replace("-", " ").split())


def phrase_strength(phrase: str, text: str) -> float:
    """Returns how clearly a phrase stands in a plain text: 0 for not at all, else more for longer phrases."""
    wanted, words = _phrase_stems(phrase), _text_stems(text)
    length = len(wanted)
    if not length:
        return 0.0
    for start in range(len(words) - length + 1):
        if words[start : start + length] == wanted:
            return length + 0.5 * (length > 1)
    content = [word for word in wanted if word not in _STOP_WORDS]
    if len(content) >= 2 and _within(content, words, length + (3 if length >= 3 else 1)):
        return length - 0.5
    return _fuzzy_strength(_plain(phrase), text, length)


def _within(content: list[str], words: tuple[str, ...], span: int) -> bool:
    """Whether all content words stand in their order within a span of words."""
    for start, word in enumerate(words):
        if word != content[0]:
            continue
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
        near = max((fuzz.ratio(phrase, word) for word in text.split()), default=0.0)
    else:
        near = fuzz.partial_ratio(phrase, text)
        if near >= _FUZZY_RATIO and not set(_phrase_stems(phrase)) & set(_text_stems(text)):
            near = 0.0
    return (length - 0.4) if near >= (_FUZZY_RATIO if length == 1 else 90) else 0.0


def best_phrases(phrases: tuple[str, ...], text: str) -> float:
    """Returns how clearly the best of several phrases stands in a plain text."""
    return max((phrase_strength(phrase, text) for phrase in phrases), default=0.0)


@lru_cache(maxsize=1024)
def _known_by(topics: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the further phrases by which a fact with these topics is known."""
    further: list[str] = []
    for keys, phrases in _SYNONYMS:
        if keys & set(topics):
            further.extend(phrase for phrase in phrases if phrase not in topics)
    return tuple(further)


def _topic_strength(topic: str, question: str) -> float:
    """Returns how clearly a topic stands in a question; "how long does it take" alone tells little of its subject."""
    strength = phrase_strength(topic, question)
    generic = topic.startswith(_GENERIC_STARTS) and " you" not in topic
    return min(strength, 0.6) if generic else strength


def answer_from_facts(campaign: Campaign, question: str) -> CampaignFact | None:
    """Returns the fact that answers a question in plain words, or None."""
    best: tuple[float, CampaignFact] | None = None
    asks_duration = question.startswith(_DURATION_WORDS) or any(f" {words}" in question for words in _DURATION_WORDS)
    asks_price = any(phrase_strength(phrase, question) for phrase in _PRICE_WORDS)
    for fact in campaign.facts:
        own = sorted((_topic_strength(topic, question) for topic in fact.topics), reverse=True)
        strength = 1.3 * (own[0] + 0.3 * sum(own[1:3])) if own else 0.0
        strength = max(strength, 0.5 * best_phrases(_known_by(fact.topics), question))
        answer = fact.answer.lower()
        if strength and asks_price and any(word in answer for word in _PRICE_ANSWERS):
            strength += 1.0
        if strength and asks_duration and _DURATION_ANSWER.search(answer):
            strength += 1.0
        if strength and (best is None or strength > best[0]):
            best = (strength, fact)
    return best[1] if best else None


@lru_cache(maxsize=256)
def cue_stems(*texts: str) -> frozenset[str]:
    """Returns the stems of the telling words of some texts, by which a question's subject is known again."""
    stems = {stem(word) for text in texts for word in plain_words(text.replace("_", " ").replace("-", " ")).tokens}
    return frozenset(stems - {stem(word) for word in (*_STOP_WORDS, "day", "week", "monthly", "month", "year")})


def shares_cue(text: str, cues: frozenset[str]) -> bool:
    """Whether a plain text holds one of some telling words."""
    return not cues.isdisjoint(_text_stems(text))
