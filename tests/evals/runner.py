"""Holds the calls: labelled dialogues line by line, and callers who decide themselves what they say."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from callers.lines import lines_for
from callers.policy import CallerPolicy
from callwright_common.campaign import Authority, AuthorityQuestion, Campaign, RangeQuestion, YesNoQuestion
from dialogue import Captured, FoundIntent
from dialogue.analysis import AUTHORITY_VALUES, OTHER_CHOICE
from evals.agent import Agent, Heard
from evals.data import ENDING, KINDS, Dialogue, DialogueFile, EvalPersona, FactLabel, Kind, Line
from vocabulary.enums import Expectation, Outcome, TransitionTrigger
from vocabulary.exchange import CallResult

MOST_TURNS = 40
"""A caller who still talks after so many has got lost in the call."""
_MOST_ANSWERS = 2
_CHECKED = {
    Expectation.OPT_OUT_CHECK: Kind.OPT_OUT,
    Expectation.WRONG_PERSON_CHECK: Kind.WRONG_PERSON,
    Expectation.HUMAN_OFFER: Kind.HUMAN,
    Expectation.MOVE_ON: Kind.REFUSAL,
}
"""What a line may have meant, by what is asked back; `MOVE_ON` asks whether it did not."""
ANSWERS_BACK = {
    "en": ("Yes, please.", "No, that is not what I meant.", "Yes, go on.", "No, thank you."),
    "es": ("Sí, por favor.", "No, no me refería a eso.", "Sí, siga.", "No, gracias."),
}
"""Yes and no to what is asked back, and to whether to go on, by language."""
_MONTHS_APART = 0.6
"""A date is as good as a number of months up to that."""


@dataclass(frozen=True)
class FactResult:
    """What became of one fact: told and noted, told and not noted, noted and never told.

    Attributes:
        field: The kind of its question, or its own name where no question asks for it.
        confidence: How sure the agent was; None where it noted nothing.
    """

    field: str
    expected: FactLabel | None
    noted: str | None
    right: bool
    confidence: float | None


@dataclass(frozen=True)
class LineResult:
    """What became of one line.

    Attributes:
        kind: What followed it.
        settled: The same once the caller had answered what was asked back.
    """

    line: Line
    kind: Kind
    settled: Kind
    trigger: TransitionTrigger | None
    reply: str
    ended: bool
    facts: tuple[FactResult, ...]
    intents: tuple[FoundIntent, ...]


@dataclass(frozen=True)
class CallReport:
    """How one call went.

    Attributes:
        expected: The right ends.
        turns: How often the caller spoke.
        qualified_after: After how many of his turns the score had reached the threshold; None for never.
        asked_again: How many questions of the campaign were asked again.
        asked_known: How many of these after the answer had been noted.
        demanded: How often the caller said what he wanted instead.
        opted_out: The agent took a line for the wish not to be called.
        hung_up: The agent ended the call.
        transcript: What the caller said, and the answer, turn by turn.
    """

    call_id: str
    expected: tuple[Outcome, ...]
    outcome: Outcome
    turns: int
    qualified_after: int | None
    asked_again: int
    asked_known: int
    demanded: int
    opted_out: bool
    hung_up: bool
    transcript: tuple[tuple[str, str], ...]

    @property
    def right(self) -> bool:
        """Whether it came to a right end."""
        return self.outcome in self.expected


@dataclass(frozen=True)
class DialogueResult:
    """How a dialogue went, line by line and as a whole."""

    file: DialogueFile
    dialogue: Dialogue
    lines: tuple[LineResult, ...]
    call: CallReport


@dataclass(frozen=True)
class PersonaResult:
    """How one call of a caller went."""

    persona: EvalPersona
    seed: int
    call: CallReport


class HeldCall(Protocol):
    """A call with the agent, in text or by telephone."""

    @property
    def call_id(self) -> str: ...

    @property
    def campaign(self) -> Campaign: ...

    @property
    def turns(self) -> list[Heard]: ...

    async def open(self) -> Heard: ...

    async def say(self, text: str) -> Heard: ...

    async def end(self) -> CallResult: ...


class Callee(Protocol):
    """Whom a call is held with."""

    @property
    def campaigns(self) -> Mapping[str, Campaign]: ...

    def call(self, call_id: str, campaign: Campaign) -> HeldCall: ...


async def run_dialogue(agent: Callee, file: DialogueFile, number: int) -> DialogueResult:
    """Says a dialogue's lines one after the other; those behind an end that came too soon are missed."""
    dialogue, campaign = file.dialogues[number], agent.campaigns[file.campaign]
    call = agent.call(f"{file.name}-{number + 1}", campaign)
    await call.open()
    lines: list[LineResult] = []
    for line in dialogue.lines:
        if call.turns[-1].ends:
            if lines[-1].settled in ENDING.intersection(lines[-1].line.must):
                break
            facts = facts_of(campaign, line, ())
            lines.append(LineResult(line, Kind.MISSED, Kind.MISSED, None, "", ended=True, facts=facts, intents=()))
            continue
        heard = await call.say(line.say)
        trigger, analysis = heard.route.trigger, heard.route.analysis
        intents = analysis.intents if analysis else ()
        facts = facts_of(campaign, line, heard.route.captured)
        settled = KINDS[(await _answer_back(call, line, heard, file.language)).route.trigger]
        ended = call.turns[-1].ends
        lines.append(LineResult(line, KINDS[trigger], settled, trigger, heard.text, ended, facts, intents))
    return DialogueResult(file, dialogue, tuple(lines), await _ended(call, dialogue.outcome, ()))


async def _answer_back(call: HeldCall, line: Line, heard: Heard, language: str) -> Heard:
    """Answers what is asked back as somebody would who meant the line; returns the last that is heard then."""
    yes, no, go_on, no_more = ANSWERS_BACK[language]
    for _ in range(_MOST_ANSWERS):
        checked = _CHECKED.get(heard.asks) if heard.asks else None
        if heard.ends or not (checked or line.facts.keys() & set(heard.questions)):
            break
        if checked is None:
            answer = line.say
        elif checked is Kind.REFUSAL:
            answer = no_more if checked in line.must else go_on
        else:
            answer = yes if checked in line.must else no
        heard = await call.say(answer)
    return heard


async def run_persona(agent: Agent, one: EvalPersona, seed: int) -> PersonaResult:
    """Lets a caller talk with the agent until one of them ends the call."""
    campaign = agent.campaigns[one.campaign]
    policy = CallerPolicy(one.persona, campaign, seed)
    call = agent.call(f"{one.campaign}-{one.persona.name}-{seed}", campaign)
    heard, silences = await call.open(), 0
    while not heard.ends and len(call.turns) <= MOST_TURNS:
        if (interruption := policy.interruption()) is not None:
            heard = await call.interrupt(interruption)
            continue
        move = policy.on_reply(policy.understand(heard.text))
        if move.text is None and move.hang_up:
            break
        silences = silences + 1 if move.text is None else 0
        heard = await (call.stay_silent(silences) if move.text is None else call.say(move.text))
        if move.hang_up:
            break
    return PersonaResult(one, seed, await _ended(call, one.outcome, lines_for(one.persona, campaign).demands))


async def _ended(call: HeldCall, expected: tuple[Outcome, ...], demands: Collection[str]) -> CallReport:
    """Ends the call and sums up how it went."""
    last = call.turns[-1]
    end = await call.end()
    asked: set[str] = set()
    again = known = 0
    for heard in call.turns:
        for question in heard.questions:
            again += question in asked
            known += question in asked and question in _noted_before(call, heard)
            asked.add(question)
    qualified = (
        number
        for number, heard in enumerate(call.turns)
        if heard.context.score.overall >= call.campaign.scoring.threshold
    )
    return CallReport(
        call_id=call.call_id,
        expected=expected,
        outcome=end.outcome,
        turns=len(call.turns) - 1,
        qualified_after=next(qualified, None),
        asked_again=again,
        asked_known=known,
        demanded=sum(heard.said in demands for heard in call.turns),
        opted_out=any(heard.route.trigger is TransitionTrigger.DO_NOT_CALL for heard in call.turns),
        hung_up=any(action.HasField("end_call") for action in last.actions),
        transcript=tuple((heard.said, heard.text) for heard in call.turns),
    )


def _noted_before(call: HeldCall, heard: Heard) -> set[str]:
    number = call.turns.index(heard)
    return {fact.name for fact in call.turns[number - 1].context.facts} if number else set()


def facts_of(campaign: Campaign, line: Line, captured: Iterable[Captured]) -> tuple[FactResult, ...]:
    """Returns what became of each fact that was told, and of each answer that was noted although it was not."""
    noted = {one.fact.name: one.fact for one in captured}
    results = []
    for name, expected in line.facts.items():
        fact = noted.pop(name, None)
        right = fact is not None and _agrees(campaign, name, expected, fact.value, fact.number)
        told = None if fact is None else (fact.value, fact.confidence)
        results.append(
            FactResult(_field(campaign, name), expected, told and told[0], right=right, confidence=told and told[1])
        )
    for name, fact in noted.items():
        if campaign.question(name) is not None and fact.value != OTHER_CHOICE:
            results.append(
                FactResult(_field(campaign, name), None, fact.value, right=False, confidence=fact.confidence)
            )
    return tuple(results)


def _field(campaign: Campaign, name: str) -> str:
    question = campaign.question(name)
    return name if question is None else question.kind


def _agrees(campaign: Campaign, name: str, expected: FactLabel, value: str, number: float | None) -> bool:
    """Whether a noted fact is what was told."""
    question = campaign.question(name)
    match expected:
        case bool():
            assert isinstance(question, YesNoQuestion), name
            return value == (question.fact_yes if expected else question.fact_no)
        case int() | float():
            apart = _MONTHS_APART if isinstance(question, RangeQuestion) and question.kind == "timeline" else 1e-6
            return number is not None and abs(number - expected) <= apart
        case (float(lowest), float(highest)):
            return number is not None and lowest <= number <= highest
    words = (expected,) if isinstance(expected, str) else expected
    if isinstance(question, AuthorityQuestion):
        words = tuple(AUTHORITY_VALUES[Authority(one)] for one in words)
    return value.lower() in {str(one).lower() for one in words}
