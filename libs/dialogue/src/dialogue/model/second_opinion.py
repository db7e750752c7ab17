"""What a model understood of a caller's words beside the rules: checked, and taken in from the next turn on.

It is a further opinion and decides nothing. What it heard has to stand in the caller's words, and in words that tell
something; something grave is asked for before it is done; a fact is read by the rules from the clause that the model
points into, or is one of the campaign's own answers. A clause that answers a question plainly does nothing else, unless
the caller opts out with it; and where he just said something plainly, all that he said plainly stays.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.json_schema import SkipJsonSchema

from callwright_common.campaign import Campaign, Question
from callwright_common.chat_models import ChatMessage
from dialogue.analysis import OTHER_CHOICE
from dialogue.call_control import CHECKS
from dialogue.confidence import LIKELY
from dialogue.grammar.words import plain_words, stem
from dialogue.intents import Intent
from dialogue.language import language
from dialogue.model.prompts import instruction
from dialogue.model.statements import KIN, SILENT_WORDS, TALK
from dialogue.rules.answers import named_answers, read_answer
from dialogue.rules.utterances import understand
from dialogue.spoken import comparable_words
from dialogue.state import DialogueState, Fact, SignalKind
from vocabulary.enums import WorkflowState

_INSTRUCTIONS = language("model/instructions").wordings
_SIGNALS: dict[Intent, SignalKind] = {Intent.WANTS_APPOINTMENT: "appointment", Intent.INTEREST: "interest"}
_MAX_CHARACTERS = 8_000
_MAX_ITEMS = 8
_MOST_CHECKS = 2
_DENYING = frozenset(language("claims/reading").words["denying"])
_OVER = frozenset({WorkflowState.COMPLETED, WorkflowState.HANDING_OFF, WorkflowState.FAILED})


_T = TypeVar("_T", "HeardIntent", "ToldFact")


class UnreadableOpinionError(ValueError):
    """What the model wrote is not what it was asked for."""


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeardIntent(_Item):
    """Something that the caller does; `clause` are all the words around the quote."""

    intent: Literal["do_not_call", "wrong_number", "wants_human", "not_interested", "wants_appointment", "interest"]
    quote: str
    clause: SkipJsonSchema[str] = ""


class ToldFact(_Item):
    """The answer to a question of the campaign; `clause` are all the words around the quote."""

    question: str
    value: str
    quote: str
    clause: SkipJsonSchema[str] = ""


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
    questions = "\n".join(
        f"- {one.id}: {one.ask} {f'({named})' if (named := ' | '.join(named_answers(one))) else ''}"
        for one in campaign.questions
    )
    said = " ".join(state.last_reply)
    return [
        ChatMessage("system", f"{rules}\n{questions}"),
        ChatMessage("user", instruction("understand.turn", agent=said, caller=text)),
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
    return SecondOpinion(
        intents=tuple(_placed(one, clause) for one, clause in _standing(opinion.intents, text)),
        facts=tuple(_placed(one, clause) for one, clause in _standing(opinion.facts, text)),
    )


def corrected(
    campaign: Campaign, state: DialogueState, opinion: SecondOpinion, *, turn_id: str, now: datetime
) -> DialogueState:
    """Returns the state after a turn with an opinion on it taken in; a call that is over stays as it is."""
    if state.workflow_state in _OVER:
        return state
    state = state.fork()
    plain = {name for name, fact in state.facts.items() if fact.is_clear}
    just_now = {name for name in plain if state.facts[name].turn_id == turn_id}
    for heard in opinion.intents:
        intent = Intent(heard.intent)
        if intent is not Intent.DO_NOT_CALL and _tells_plainly(campaign, just_now, heard.clause, now):
            continue
        if intent in CHECKS and _may_be_asked(state, intent):
            state.suspected = [*state.suspected, intent]
        elif (
            intent in _SIGNALS
            and _tells(heard.quote)
            and not _denies(heard.clause)
            and not any(one.turn_id == turn_id and one.kind == _SIGNALS[intent] for one in state.signals)
        ):
            state.add_signal(_SIGNALS[intent], turn_id, heard.quote)
            state.wants_appointment = state.wants_appointment or intent is Intent.WANTS_APPOINTMENT
    for told in opinion.facts:
        before, question = state.facts.get(told.question), campaign.question(told.question)
        sure = told.question in (plain if just_now else ())
        if question is not None and not sure and (found := _read(campaign, question, told, just_now, now)):
            noted = replace(found, confidence=LIKELY, quote=told.quote, turn_id=turn_id)
            if before is None or before.value != noted.value:
                state.facts[question.id] = noted
    return state


def _may_be_asked(state: DialogueState, intent: Intent) -> bool:
    """Whether something grave may be suspected: once, and after so many needless questions only an opt-out."""
    left = intent is Intent.DO_NOT_CALL or len(state.checked) < _MOST_CHECKS
    return left and intent not in {*state.checked, *state.suspected}


def _read(
    campaign: Campaign, question: Question, told: ToldFact, just_now: Collection[str], now: datetime
) -> Fact | None:
    """Returns the fact, None if its value is not in the words that it was found in nor an answer of the campaign's.

    A clause that plainly answers another question says nothing of this one.
    """
    local = now.astimezone(ZoneInfo(campaign.calendar.timezone))
    said = understand(campaign, told.clause, local)
    if not _tells(told.quote) or _tells_plainly(campaign, {*just_now} - {question.id}, told.clause, now):
        return None
    if answers := named_answers(question):
        value, degree = answers.get(told.value, ("", 0.0))
        return Fact(question.id, value, None, degree) if value else None
    figures = {word for word in comparable_words(told.clause) if word.isdigit()}
    free = _counting_nothing_else(told.clause)
    if _denies(told.clause) or (figures and not free):
        return None
    if found := read_answer(campaign, question, said, asked=True):
        return found
    claimed = {word for word in comparable_words(told.value) if word.isdigit()}
    if not claimed or not claimed <= free:
        return None
    return read_answer(campaign, question, understand(campaign, told.value, local), asked=True)


def _tells_plainly(campaign: Campaign, asked: Collection[str], clause: str, now: datetime) -> bool:
    """Whether a clause answers one of some questions."""
    said = understand(campaign, clause, now.astimezone(ZoneInfo(campaign.calendar.timezone)))
    questions = [one for one in campaign.questions if one.id in asked]
    found = (read_answer(campaign, one, said, asked=True) for one in questions)
    return any(one is not None and one.value != OTHER_CHOICE for one in found)


def _counting_nothing_else(clause: str) -> set[str]:
    """Returns the figures of a clause behind which stands nothing that they may count, as "three kids"."""
    words = comparable_words(clause)
    pairs = zip(words, (*words[1:], ""), strict=True)
    talk = TALK - KIN
    return {
        word for word, behind in pairs if word.isdigit() and (not behind or behind.isdigit() or stem(behind) in talk)
    }


def _standing(items: Sequence[_T], text: str) -> Iterator[tuple[_T, str]]:
    """Yields the items whose quotes stand in a text, each with the clause that its quote is from."""
    words = plain_words(text)
    for item in items[:_MAX_ITEMS]:
        quote = plain_words(item.quote).text
        if quote and f" {quote} " in f" {words.text} ":
            yield item, next((clause for clause in words.clauses if f" {quote} " in f" {clause} "), words.text)


def _placed(item: _T, clause: str) -> _T:
    return item.model_copy(update={"clause": clause})


def _tells(quote: str) -> bool:
    return any(word not in SILENT_WORDS for word in plain_words(quote).tokens)


def _denies(clause: str) -> bool:
    return not _DENYING.isdisjoint(clause.split())
