"""What a caller makes of the agent's words: which question it was asked, which times it was offered."""

import re
from dataclasses import dataclass

from callers.agent_phrases import REPLIES, SMALL_QUESTIONS
from callers.question_matching import QuestionMatcher
from callers.spoken_times import SpokenTime, spoken_times
from callers.topics import Subject, Topic


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood of one reply of the agent.

    Attributes:
        text: The words as transcribed.
        subject: What the caller should react to.
        times: Appointment times that were named.
        farewell: The agent said goodbye in it.
        booked: The agent told that an appointment is fixed.
    """

    text: str
    subject: Subject
    times: tuple[SpokenTime, ...] = ()
    farewell: bool = False
    booked: bool = False

    @property
    def is_question_of_campaign(self) -> bool:
        """Whether the subject is the id of a question."""
        return not isinstance(self.subject, Topic)

    @property
    def expects_answer(self) -> bool:
        """Whether the agent waits for the caller now."""
        return self.subject not in (Topic.STATEMENT, Topic.FILLER, Topic.GOODBYE, Topic.HANDOFF, Topic.BOOKED)


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
        farewell = bool(REPLIES["goodbye"].search(lowered))
        subject = self._subject(lowered, times, farewell=farewell)
        booked = len(times) == 1 and bool(REPLIES["booked"].search(lowered)) and subject is not Topic.PROPOSAL
        return Heard(cleaned, subject, times, farewell, booked)

    def _subject(self, text: str, times: tuple[SpokenTime, ...], *, farewell: bool) -> Subject:
        questions = [sentence for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence.endswith("?")]
        if questions:
            return self._question(questions[-1], times)
        if REPLIES["handoff"].search(text):
            return Topic.HANDOFF
        if REPLIES["filler"].fullmatch(text.strip(" .,!")):
            return Topic.FILLER
        if REPLIES["booked"].search(text) and not farewell:
            return Topic.BOOKED
        if farewell:
            return Topic.GOODBYE
        return Topic.OFFER if len(times) > 1 else self._unmarked_question(text)

    def _question(self, question: str, times: tuple[SpokenTime, ...]) -> Subject:
        surely = self._questions.surely(question)
        if surely is not None and not times:
            return surely
        small = next((topic for topic, pattern in SMALL_QUESTIONS.items() if pattern.search(question)), None)
        if small is not None:
            return small
        if len(times) > 1:
            return Topic.OFFER
        if REPLIES["asks_to_book"].search(question):
            return Topic.PROPOSAL
        asks_for_time = bool(REPLIES["preferred_time"].search(question))
        likely = None if asks_for_time else self._questions.likely(question)
        if times and (likely is None or REPLIES["proposal"].search(question)):
            return Topic.PROPOSAL
        return Topic.PREFERRED_TIME if asks_for_time else likely or Topic.OTHER_QUESTION

    def _unmarked_question(self, text: str) -> Subject:
        """Finds a question in words that the transcriber did not end with a question mark."""
        surely = self._questions.surely(text)
        if surely is not None:
            return surely
        last = re.split(r"(?<=[.!])\s+", text)[-1]
        opening = REPLIES["opening"].search(last)
        return Topic.STATEMENT if opening is None else self._question(last[opening.start() :], ())
