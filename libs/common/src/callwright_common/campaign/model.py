"""The parts of a campaign as immutable values."""

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, StringConstraints, model_validator

from callwright_common.campaign.dispositions import DEFAULT_DISPOSITIONS, Disposition
from callwright_common.campaign.fields import (
    ClosedDay,
    Identifier,
    Micros,
    OpeningHours,
    PhoneNumber,
    Section,
    Share,
    Text,
    Timezone,
    Weight,
)
from callwright_common.campaign.holidays import Holiday, falls_on
from callwright_common.campaign.parts import FITTING, misfits
from callwright_common.campaign.questions import Factor, Question
from callwright_common.campaign.texts import Appointment, CampaignFact, Objection, OtherMatters, Product, Prompts
from callwright_common.campaign.translations import Language, Translation

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Company(Section):
    """The business that the agents speak for."""

    name: Text
    agent_name: Text
    timezone: Timezone


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
    closed_on: tuple[ClosedDay, ...] = Field(default=(), max_length=100)

    def is_closed_on(self, day: date) -> bool:
        """Whether there are no appointments on a day, whatever weekday it is."""
        return day in self.closed_on or self.holiday_on(day) is not None

    def holiday_on(self, day: date) -> Holiday | None:
        """Returns the holiday for which there are no appointments on a day."""
        names = (one for one in self.closed_on if isinstance(one, Holiday))
        return next((one for one in names if falls_on(one, day.year) == day), None)

    @model_validator(mode="after")
    def _hours_make_sense(self) -> "Calendar":
        problems = [
            f"hours.{day}: {earlier} and {later} overlap"
            for day, spans in self.hours.items()
            for earlier, later in pairwise(sorted(spans))
            if later[:5] < earlier[6:]
        ]
        if not any(self._minutes(span) >= self.slot_minutes for spans in self.hours.values() for span in spans):
            problems.append(f"hours: no span is as long as an appointment of {self.slot_minutes} minutes")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @staticmethod
    def _minutes(span: str) -> int:
        """Returns the length of a span such as "09:00-12:00" in minutes."""
        return (int(span[6:8]) - int(span[:2])) * 60 + int(span[9:]) - int(span[3:5])


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
    other_matters: OtherMatters = OtherMatters()
    handoff: Handoff = Handoff()
    dispositions: tuple[Disposition, ...] = Field(default=DEFAULT_DISPOSITIONS, max_length=50)
    limits: Limits = Limits()
    numbers: tuple[PhoneNumber, ...] = Field(default=(), max_length=1000)
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
    translations: dict[Language, Translation] = Field(default_factory=dict)
    _translated: dict[str, "Campaign"] = PrivateAttr(default_factory=dict)
    _spoken_values: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _parts_fit(self) -> "Campaign":
        problems = misfits(self.model_dump(mode="json", include=set(FITTING)))
        for name, translation in self.translations.items():
            problems += [f"translations.{name}.{problem}" for problem in translation.problems(self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def language(self) -> Language:
        """The language that its texts are in."""
        return self.languages[0]

    def in_language(self, name: str) -> "Campaign":
        """Returns the campaign with its texts in one of its languages; in the first for any other name."""
        if name not in self._translated:
            if name == self.language or name not in self.translations:
                return self
            self._translated[name] = self._translate(name, self.translations[name])
        return self._translated[name]

    def in_one_language(self) -> "Campaign":
        """Returns the campaign in its main language alone."""
        alone = self.model_copy(update={"languages": (self.language,), "translations": {}})
        alone._translated = {}
        return alone

    def _translate(self, name: str, into: Translation) -> "Campaign":
        update = {
            "product": into.product,
            "appointment": into.appointment,
            "opening": into.opening,
            "facts": into.facts,
            "questions": tuple(into.translated(question) for question in self.questions),
            "objections": into.objections,
            "prompts": into.prompts,
            "other_matters": into.other_matters,
            "handoff": self.handoff.model_copy(update={"announce": into.announce}),
            "languages": (name, *(one for one in self.languages if one != name)),
        }
        translated = self.model_copy(update=update)
        translated._translated = {self.language: self}
        translated._spoken_values = into.spoken_values(self)
        return translated

    def spoken_value(self, value: str) -> str:
        """Returns how the value of an answer is spoken of."""
        return self._spoken_values.get(value, value)

    def question(self, question_id: str) -> Question | None:
        """Returns the question with an id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)
