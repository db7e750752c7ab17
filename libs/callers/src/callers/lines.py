"""What a persona can say to the agents of a campaign: its own words where it knows the campaign, else its facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

from num2words import num2words  # type: ignore[import-untyped]

from callers.personas import OwnWords, Persona, PersonaError, unknown_name
from callers.topics import DETAILS, Subject, Topic
from callwright_common.campaign import (
    AuthorityQuestion,
    Campaign,
    ChoiceQuestion,
    Question,
    RangeQuestion,
    YesNoQuestion,
)

_CURRENCIES = {"USD": "dollars", "GBP": "pounds", "EUR": "euros"}
_WORDLESS = (Topic.QUESTION, Topic.REPEAT, Topic.HANDOFF, Topic.FILLER, Topic.DOUBT)
_WORDED = tuple(topic for topic in Topic if topic not in _WORDLESS)


@dataclass(frozen=True, slots=True)
class Lines:
    """Everything that a persona has to say on a call.

    Attributes:
        answers: Wordings by what was asked. An offered appointment is put in for `{time}`.
        objections: Wordings of the one objection; empty for none.
        interruptions: Wordings with which it once speaks over the agent; empty for never.
        demands: Wordings of what it asks for instead of going on; empty if it is content with the agent.
    """

    answers: Mapping[Subject, tuple[str, ...]]
    objections: tuple[str, ...]
    interruptions: tuple[str, ...]
    demands: tuple[str, ...]


def lines_for(persona: Persona, campaign: Campaign) -> Lines:
    """Returns the lines of a persona on a call to a campaign.

    Raises:
        PersonaError: It has words of its own for a question that the campaign does not ask.
    """
    own = persona.own_words.get(campaign.id, OwnWords())
    for question_id in own.questions:
        if campaign.question(question_id) is None:
            told = unknown_name(question_id, [question.id for question in campaign.questions])
            raise PersonaError(f"{persona.name}: own_words.{campaign.id}.questions.{question_id}: {told}")
    answers: dict[Subject, tuple[str, ...]] = {}
    for topic in Topic:
        if topic is Topic.QUESTION:
            for question in campaign.questions:
                answers[question.id] = own.questions.get(question.id) or _answers(persona, campaign, question)
        elif topic in _WORDED:
            withholds = topic in DETAILS and getattr(persona.facts, topic.value) is None
            answers[topic] = persona.worded("withholds" if withholds else topic.value)
    objections = own.objections or _framed(persona, "objection", [one.phrases[0] for one in campaign.objections])
    interruptions = own.interruptions or _framed(persona, "interruption", [fact.topics[0] for fact in campaign.facts])
    return Lines(
        answers,
        objections if persona.temper.objects else (),
        interruptions if persona.temper.interrupts else (),
        persona.worded("demand") if persona.temper.answers_before_demand else (),
    )


def _answers(persona: Persona, campaign: Campaign, question: Question) -> tuple[str, ...]:
    """Returns the persona's answers to a question that it has no words of its own for."""
    degree = persona.facts.degrees.get(question.factor)
    match question:
        case AuthorityQuestion():
            return persona.worded(f"decides_{persona.facts.decides}")
        case RangeQuestion(kind="timeline"):
            return persona.worded("timeline", value=_quantity(persona.facts.months, "month"))
        case _ if degree is None:
            return persona.worded("does_not_know")
        case RangeQuestion():
            amount = _two_figures(float(question.worst) + degree * float(question.best - question.worst))
            noun = _CURRENCIES.get(campaign.budget.currency, campaign.budget.currency)
            value = f"{num2words(amount)} {noun}" if question.kind == "money" else str(num2words(amount))
            return persona.worded(question.kind, value=f"{value} {question.unit or ''}".strip())
        case YesNoQuestion():
            yes = abs(question.if_yes - degree) <= abs(question.if_no - degree)
            return persona.worded("yes" if yes else "no")
        case ChoiceQuestion():
            nearest = min(question.choices, key=lambda choice: abs(choice.score - degree))
            return persona.worded("choice", value=nearest.phrases[0])


def _framed(persona: Persona, frame: str, values: list[str]) -> tuple[str, ...]:
    """Returns values in the persona's frames for them, one frame after the other."""
    frames = cycle(persona.wordings[frame])
    return tuple(next(frames).replace("{value}", value) for value in values)


def _quantity(number: int, noun: str) -> str:
    return f"{num2words(number)} {noun}{'' if number == 1 else 's'}"


def _two_figures(amount: float) -> int:
    return int(float(f"{amount:.2g}"))
