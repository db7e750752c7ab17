"""What a campaign says in another language than its first."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from callwright_common.campaign.fields import Identifier, Phrases, Section, Text
from callwright_common.campaign.questions import ChoiceQuestion, Question, YesNoQuestion
from callwright_common.campaign.texts import Appointment, CampaignFact, Objection, OtherMatters, Product, Prompts

if TYPE_CHECKING:
    from callwright_common.campaign.model import Campaign

Language = Literal["en", "es"]
"""The languages that the agents can speak; each is a folder of `dialogue`."""


class TranslatedChoice(Section):
    """A choice in another language: what callers say for it, and how it is spoken of."""

    value: Text
    spoken: Text
    phrases: Phrases


class TranslatedQuestion(Section):
    """A question in another language; how its answers count stays as it is."""

    id: Identifier
    label: Text
    ask: Text
    ask_again: Text
    acknowledge: Text | None = None
    fact_yes: Text | None = None
    fact_no: Text | None = None
    choices: tuple[TranslatedChoice, ...] = Field(default=(), max_length=30)


class Translation(Section):
    """All texts of a campaign that callers hear, and their words for what is in it, in one language."""

    product: Product
    appointment: Appointment
    opening: Text
    facts: tuple[CampaignFact, ...] = Field(default=(), max_length=100)
    questions: tuple[TranslatedQuestion, ...] = Field(min_length=1, max_length=20)
    objections: tuple[Objection, ...] = Field(default=(), max_length=50)
    prompts: Prompts
    other_matters: OtherMatters = OtherMatters()
    announce: Text

    def problems(self, campaign: "Campaign") -> Iterator[str]:
        """Yields what is missing for a campaign, or belongs to none of its parts."""
        for name, wanted, given in (
            ("questions", [one.id for one in campaign.questions], [one.id for one in self.questions]),
            ("objections", [one.id for one in campaign.objections], [one.id for one in self.objections]),
        ):
            yield from (f"{name}: {one} is missing" for one in wanted if one not in given)
            yield from (f"{name}: {one} is none of the campaign's" for one in given if one not in wanted)
        for question in campaign.questions:
            own = self._question(question)
            if isinstance(question, ChoiceQuestion) and own is not None:
                wanted, given = [one.value for one in question.choices], [one.value for one in own.choices]
                if sorted(wanted) != sorted(given):
                    yield f"questions.{question.id}.choices: must translate each of {', '.join(wanted)}"
        unwritten = {name for name in ("recording", "number_source") if getattr(campaign.prompts, name) is None}
        for name in Prompts.model_fields.keys() - self.prompts.model_fields_set - unwritten:
            yield f"prompts.{name}: is missing"

    def _question(self, question: Question) -> TranslatedQuestion | None:
        return next((one for one in self.questions if one.id == question.id), None)

    def translated(self, question: Question) -> Question:
        """Returns a question of the campaign in this language; the values of its answers stay as they are."""
        own = self._question(question)
        if own is None:
            return question
        update: dict[str, object] = {
            "label": own.label, "ask": own.ask, "ask_again": own.ask_again, "acknowledge": own.acknowledge,
        }  # fmt: skip
        if isinstance(question, ChoiceQuestion):
            phrases = {choice.value: choice.phrases for choice in own.choices}
            update["choices"] = tuple(
                choice.model_copy(update={"phrases": phrases[choice.value]}) for choice in question.choices
            )
        return question.model_copy(update=update)

    def spoken_values(self, campaign: "Campaign") -> dict[str, str]:
        """Returns how the values of answers are spoken of."""
        spoken = {choice.value: choice.spoken for question in self.questions for choice in question.choices}
        for question in campaign.questions:
            own = self._question(question)
            if isinstance(question, YesNoQuestion) and own is not None:
                spoken |= {question.fact_yes: own.fact_yes or question.fact_yes}
                spoken |= {question.fact_no: own.fact_no or question.fact_no}
        return spoken
