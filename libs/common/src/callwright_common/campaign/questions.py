"""What a campaign asks its leads, and how each answer counts."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from callwright_common.campaign.fields import Identifier, Phrases, Quantity, Section, Share, Text


class Factor(StrEnum):
    """What makes a lead worth a human's time, in the order of a score."""

    INTENT = "intent"
    BUDGET = "budget"
    TIMELINE = "timeline"
    AUTHORITY = "authority"
    NEED = "need"


class _Question(Section):
    id: Identifier
    factor: Factor
    label: Text
    ask: Text
    ask_again: Text
    acknowledge: Text | None = None


class RangeQuestion(_Question):
    """A question for a sum of money, a number or a time in months; the score runs from 0 at `worst` to 1 at `best`."""

    kind: Literal["money", "count", "timeline"]
    worst: Quantity
    best: Quantity
    unit: Text | None = None

    @model_validator(mode="after")
    def _has_a_direction(self) -> "RangeQuestion":
        if self.worst == self.best:
            raise ValueError("worst and best must differ")
        return self


class YesNoQuestion(_Question):
    """A question for yes or no."""

    kind: Literal["yes_no"]
    if_yes: Share = 1.0
    if_no: Share = 0.0
    fact_yes: Text = "yes"
    fact_no: Text = "no"


class Authority(StrEnum):
    """Who decides; each is a field of `AuthorityQuestion`, its degree."""

    ALONE = "alone"
    TOGETHER = "together"
    RECOMMENDS = "recommends"
    SOMEBODY_ELSE = "somebody_else"


class AuthorityQuestion(_Question):
    """A question for who decides.

    Attributes:
        owner_only: Whether only the owner of the place can have it: tenants are told so.
    """

    kind: Literal["authority"]
    owner_only: bool = False
    alone: Share = 1.0
    together: Share = 0.75
    recommends: Share = 0.4
    somebody_else: Share = 0.1


class Choice(Section):
    """One kind of answer to a question with choices."""

    value: Text
    phrases: Phrases
    score: Share


class ChoiceQuestion(_Question):
    """An open question whose answers are told apart by phrases; any other answer counts `otherwise`."""

    kind: Literal["choice"]
    choices: tuple[Choice, ...] = Field(min_length=1, max_length=30)
    otherwise: Share = 0.5


Question = Annotated[RangeQuestion | YesNoQuestion | AuthorityQuestion | ChoiceQuestion, Field(discriminator="kind")]
