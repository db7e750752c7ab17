"""What a caller makes of the agent's words: which question it was asked, which times it was offered."""

import re
from dataclasses import dataclass

from callers.question_matching import QuestionMatcher
from callers.spoken_times import SpokenTime, spoken_times
from callers.topics import Subject, Topic


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of one reply of the agent.

    Attributes:
        text: The words as transcribed.
        topic: What the caller should react to.
        question_id: The question of the campaign; empty for every other topic.
        times: Appointment times that were named.
        farewell: The agent said goodbye in it.
        booked: The agent told that an appointment is fixed.
    """

    text: str
    topic: Topic
    question_id: str = ""
    times: tuple[SpokenTime, ...] = ()
    farewell: bool = False
    booked: bool = False

    @property
    def subject(self) -> Subject:
        """The topic, or the question's id where it is a question of the campaign."""
        return self.question_id or self.topic

    @property
    def expects_answer(self) -> bool:
        """Whether the agent waits for the caller now."""
        return self.topic not in (Topic.STATEMENT, Topic.FILLER, Topic.GOODBYE, Topic.HANDOFF, Topic.BOOKED)


_SMALL_QUESTIONS: tuple[tuple[Topic, str], ...] = (
    (Topic.REPEAT, r"say (?:it|that) (?:again|once more)|repeat|catch that|didn't hear|did not hear|say once more"),
    (Topic.STILL_THERE, r"still there|hear me|are you there"),
    (Topic.ANYTHING_ELSE, r"anything else|any other question|something else|else i can"),
    (Topic.NAME, r"your (?:full |first |last )?name|who am i (?:speaking|talking)"),
    (Topic.ADDRESS, r"address|zip code|postal code|where do you live"),
    (Topic.CONTACT, r"e-?mail|phone number|number to reach|best number|call you back on"),
)
_PREFERRED_TIME = re.compile(
    r"(?:which|what) (?:day|time)|when (?:would|does|do|is) .*(?:suit|visit|appointment|best|work)|morning or"
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
    r"|is (?:there|it|that|your))\b"
)
_PROPOSAL = re.compile(
    r"\b(?:shall|should|can|could|may|would|does|is that|right|correct|okay|works?|suits?|sounds?)\b"
)


class Comprehension:
    """Understands an agent that works for one campaign."""

    def __init__(self, questions: QuestionMatcher) -> None:
        self._questions = questions

    def understand(self, text: str) -> Heard:
        """Reads one reply of the agent; the last question in it counts."""
        cleaned = " ".join(text.split())
        if not re.search(r"[a-zA-Z]{2}", cleaned):
            return Heard(cleaned, Topic.UNINTELLIGIBLE)
        times = tuple(time for time in spoken_times(cleaned) if time.has_day)
        lowered = cleaned.lower()
        farewell = bool(_GOODBYE.search(lowered))
        subject = self._subject(lowered, times, farewell=farewell)
        booked = len(times) == 1 and bool(_BOOKED.search(lowered)) and subject is not Topic.PROPOSAL
        if isinstance(subject, str):
            return Heard(cleaned, Topic.QUESTION, subject, times, farewell, booked)
        return Heard(cleaned, subject, "", times, farewell, booked)

    def _subject(self, text: str, times: tuple[SpokenTime, ...], *, farewell: bool) -> Subject:
        if _HANDOFF.search(text):
            return Topic.HANDOFF
        questions = [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence.endswith("?")]
        if questions:
            return self._question(questions[-1], times)
        if _FILLER.fullmatch(text.strip(" .,!")):
            return Topic.FILLER
        if _BOOKED.search(text) and not farewell:
            return Topic.BOOKED
        if farewell:
            return Topic.GOODBYE
        return Topic.OFFER if len(times) > 1 else self._unmarked_question(text)

    def _question(self, question: str, times: tuple[SpokenTime, ...]) -> Subject:
        surely = self._questions.surely(question)
        if surely is not None and not times:
            return surely
        small = next((topic for topic, pattern in _SMALL_QUESTIONS if re.search(pattern, question)), None)
        if small is not None:
            return small
        if len(times) > 1:
            return Topic.OFFER
        asks_for_time = bool(_PREFERRED_TIME.search(question))
        likely = None if asks_for_time else self._questions.likely(question)
        if times and (likely is None or _PROPOSAL.search(question)):
            return Topic.PROPOSAL
        return Topic.PREFERRED_TIME if asks_for_time else likely or Topic.OTHER_QUESTION

    def _unmarked_question(self, text: str) -> Subject:
        """Finds a question in words that the transcriber did not end with a question mark."""
        surely = self._questions.surely(text)
        if surely is not None:
            return surely
        last = re.split(r"(?<=[.!])\s+", text)[-1]
        opening = _OPENING.search(last)
        return Topic.STATEMENT if opening is None else self._question(last[opening.start() :], ())
