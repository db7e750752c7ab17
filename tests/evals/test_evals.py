"""The evaluation itself: its data can be used, a few calls come out the same each time, and it counts right."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from callers.lines import lines_for
from callers.personas import find_persona, persona_names
from callwright_common.campaign import Authority, AuthorityQuestion, ChoiceQuestion, RangeQuestion, YesNoQuestion
from evals.agent import running_agent
from evals.data import DialogueFile, EvalPersona, Kind, Line, load_campaigns, load_dialogues, load_personas
from evals.measures import facts, goes_on, pass_all, right_ends, routing, total
from evals.report import Results, table, write
from evals.runner import CallReport, DialogueResult, FactResult, LineResult, PersonaResult, run_dialogue, run_persona
from evals.utterances import run_utterance
from vocabulary.enums import Outcome

CAMPAIGNS = load_campaigns()
FILES = load_dialogues()
PERSONAS = load_personas()
CALL = CallReport("c", (Outcome.BOOKED,), Outcome.BOOKED, 3, 2, 0, 0, 0, opted_out=False, hung_up=True, transcript=())


async def _some_calls() -> Results:
    async with running_agent(CAMPAIGNS) as agent:
        return Results(
            [await run_dialogue(agent, file, 0) for file in FILES[::5]],
            [await run_persona(agent, one, 1) for one in PERSONAS[::20]],
            [await run_utterance(agent, number) for number in range(3)],
        )


async def test_calls_are_held_and_reported_the_same_each_time(tmp_path: Path) -> None:
    results, again = await _some_calls(), await _some_calls()
    assert results.dialogues[0].lines
    assert all(one.call.turns for one in results.personas)
    for folder, held in ((tmp_path / "1", results), (tmp_path / "2", again)):
        write(held, folder)
    assert table(results) == table(again)
    for file in ("report.json", "routing.svg", "facts.svg", "wrong_ends.svg", "calibration.svg"):
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()
    report = json.loads((tmp_path / "1" / "report.json").read_text(encoding="utf-8"))
    assert sum(len(part["calls"]) for part in report["dialogues"].values()) == len(results.dialogues)


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_facts_are_labelled_as_their_questions_ask(file: DialogueFile) -> None:
    campaign = CAMPAIGNS[file.campaign]
    for line in (line for dialogue in file.dialogues for line in dialogue.lines):
        assert Kind.MISSED not in line.must
        for name, label in line.facts.items():
            match campaign.question(name):
                case YesNoQuestion():
                    assert isinstance(label, bool), line
                case AuthorityQuestion():
                    assert label in set(Authority), line
                case ChoiceQuestion(choices=choices):
                    labels = set(label) if isinstance(label, tuple) else {label}
                    assert labels <= {choice.value for choice in choices}, line
                case RangeQuestion():
                    assert isinstance(label, float | tuple), line
                case None:
                    assert name in {"caller_name", "email", "phone"}, line


@pytest.mark.parametrize("one", PERSONAS, ids=[f"{one.campaign}-{one.persona.name}" for one in PERSONAS])
def test_a_caller_has_lines_for_its_campaign(one: EvalPersona) -> None:
    assert lines_for(one.persona, CAMPAIGNS[one.campaign]).answers


def test_what_is_held_out_was_written_by_others() -> None:
    held_out = {file.voice for file in FILES if file.held_out}
    assert held_out.isdisjoint(file.voice for file in FILES if not file.held_out)


def _line(must: tuple[Kind, ...], got: Kind, *noted: FactResult, settled: Kind | None = None) -> LineResult:
    line = Line(say="so", must=must)
    return LineResult(line, got, settled or got, None, "", ended=False, facts=noted, intents=())


def _held(*lines: LineResult) -> list[DialogueResult]:
    file = FILES[0]
    return [DialogueResult(file, file.dialogues[0], lines, CALL)]


def test_routing_counts_what_was_found_and_what_was_not_there() -> None:
    results = _held(
        _line((Kind.OPT_OUT,), Kind.OPT_OUT),
        _line((Kind.OPT_OUT,), Kind.ASKS_BACK, settled=Kind.OPT_OUT),
        _line((Kind.HUMAN, Kind.SUPPORT), Kind.SUPPORT),
        _line((Kind.LEAD,), Kind.OPT_OUT),
        _line((Kind.LEAD,), Kind.ASKS_BACK),
        _line((Kind.GOODBYE,), Kind.MISSED),
    )
    tallies = routing(results)
    assert (tallies[Kind.OPT_OUT].expected, tallies[Kind.OPT_OUT].right, tallies[Kind.OPT_OUT].false) == (2, 1, 1)
    assert (tallies[Kind.OPT_OUT].asked, tallies[Kind.OPT_OUT].recall_asked) == (1, 1)
    assert tallies[Kind.SUPPORT].f1 == 1
    assert total(tallies.values()).f1 == pytest.approx(2 * 2 / (4 + 3))
    assert (goes_on(results).recall, goes_on(results).asked) == (0, 1)


def test_facts_count_by_their_exact_value() -> None:
    told = FactResult("money", 240.0, "$240", right=True, confidence=0.9)
    wrong = FactResult("money", 240.0, "$2,400", right=False, confidence=0.9)
    missed = FactResult("money", 240.0, None, right=False, confidence=None)
    invented = FactResult("money", None, "$18,000", right=False, confidence=0.5)
    tally = facts(_held(_line((Kind.LEAD,), Kind.LEAD, told, wrong, missed, invented)))["money"]
    assert (tally.expected, tally.right, tally.false) == (3, 1, 2)


def test_a_caller_passes_when_every_call_came_to_a_right_end() -> None:
    wrong = replace(CALL, outcome=Outcome.ABANDONED)
    tries = [
        PersonaResult(persona, seed, wrong if (name, seed) == ("wants-a-human", 2) else CALL)
        for name in persona_names()
        for persona in [EvalPersona(campaign="a", outcome=Outcome.BOOKED, persona=find_persona(name))]
        for seed in (1, 2)
    ]
    assert right_ends([one.call for one in tries]) == 0.75
    assert pass_all(tries) == 0.5
