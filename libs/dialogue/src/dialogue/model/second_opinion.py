"""What a model understood of a caller's words beside the rules: checked, and taken in from the next turn on.

It is a further opinion and decides nothing. What it heard has to stand in the caller's words; something grave is asked
for before it is done; a fact is read by the rules from the words that the model points at, or is one of the campaign's
own answers.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from callwright_common.campaign import Authority, AuthorityQuestion, Campaign, ChoiceQuestion, Question, YesNoQuestion
from callwright_common.chat_models import ChatMessage
from dialogue.analysis import AUTHORITY_VALUES, FoundFact
from dialogue.call_control import CHECKS
from dialogue.confidence import LIKELY
from dialogue.grammar.words import plain_words
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.rules.answers import read_answer
from dialogue.rules.utterances import understand
from dialogue.spoken import comparable_words
from dialogue.state import DialogueState, Fact, SignalKind
from vocabulary.enums import WorkflowState

_INSTRUCTIONS = language("model/instructions").wordings
_SIGNALS: dict[Intent, SignalKind] = {Intent.WANTS_APPOINTMENT: "appointment", Intent.INTEREST: "interest"}
_MAX_CHARACTERS = 8_000
_MAX_ITEMS = 8
_OVER = frozenset({WorkflowState.COMPLETED, WorkflowState.HANDING_OFF, WorkflowState.FAILED})


class UnreadableOpinionError(ValueError):
    """What the model wrote is not what it was asked for."""


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeardIntent(_Item):
    """Something that the caller does."""

    intent: Literal["do_not_call", "wrong_number", "wants_human", "not_interested", "wants_appointment", "interest"]
    quote: str


class ToldFact(_Item):
    """The answer to a question of the campaign."""

    question: str
    value: str
    quote: str


class SecondOpinion(_Item):
    """What a model understood; `quote` are the caller's own words."""

    intents: tuple[HeardIntent, ...]
    facts: tuple[ToldFact, ...]


def opinion_schema(campaign: Campaign) -> dict[str, Any]:
    """Returns the JSON schema of an opinion."""
    schema = SecondOpinion.model_json_schema()
    schema["$defs"]["ToldFact"]["properties"]["question"]["enum"] = [question.id for question in campaign.questions]
    return schema


def opinion_messages(campaign: Campaign, state: DialogueState, text: str) -> list[ChatMessage]:
    """Returns the chat that asks for an opinion on what a caller said."""
    rules = "\n".join(f"- {rule}" for rule in _INSTRUCTIONS["understand.always"])
    questions = "\n".join(f"- {question.id}: {question.ask} {_answers(question)}" for question in campaign.questions)
    said = " ".join(state.last_reply)
    return [
        ChatMessage("system", f"{rules}\n{questions}"),
        ChatMessage("user", _INSTRUCTIONS["understand.turn"][0].format(agent=said, caller=text)),
    ]


def read_opinion(written: str, text: str) -> SecondOpinion:
    """Returns an opinion with those of its items whose quotes stand in what the caller said.

    Raises:
        UnreadableOpinionError: if it is too long or not in the form of the schema.
    """
    if len(written) > _MAX_CHARACTERS:
        raise UnreadableOpinionError("too long")
    try:
        opinion = SecondOpinion.model_validate_json(written)
    except ValidationError:
        raise UnreadableOpinionError("another form") from None
    intents = tuple(one for one in opinion.intents[:_MAX_ITEMS] if _stands_in(one.quote, text))
    facts = tuple(one for one in opinion.facts[:_MAX_ITEMS] if _stands_in(one.quote, text))
    return SecondOpinion(intents=intents, facts=facts)


def corrected(
    campaign: Campaign, state: DialogueState, opinion: SecondOpinion, *, turn_id: str, now: datetime
) -> DialogueState:
    """Returns the state after a turn with an opinion on it taken in; a call that is over stays as it is."""
    if state.workflow_state in _OVER:
        return state
    state = state.fork()
    for heard in opinion.intents:
        intent = Intent(heard.intent)
        if intent in CHECKS and intent not in {*state.checked, *state.suspected}:
            state.suspected = [*state.suspected, intent]
        elif intent in _SIGNALS and not any(
            signal.turn_id == turn_id and signal.kind == _SIGNALS[intent] for signal in state.signals
        ):
            state.add_signal(_SIGNALS[intent], turn_id, heard.quote)
            state.wants_appointment = state.wants_appointment or intent is Intent.WANTS_APPOINTMENT
    for told in opinion.facts:
        before, question = state.facts.get(told.question), campaign.question(told.question)
        sure = before is not None and before.turn_id == turn_id and before.is_clear
        if question is not None and not sure and (found := _read(campaign, question, told, now)):
            noted = replace(found, confidence=LIKELY, quote=told.quote)
            if before is None or before.value != noted.value:
                state.facts[question.id] = Fact(turn_id=turn_id, **vars(noted))
    return state


def _read(campaign: Campaign, question: Question, told: ToldFact, now: datetime) -> FoundFact | None:
    """Returns the fact, None if its value is not in the words that it was found in nor an answer of the campaign's."""
    match question:
        case ChoiceQuestion():
            choices = {choice.value: choice.score for choice in question.choices}
            return _known(question, told.value, choices)
        case YesNoQuestion():
            degrees = {question.fact_yes: question.if_yes, question.fact_no: question.if_no}
            return _known(question, {"yes": question.fact_yes, "no": question.fact_no}.get(told.value, ""), degrees)
        case AuthorityQuestion():
            kinds = {kind.value: AUTHORITY_VALUES[kind] for kind in Authority}
            degrees = {AUTHORITY_VALUES[kind]: float(getattr(question, kind)) for kind in Authority}
            return _known(question, kinds.get(told.value, ""), degrees)
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    if found := read_answer(campaign, question, understand(campaign, told.quote, local), asked=True):
        return found
    figures = {word for word in comparable_words(told.value) if word.isdigit()}
    if not figures or not figures <= set(comparable_words(told.quote)):
        return None
    return read_answer(campaign, question, understand(campaign, told.value, local), asked=True)


def _known(question: Question, value: str, degrees: dict[str, float]) -> FoundFact | None:
    return FoundFact(question.id, value, None, degrees[value]) if value in degrees else None


def _answers(question: Question) -> str:
    """Returns the values among which a question's answer is to be, as the model is told them."""
    match question:
        case ChoiceQuestion():
            values = [choice.value for choice in question.choices]
        case YesNoQuestion():
            values = ["yes", "no"]
        case AuthorityQuestion():
            values = [kind.value for kind in Authority]
        case _:
            return ""
    return f"({' | '.join(values)})"


def _stands_in(quote: str, text: str) -> bool:
    words = plain_words(quote).text
    return bool(words) and f" {words} " in f" {plain_words(text).text} "
