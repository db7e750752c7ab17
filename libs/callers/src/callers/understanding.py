"""What a caller makes of the agent's words: which question it was asked, which times it was offered."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from callers.spoken_times import SpokenTime, spoken_times


class Topic(Enum):
    """What the agent wants to know or tells."""

    INTEREST = auto()
    NEED = auto()
    AUTHORITY = auto()
    TIMELINE = auto()
    BUDGET = auto()
    NAME = auto()
    CONTACT = auto()
    ADDRESS = auto()
    OFFER = auto()
    PREFERRED_TIME = auto()
    PROPOSAL = auto()
    ANYTHING_ELSE = auto()
    REPEAT = auto()
    STILL_THERE = auto()
    BOOKED = auto()
    HANDOFF = auto()
    GOODBYE = auto()
    OTHER_QUESTION = auto()
    FILLER = auto()
    STATEMENT = auto()
    UNINTELLIGIBLE = auto()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of one reply of the agent.

    Attributes:
        text: The words as transcribed.
        topic: What the caller should react to.
        times: Appointment times that were named.
        farewell: The agent said goodbye in it.
        booked: The agent told that an appointment is fixed.
    """

    text: str
    topic: Topic
    times: tuple[SpokenTime, ...] = ()
    farewell: bool = False
    booked: bool = False

    @property
    def expects_answer(self) -> bool:
        """Whether the agent waits for the caller now."""
        return self.topic not in (Topic.STATEMENT, Topic.FILLER, Topic.GOODBYE, Topic.HANDOFF, Topic.BOOKED)


_QUESTIONS: tuple[tuple[Topic, str], ...] = (
    (Topic.REPEAT, r"say (?:it|that) (?:again|once more)|repeat|catch that|didn't hear|did not hear|say once more"),
    (Topic.STILL_THERE, r"still there|hear me|are you there"),
    (Topic.ANYTHING_ELSE, r"anything else|any other question|something else|else i can"),
    (Topic.NAME, r"your (?:full |first |last )?name|who am i (?:speaking|talking)"),
    (Topic.ADDRESS, r"address|zip code|postal code|where do you live"),
    (Topic.CONTACT, r"e-?mail|phone number|number to reach|best number|call you back on"),
    (
        Topic.INTEREST,
        r"what (?:made|makes|may|brought) you|think(?:ing)? (?:about|of) solar|why .*(?:solar|call)|get out of|reason"
        r"|brings you|how can i help|interested in|hoping",
    ),
    (
        Topic.NEED,
        r"\bbills?\b(?!.*\bbudget\b)|\belectric\b(?! car)|electricity cost|each month|pay (?:for|each|per|a) ",
    ),
    (Topic.BUDGET, r"budget|dollars|how much .*(?:spend|invest)|thousand dollars|price range|put aside"),
    (Topic.AUTHORITY, r"decide|decision|own the (?:home|house)|homeowner|do you own|anybody else|anyone else|involved"),
    (
        Topic.PREFERRED_TIME,
        r"(?:which|what) (?:day|time)|when (?:would|does|do|is) .*(?:suit|visit|appointment|best|work)|morning or",
    ),
    (Topic.TIMELINE, r"\bwhen\b|how soon|next (?:few )?months?|timeline|next year|time ?frame"),
)
_FILLER = re.compile(
    r"(?:(?:okay|all right|well|sure|hm+|um+)\W*)?(?:let me (?:see|check|look)|one moment|just a (?:moment|second))?"
)
_HANDOFF = re.compile(
    r"connect(?:ing)? you|put(?:ting)? you through|transfer(?:ring)? you|stay on the line|hand(?:ing)? you over"
)
_BOOKED = re.compile(
    r"booked|confirmed|all set|see you|is set|you're set|scheduled for|appointment is|put you down|reserved"
)
_GOODBYE = re.compile(r"good ?-?bye|bye\b|have a (?:\w+ )?(?:day|afternoon|evening|one)")
_OPENING = re.compile(
    r"\b(?:what (?:budget|is|are|made|do|would|day|time)|when (?:would|do|is)|how (?:much|soon|many|long|do|would|can)"
    r"|which (?:one|day|time)|who|do you|does|would (?:you|it|that)|could you|can (?:you|i)|are you"
    r"|is (?:there|it|that|your)|your (?:monthly |electric )?bill (?:closer|nearer))\b"
)
_PROPOSAL = re.compile(
    r"\b(?:shall|should|can|could|may|would|does|is that|right|correct|okay|works?|suits?|sounds?)\b"
)


def understand(text: str) -> Heard:
    """Reads one reply of the agent; the last question in it counts."""
    cleaned = " ".join(text.split())
    if not re.search(r"[a-zA-Z]{2}", cleaned):
        return Heard(cleaned, Topic.UNINTELLIGIBLE)
    times = tuple(time for time in spoken_times(cleaned) if time.has_day)
    lowered = cleaned.lower()
    farewell = bool(_GOODBYE.search(lowered))
    questions = [sentence for sentence in re.split(r"(?<=[.!?])\s+", lowered) if sentence.endswith("?")]
    topic = _topic(lowered, questions, times, farewell=farewell)
    booked = len(times) == 1 and bool(_BOOKED.search(lowered)) and topic is not Topic.PROPOSAL
    return Heard(cleaned, topic, times, farewell, booked)


def _topic(text: str, questions: list[str], times: tuple[SpokenTime, ...], *, farewell: bool) -> Topic:
    if _HANDOFF.search(text):
        return Topic.HANDOFF
    if questions:
        return _question_topic(questions[-1], times)
    if _FILLER.fullmatch(text.strip(" .,!")):
        return Topic.FILLER
    if _BOOKED.search(text) and not farewell:
        return Topic.BOOKED
    if farewell:
        return Topic.GOODBYE
    return Topic.OFFER if len(times) > 1 else _unmarked_question(text)


def _question_topic(question: str, times: tuple[SpokenTime, ...]) -> Topic:
    topic = next((topic for topic, pattern in _QUESTIONS if re.search(pattern, question)), None)
    if topic in (Topic.REPEAT, Topic.STILL_THERE, Topic.ANYTHING_ELSE, Topic.NAME, Topic.ADDRESS, Topic.CONTACT):
        return topic
    if len(times) > 1:
        return Topic.OFFER
    if times and (topic in (None, Topic.PREFERRED_TIME) or _PROPOSAL.search(question)):
        return Topic.PROPOSAL
    return topic or Topic.OTHER_QUESTION


def _unmarked_question(text: str) -> Topic:
    """Finds a question in words that the transcriber did not end with a question mark."""
    last = re.split(r"(?<=[.!])\s+", text)[-1]
    openings = list(_OPENING.finditer(last))
    if not openings:
        return Topic.STATEMENT
    question = last[openings[0].start() :]
    return next((topic for topic, pattern in _QUESTIONS if re.search(pattern, question)), Topic.OTHER_QUESTION)
