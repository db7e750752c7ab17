"""The parts of a campaign as immutable values."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from callwright_common.campaign.fields import (
    Identifier,
    Micros,
    OpeningHours,
    PhoneNumber,
    Phrases,
    Section,
    Share,
    Text,
    Timezone,
    Weight,
)
from callwright_common.campaign.questions import Factor, Question

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Company(Section):
    """The business that the agents speak for."""

    name: Text
    agent_name: Text
    timezone: Timezone


class Product(Section):
    """What is sold."""

    name: Text
    pitch: Text


class Appointment(Section):
    """What a qualified caller is offered."""

    name: Text
    with_whom: Text
    price: Text | None = None


class CampaignFact(Section):
    """An answer that does not depend on the caller, and the words by which a question about it is known."""

    topics: Phrases
    answer: Text


class Objection(Section):
    """A concern of callers and what is answered to it."""

    id: Identifier
    phrases: Phrases
    reply: Text


class Weights(Section):
    """How much each factor counts; the weights of a score sum to 1 after scaling."""

    intent: Weight
    budget: Weight
    timeline: Weight
    authority: Weight
    need: Weight

    @model_validator(mode="after")
    def _some_weight(self) -> "Weights":
        if not sum(self.of(factor) for factor in Factor) > 0:
            raise ValueError("at least one weight must be above 0")
        return self

    def of(self, factor: Factor) -> float:
        """Returns a factor's weight as written."""
        return float(getattr(self, factor))

    def normalised(self) -> dict[Factor, float]:
        """Returns the weights of all factors, scaled to sum to 1."""
        total = sum(self.of(factor) for factor in Factor)
        return {factor: self.of(factor) / total for factor in Factor}


class Scoring(Section):
    """When a lead counts as qualified."""

    weights: Weights
    threshold: Share = 0.7
    warm_up_margin: Share = 0.15


class Voice(Section):
    """A voice of a speech provider."""

    provider: Literal["piper"] = "piper"
    voice: Text | None = None
    speed: Annotated[float, Field(gt=0.25, lt=4)] = 1.0
    pitch: Annotated[float, Field(gt=0.5, lt=2)] = 1.0
    price_per_1000_characters: Micros = 0


class Voices(Section):
    """The voice of each tier."""

    standard: Voice
    premium: Voice


class SpeechBudget(Section):
    """What premium speech may cost, in millionths of the currency's unit."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    per_call: Micros
    per_day: Micros
    lease_seconds: Annotated[int, Field(ge=5, le=900)] = 60

    @model_validator(mode="after")
    def _a_call_fits_in_a_day(self) -> "SpeechBudget":
        if self.per_call > self.per_day:
            raise ValueError("per_call must not be above per_day")
        return self


class Calendar(Section):
    """When appointments can be had."""

    timezone: Timezone
    slot_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    days_ahead: Annotated[int, Field(ge=1, le=90)] = 14
    notice_hours: Annotated[int, Field(ge=0, le=336)] = 24
    hours: dict[Weekday, tuple[OpeningHours, ...]] = Field(min_length=1)

    @model_validator(mode="after")
    def _hours_make_sense(self) -> "Calendar":
        for day, spans in self.hours.items():
            for earlier, later in pairwise(sorted(spans)):
                if later[:5] < earlier[6:]:
                    raise ValueError(f"hours.{day}: {earlier} and {later} overlap")
        if not any(self._minutes(span) >= self.slot_minutes for spans in self.hours.values() for span in spans):
            raise ValueError(f"hours: no span is as long as an appointment of {self.slot_minutes} minutes")
        return self

    @staticmethod
    def _minutes(span: str) -> int:
        """Returns the length of a span such as "09:00-12:00" in minutes."""
        return (int(span[6:8]) - int(span[:2])) * 60 + int(span[9:]) - int(span[3:5])


class Prompts(Section):
    """Fixed texts, spoken where no agent is asked."""

    fillers: tuple[Text, ...] = Field(default=("Let me see.", "One moment.", "Okay, so."), min_length=1, max_length=10)
    apology: Text = "I am sorry, something went wrong on my side. Could you say that once more?"
    did_not_hear: Text = "Sorry, I did not catch that. Could you say it again?"
    still_there: Text = "Are you still there?"
    goodbye_silence: Text = "I cannot hear you, so I will hang up now. You are welcome to call again. Goodbye."
    unavailable: Text = "I am sorry, we cannot take your call right now. Please call again a little later. Goodbye."
    handoff: Text = "One moment please, I am connecting you with a colleague."
    recording: Text | None = None
    number_source: Text | None = None
    why_asking: Text = "I ask everybody these few questions, and you need not answer any of them."
    call_back: Text = "I cannot look into our calendar right now, so I note that a colleague should call you back."
    time_limit: Text = "I am afraid our time is up. Thank you for the call, and goodbye."
    goodbye: Text = "Thank you for calling. Goodbye."


class Handoff(Section):
    """How a caller reaches a human."""

    number: PhoneNumber | None = None
    announce: Text = "Of course. I will connect you with a colleague now, please stay on the line."


class Limits(Section):
    """How long a call waits and lasts, in seconds."""

    silence_prompt_seconds: Annotated[float, Field(ge=2, le=120)] = 8
    silence_hangup_seconds: Annotated[float, Field(ge=5, le=600)] = 30
    max_call_seconds: Annotated[float, Field(ge=30, le=14_400)] = 1800

    @model_validator(mode="after")
    def _prompt_comes_first(self) -> "Limits":
        if self.silence_hangup_seconds <= self.silence_prompt_seconds:
            raise ValueError("silence_hangup_seconds must be above silence_prompt_seconds")
        return self


class Detail(StrEnum):
    """Something by which a caller is known and reached, in the order in which it is asked for."""

    NAME = "name"
    COMPANY = "company"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


Wanted = Literal["required", "optional"]


class Capture(Section):
    """What a campaign wants to know of a caller for his booking; what is required is asked for twice."""

    name: Wanted | None = None
    company: Wanted | None = None
    phone: Wanted | None = None
    email: Wanted | None = None
    address: Wanted | None = None

    @property
    def details(self) -> dict[Detail, Wanted]:
        """The details that are wanted, in the order in which they are asked for."""
        return {detail: wanted for detail in Detail if (wanted := getattr(self, detail)) is not None}


class Campaign(Section):
    """A business, what it sells, whom it wants to talk to and how."""

    id: Identifier
    company: Company
    product: Product
    appointment: Appointment
    opening: Text
    facts: tuple[CampaignFact, ...] = Field(default=(), max_length=100)
    questions: tuple[Question, ...] = Field(min_length=1, max_length=20)
    objections: tuple[Objection, ...] = Field(default=(), max_length=50)
    scoring: Scoring
    voices: Voices
    budget: SpeechBudget
    calendar: Calendar
    capture: Capture = Capture()
    prompts: Prompts = Prompts()
    handoff: Handoff = Handoff()
    limits: Limits = Limits()
    numbers: tuple[PhoneNumber, ...] = Field(default=(), max_length=1000)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "Campaign":
        for name, ids in (
            ("questions", [question.id for question in self.questions]),
            ("objections", [objection.id for objection in self.objections]),
            ("numbers", list(self.numbers)),
        ):
            twice = sorted({one for one in ids if ids.count(one) > 1})
            if twice:
                raise ValueError(f"{name}: {twice[0]} stands there twice")
        return self

    def question(self, question_id: str) -> Question | None:
        """Returns the question with an id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)
