"""Calls with scripted models: one that helps changes no end for the worse, one that does harm does none."""

import pytest

from callwright_common.chat_models import ChatModel
from evals.agent import running_agent
from evals.data import load_campaigns, load_dialogues, load_personas
from evals.models import SCRIPTED_LIMITS, Spoken, beside, harms, scripted
from evals.report import Results, table
from evals.runner import run_dialogue, run_persona

_CAMPAIGNS, _FILES, _PERSONAS = load_campaigns(), load_dialogues(), load_personas()


async def _some_calls(kind: str, seed: int) -> Spoken:
    if kind == "offline":
        return await _held(None)
    async with scripted(kind, seed, _FILES) as model:
        return await _held(model)


async def _held(model: ChatModel | None) -> Spoken:
    async with running_agent(_CAMPAIGNS, model, SCRIPTED_LIMITS) as agent:
        dialogues = [await run_dialogue(agent, file, 0) for file in _FILES[::6]]
        personas = [await run_persona(agent, one, 1) for one in _PERSONAS[::16]]
        return Spoken(Results(dialogues, personas, []), agent.waits)


@pytest.mark.parametrize("kind", ["helpful", "hostile"])
async def test_a_models_words_do_no_harm(kind: str) -> None:
    offline, spoken = await _some_calls("offline", 1), await _some_calls(kind, 1)
    assert spoken.lies_heard == []
    before, after = harms(offline.results), harms(spoken.results)
    assert all(after[name] <= before[name] for name in before), (before, after)
    both = beside(["offline", kind], [table(offline.results), table(spoken.results)]).splitlines()
    assert "who must answer, micro-F1" in both[3]
    assert both[3].count("micro-F1") == 2
