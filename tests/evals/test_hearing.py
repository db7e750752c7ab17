"""The evaluation over the telephone: every line has a recording, one call is carried, and it counts right."""

import pytest

from evals.agent import running_agent
from evals.by_phone import phoned_agent
from evals.data import DialogueFile, Kind, load_campaigns, load_dialogues
from evals.hearing import SpokenLine, table
from evals.record import recording
from evals.runner import ANSWERS_BACK, run_dialogue

FILES = load_dialogues("spoken")


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_every_line_has_a_recording(file: DialogueFile) -> None:
    said = [line.say for dialogue in file.dialogues for line in dialogue.lines]
    assert all(len(recording(file.voice, text).read_bytes()) > 2000 for text in (*said, *ANSWERS_BACK["en"]))


def test_held_out_voices_speak_nowhere_else() -> None:
    held_out = {file.voice for file in FILES if file.held_out}
    assert held_out.isdisjoint(file.voice for file in FILES if not file.held_out)


async def test_a_call_is_held_by_telephone() -> None:
    file = next(file for file in FILES if file.name == "slt-solar")
    async with running_agent(load_campaigns()) as agent, phoned_agent(agent) as phoned:
        phoned.voice = file.voice
        result = await run_dialogue(phoned, file, 2)
    assert [line.kind for line in result.lines] == [Kind.OPT_OUT]
    assert result.call.right
    [(said, heard)] = phoned.hearings
    assert said == file.dialogues[2].lines[0].say
    assert "list" in heard


def test_word_errors_are_counted_in_comparable_words() -> None:
    def line(said: str, heard: str) -> SpokenLine:
        return SpokenLine("slt", False, "sums", said, heard, right_in_text=True, right_by_phone=False, asked_back=False)

    assert line("Two hundred and ten dollars.", "$210").errors[0] == 0
    assert line("In six weeks.", "").errors == (3, 3)
    assert "33.3%" in table([line("In six weeks.", "In sick weeks.")])
