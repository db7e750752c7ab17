"""What a caller says next, decided from the agent's words and the persona's lines."""

import random
from dataclasses import dataclass

from callers.lines import lines_for
from callers.personas import Persona
from callers.question_matching import QuestionMatcher
from callers.spoken_times import SpokenTime
from callers.topics import DETAILS, Subject, Topic
from callers.understanding import Comprehension, Heard
from callwright_common.campaign import Campaign

MAX_REPEAT_REQUESTS = 2
NOT_MEANT = "No, that is not what I meant."
GREETINGS_INTO_SILENCE = ("Hello?", "Hello, are you still there?")


@dataclass(frozen=True, slots=True)
class Move:
    """What the caller does next.

    Attributes:
        text: What it says; None to keep listening.
        hang_up: It hangs up, after speaking, once the agent had a moment to end the call first.
    """

    text: str | None
    hang_up: bool = False


KEEP_LISTENING = Move(None)


class CallerPolicy:
    """One caller in one call; the seed fixes all of its choices beforehand.

    Attributes:
        understand: Reads one reply of the agent.
        agreed: The appointment that the caller believes it has; None without one.
        objected: It has raised its objection.
    """

    def __init__(self, persona: Persona, campaign: Campaign, seed: int) -> None:
        rng = random.Random(f"{persona.name}/{seed}")  # noqa: S311 - wording, not secrets
        lines = lines_for(persona, campaign)
        temper = persona.temper
        self.persona = persona
        self.campaign = campaign
        self.seed = seed
        self.agreed: SpokenTime | None = None
        self.objected = False
        self.understand = Comprehension(QuestionMatcher(campaign.questions)).understand
        answers = [one for one in lines.answers.items() if one[0] not in DETAILS]
        self._wordings = {subject: rng.sample(texts, len(texts)) for subject, texts in answers}
        self._objection = rng.choice(lines.objections) if lines.objections else None
        self._objection_after = rng.choice(temper.objects_after)
        self._interruption = rng.choice(lines.interruptions) if lines.interruptions else None
        self._demands = rng.sample(lines.demands, len(lines.demands))
        self._demands_after = rng.randint(1, temper.answers_before_demand) if temper.answers_before_demand else 0
        self._choice = rng.random()
        self._wordings |= {topic: rng.sample(lines.answers[topic], len(lines.answers[topic])) for topic in DETAILS}
        self._said: list[str] = []
        self._asked: dict[Subject, int] = {}
        self._answered: set[Subject] = set()
        self._silences = 0
        self._repeat_requests = 0

    def likely_lines(self) -> list[str]:
        """Returns the lines that this caller is likely to say, for speaking them without delay."""
        lines = [texts[0] for subject, texts in self._wordings.items() if subject is not Topic.OFFER]
        lines += [line for line in (self._objection, self._interruption) if line]
        return lines + self._demands[:2] + [GREETINGS_INTO_SILENCE[0]]

    def interruption(self) -> str | None:
        """Returns the words with which the caller speaks over the agent now; None if it lets the agent finish.

        The caller interrupts once, after it has raised its objection.
        """
        if self._interruption is None or not self.wants_to_interrupt():
            return None
        text, self._interruption = self._interruption, None
        return self._say(text)

    def wants_to_interrupt(self) -> bool:
        """Returns whether the caller will speak over the agent's next long reply."""
        return self._interruption is not None and self.objected

    def on_silence(self) -> Move:
        """Returns what the caller does when the agent has said nothing for long."""
        self._silences += 1
        if self._silences > len(GREETINGS_INTO_SILENCE):
            return Move(None, hang_up=True)
        return Move(GREETINGS_INTO_SILENCE[self._silences - 1])

    def on_reply(self, heard: Heard) -> Move:
        """Returns what the caller does after a reply of the agent."""
        self._silences = 0
        if heard.booked:
            self.agreed = heard.times[0]
        match heard.subject:
            case Topic.FILLER | Topic.HANDOFF:
                return KEEP_LISTENING
            case Topic.UNINTELLIGIBLE:
                return self._ask_to_repeat()
            case Topic.REPEAT:
                return Move(self._said[-1] if self._said else self._wording(Topic.OTHER_QUESTION))
            case Topic.DOUBT:
                return Move(self._say(self._demand() or NOT_MEANT))
            case Topic.GOODBYE:
                return Move(self._wording(Topic.GOODBYE) if not self._has_said_goodbye() else None, hang_up=True)
            case Topic.BOOKED | Topic.ANYTHING_ELSE:
                return Move(self._say(self._wording(heard.subject)))
        return Move(self._say(self._demand() or self._concern(heard) or self._answer(heard)))

    def _answer(self, heard: Heard) -> str:
        self._answered.add(heard.subject)
        if heard.times and self.persona.books and heard.subject in (Topic.OFFER, Topic.PROPOSAL):
            self.agreed = heard.times[int(self._choice * len(heard.times))]
        text = self._wording(heard.subject)
        return text.replace("{time}", self.agreed.spoken()) if self.agreed else text

    def _wording(self, subject: Subject) -> str:
        """Returns the next wording for a subject, so that a question that comes again is answered in other words."""
        count = self._asked.get(subject, 0)
        self._asked[subject] = count + 1
        texts = self._wordings[subject]
        return texts[count % len(texts)]

    def _concern(self, heard: Heard) -> str | None:
        """Returns the objection at its time: instead of answering one of the campaign's questions."""
        due = heard.is_question_of_campaign and len(self._answered) >= self._objection_after
        if self._objection is None or self.objected or not due:
            return None
        self.objected = True
        return self._objection

    def _demand(self) -> str | None:
        """Returns what it demands, in other words each time, once enough questions were answered."""
        if not self._demands or len(self._answered) < self._demands_after:
            return None
        self._demands.append(self._demands.pop(0))
        return self._demands[-1]

    def _ask_to_repeat(self) -> Move:
        self._repeat_requests += 1
        if self._repeat_requests > MAX_REPEAT_REQUESTS:
            return Move(self._say(self._wording(Topic.OTHER_QUESTION)))
        return Move(self._wording(Topic.UNINTELLIGIBLE))

    def _has_said_goodbye(self) -> bool:
        return any("bye" in text.lower() for text in self._said[-1:])

    def _say(self, text: str) -> str:
        self._said.append(text)
        return text
