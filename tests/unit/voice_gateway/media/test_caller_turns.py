from collections.abc import Sequence
from typing import cast

import pytest
from pipecat.frames.frames import Frame, InterruptionFrame, TranscriptionFrame
from pipecat.tests.utils import SleepFrame, run_test
from prometheus_client import CollectorRegistry
from starlette.websockets import WebSocket

from dialogue import split_sentences
from fakes.clock import ManualClock
from voice_gateway.media.caller_turns import CallerTurns
from voice_gateway.media.frames import (
    CallerTurnEndedFrame,
    CallerTurnFrame,
    CallerVoicePausedFrame,
    CallerVoiceStartedFrame,
    NoWordsFrame,
)
from voice_gateway.media.heard_reply import ReplyKind
from voice_gateway.media.speaking.playout import FRAME_BYTES
from voice_gateway.media.speaking.spoken_sentence import FRAME_MS
from voice_gateway.media.twilio.line import TwilioLine
from voice_gateway.media.twilio.protocol import StartMessage
from voice_gateway.metrics import GatewayMetrics


class SilentSocket:
    """Takes messages and says nothing."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send_text(self, data: str) -> None:
        self.sent.append(data)


def new_line(clock: ManualClock) -> TwilioLine:
    start = StartMessage("MZ1", "CA1", "AC1")
    socket = cast("WebSocket", SilentSocket())
    return TwilioLine(socket, start, GatewayMetrics(CollectorRegistry()), clock.monotonic)


def transcript(text: str) -> TranscriptionFrame:
    return TranscriptionFrame(text, user_id="caller", timestamp="", finalized=True)


def turn(text: str, *, over_agent: bool = False) -> list[Frame]:
    voice = [CallerVoiceStartedFrame(at=1.0, over_agent=over_agent), CallerVoicePausedFrame(at=2.0)]
    return [*voice, CallerTurnEndedFrame(at=2.5), SleepFrame(0.01), transcript(text), SleepFrame(0.01)]


async def outcome(line: TwilioLine, frames: Sequence[Frame]) -> list[Frame]:
    """Returns the turns, noises and interruptions that come out."""
    down, _ = await run_test(CallerTurns(line), frames_to_send=list(frames))
    return [frame for frame in down if isinstance(frame, CallerTurnFrame | NoWordsFrame | InterruptionFrame)]


def speak(line: TwilioLine, text: str, clock: ManualClock, heard_pieces: int = 50) -> None:
    """Lets the agent be interrupted when so many of a hundred pieces of its speech were heard."""
    sentences = split_sentences(text)
    line.playout.begin_reply("t1", ReplyKind.ANSWER)
    for place, sentence in enumerate(sentences):
        line.playout.begin_sentence(sentence, place)
        line.playout.add_audio(b"\x10" * FRAME_BYTES * (100 // len(sentences)))
    line.playout.end_reply()
    for _ in range(100):
        line.playout.next_piece()
    clock.advance(heard_pieces * FRAME_MS / 1000)


async def test_words_interrupt_and_then_make_a_turn() -> None:
    clock = ManualClock()
    interruption, said = await outcome(new_line(clock), turn("What does it cost?"))
    assert isinstance(interruption, InterruptionFrame)
    assert isinstance(said, CallerTurnFrame)
    assert said.text == "What does it cost?"
    assert (said.speech_ended_at, said.turn_detected_at) == (2.0, 2.5)


async def test_the_ledger_is_settled_when_the_interruption_is_heard_of() -> None:
    clock = ManualClock()
    line = new_line(clock)
    speak(line, "aaaa bbbb cccc dddd", clock)
    assert await line.pause()
    _, said = await outcome(line, turn("Stop.", over_agent=True))
    assert isinstance(said, CallerTurnFrame)
    assert line.ledger.settled
    assert not line.playout.unheard


async def test_no_words_let_the_agent_go_on() -> None:
    clock = ManualClock()
    line = new_line(clock)
    speak(line, "aaaa bbbb cccc dddd", clock)
    await line.pause()
    (noise,) = await outcome(line, turn("", over_agent=True))
    assert isinstance(noise, NoWordsFrame)
    assert noise.speech_seconds == 1.0
    assert noise.interrupted_agent
    assert not line.playout.paused
    assert line.playout.unheard


async def test_a_backchannel_is_a_turn_only_when_the_agent_has_finished() -> None:
    for words in ("Uh-huh.", "Mm-hmm, okay.", "I see.", "Oh, right."):
        clock = ManualClock()
        line = new_line(clock)
        speak(line, "aaaa bbbb cccc dddd", clock)
        await line.pause()
        (noise,) = await outcome(line, turn(words, over_agent=True))
        assert isinstance(noise, NoWordsFrame)
        assert noise.interrupted_agent
        _, said = await outcome(new_line(clock), turn(words))
        assert isinstance(said, CallerTurnFrame)


async def said_over(spoken: str, heard_pieces: int, words: str) -> Frame:
    """Returns what words become that are said when so many pieces of a speech were heard."""
    clock = ManualClock()
    line = new_line(clock)
    speak(line, spoken, clock, heard_pieces)
    await line.pause()
    return (await outcome(line, turn(words, over_agent=True)))[-1]


STATEMENT = "We put panels on the roof. Do you own your home?"
LISTENING = ("Righty-ho.", "Mm-hm.", "Yeah, yeah.", "I see.", "Okay, gotcha.", "Yes.", "Oh really?", "Right you are.")
SPEAKING = (
    "Stop.",
    "Wait.",
    "No.",
    "No no.",
    "Hold on.",
    "What?",
    "Huh?",
    "Sorry?",
    "But.",
    "Yeah but.",
    "Bye.",
    "Uh uh.",
)


@pytest.mark.parametrize("words", LISTENING)
async def test_who_only_listens_lets_the_agent_go_on(words: str) -> None:
    assert isinstance(await said_over(STATEMENT, 30, words), NoWordsFrame)


@pytest.mark.parametrize("words", ["Yes.", "Yeah, yeah.", "Sure.", "That's right."])
async def test_what_agrees_answers_a_question_that_was_begun(words: str) -> None:
    assert isinstance(await said_over(STATEMENT, 80, words), CallerTurnFrame)


async def test_a_sound_answers_a_question_that_was_nearly_heard() -> None:
    assert isinstance(await said_over(STATEMENT, 70, "Mm-hm."), NoWordsFrame)
    assert isinstance(await said_over(STATEMENT, 97, "Mm-hm."), CallerTurnFrame)


@pytest.mark.parametrize("words", [*SPEAKING, "Right now it is two hundred.", "Hum.", "Yes, but what does it cost?"])
async def test_whoever_speaks_up_interrupts_at_once(words: str) -> None:
    assert isinstance(await said_over(STATEMENT, 30, words), CallerTurnFrame)


async def test_a_noise_followed_by_a_new_voice_keeps_the_agent_quiet() -> None:
    clock = ManualClock()
    line = new_line(clock)
    speak(line, "aaaa bbbb cccc dddd", clock)
    await line.pause()
    noise = turn("", over_agent=True)
    voice_again = CallerVoiceStartedFrame(at=3.0, over_agent=True)
    await outcome(line, [*noise[:3], voice_again, SleepFrame(0.01), *noise[3:]])
    assert line.playout.paused


async def test_words_that_come_before_the_end_of_the_turn_wait_for_it() -> None:
    frames = turn("")[:3]
    early = [frames[0], transcript("What does"), transcript("it cost?"), SleepFrame(0.01), *frames[1:]]
    said = (await outcome(new_line(ManualClock()), early))[-1]
    assert isinstance(said, CallerTurnFrame)
    assert said.text == "What does it cost?"


async def test_words_known_when_the_caller_speaks_again_begin_what_he_is_saying() -> None:
    begun, more = turn("Um."), turn("Up to twenty two thousand dollars.")
    frames = await outcome(
        new_line(ManualClock()), [*begun[:3], CallerVoiceStartedFrame(at=3.0), SleepFrame(0.01), *begun[3:], *more]
    )
    (said,) = [frame for frame in frames if isinstance(frame, CallerTurnFrame)]
    assert said.text == "Um. Up to twenty two thousand dollars."


async def test_words_stay_in_order_however_late_they_are_known() -> None:
    first, second, third = turn("One"), turn("two"), turn("three.")
    frames = await outcome(
        new_line(ManualClock()),
        [*first[:3], *second[:3], *third[:2], SleepFrame(0.01), first[4], second[4], *third[2:]],
    )
    (said,) = [frame for frame in frames if isinstance(frame, CallerTurnFrame)]
    assert said.text == "One two three."


async def test_words_are_not_lost_to_a_noise_that_follows() -> None:
    words, noise = turn("Yes, please."), turn("")
    frames = await outcome(
        new_line(ManualClock()), [*words[:3], *noise[:2], SleepFrame(0.01), words[4], SleepFrame(0.01), *noise[2:]]
    )
    (said,) = [frame for frame in frames if isinstance(frame, CallerTurnFrame)]
    assert said.text == "Yes, please."
