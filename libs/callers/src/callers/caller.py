"""A caller on the line: listens, thinks, speaks, and hangs up."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from callers.hearing import SpeechDetector, Transcriber
from callers.policy import CallerPolicy, Move
from callers.understanding import understand
from phone_simulator.media_stream import MediaStream
from phone_simulator.telephone_audio import FRAME_SAMPLES, SAMPLE_RATE, mulaw_to_samples

END_OF_REPLY_SECONDS = 0.75
MORE_TO_COME_SECONDS = 2.2
THINKING_SECONDS = (0.05, 0.35)
INTERRUPT_AFTER_SECONDS = (1.6, 2.4)
AGENT_SILENCE_SECONDS = 12.0
HANG_UP_AFTER_SECONDS = 4.0
LEAVE_AT_SECONDS = 145.0
LONGEST_CALL_SECONDS = 168.0
MARGIN_SAMPLES = SAMPLE_RATE // 5
LEAVING = "I am sorry, I have to go now. Thank you, goodbye."


class Voice(Protocol):
    """Turns the caller's lines into telephone audio."""

    async def speak(self, text: str) -> bytes:
        """Returns a line as µ-law audio."""
        ...


class Speaker(Enum):
    """Who said something on the line."""

    CALLER = auto()
    AGENT = auto()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said on the line, as the caller knows it.

    Attributes:
        speaker: Who said it.
        text: The words; the agent's as the caller understood them.
        start: Sample of the call's timeline at which it began.
        end: Sample at which it ended.
        interrupting: The caller spoke over the agent.
    """

    speaker: Speaker
    text: str
    start: int
    end: int
    interrupting: bool = False


class _Moment(Enum):
    AGENT_FINISHED = auto()
    TIME_TO_INTERRUPT = auto()
    LONG_SILENCE = auto()
    TIME_TO_LEAVE = auto()


@dataclass(slots=True)
class Caller:
    """Talks on a media stream as its policy decides, and knows of the agent only what it hears.

    Attributes:
        policy: Decides what to say.
        voice: Speaks it.
        transcriber: Understands the agent's audio.
        seed: Fixes its pauses.
        on_spoken: Called with everything that was said, in order.
        transcript: Everything that was said so far.
    """

    policy: CallerPolicy
    voice: Voice
    transcriber: Transcriber
    seed: int
    on_spoken: Callable[[Spoken], None] = lambda spoken: None
    transcript: list[Spoken] = field(default_factory=list)
    _ear: SpeechDetector = field(default_factory=SpeechDetector)
    _tick: asyncio.Event = field(default_factory=asyncio.Event)
    _leaving: bool = False
    _random: random.Random = field(init=False)
    _interrupt_after: float = field(init=False)

    def __post_init__(self) -> None:
        """Draws what the seed decides beforehand."""
        self._random = random.Random(self.seed)  # noqa: S311 - pauses, not secrets
        self._interrupt_after = self._random.uniform(*INTERRUPT_AFTER_SECONDS)

    async def talk(self, stream: MediaStream) -> None:
        """Holds the conversation until the caller hangs up; the end of the stream cancels it."""

        def listen(position: int) -> None:
            self._listen(stream, position)

        stream.on_advance = listen
        while not stream.closed:
            match await self._next_moment(stream):
                case _Moment.AGENT_FINISHED:
                    await self._answer(stream)
                case _Moment.TIME_TO_INTERRUPT:
                    await self._interrupt(stream)
                case _Moment.LONG_SILENCE:
                    await self._act(stream, self.policy.on_silence())
                case _Moment.TIME_TO_LEAVE:
                    self._leaving = True
                    await self._act(stream, Move(LEAVING, hang_up=True))

    async def after(self, stream: MediaStream) -> None:
        """Reports the agent's last words, once the call is over."""
        await self._report_agent(stream)

    def _listen(self, stream: MediaStream, position: int) -> None:
        whole = position - (position - self._ear.position) % FRAME_SAMPLES
        if whole > self._ear.position:
            self._ear.feed(mulaw_to_samples(bytes(stream.playout.line[self._ear.position : whole])))
        if position > LONGEST_CALL_SECONDS * SAMPLE_RATE:
            stream.hang_up()
        self._tick.set()

    async def _next_tick(self) -> None:
        self._tick.clear()
        await self._tick.wait()

    async def _next_moment(self, stream: MediaStream) -> _Moment:
        while True:
            await self._next_tick()
            ear = self._ear
            if (
                not self._leaving
                and ear.position > LEAVE_AT_SECONDS * SAMPLE_RATE
                and ear.silence > END_OF_REPLY_SECONDS
            ):
                return _Moment.TIME_TO_LEAVE
            if ear.speech_start is None:
                if ear.silence > AGENT_SILENCE_SECONDS and not stream.speaking:
                    return _Moment.LONG_SILENCE
            elif ear.silence >= END_OF_REPLY_SECONDS:
                return _Moment.AGENT_FINISHED
            elif self.policy.wants_to_interrupt() and ear.speech > self._interrupt_after:
                return _Moment.TIME_TO_INTERRUPT

    async def _answer(self, stream: MediaStream) -> None:
        """Understands the agent's reply and reacts; returns early when the agent goes on speaking."""
        start, end = self._ear.speech_start or 0, self._ear.speech_end
        heard = understand(await self._words(stream, start, end))
        pause = self._ear.silence + self._random.uniform(*THINKING_SECONDS)
        if not heard.expects_answer:
            pause = max(pause, MORE_TO_COME_SECONDS)
        while self._ear.silence < pause:
            if self._ear.speech_end != end:
                return
            await self._next_tick()
        self._report(Spoken(Speaker.AGENT, heard.text, start, end))
        self._ear.reset()
        await self._act(stream, self.policy.on_reply(heard))

    async def _interrupt(self, stream: MediaStream) -> None:
        text = self.policy.interruption()
        if text is None:
            return
        audio = await self.voice.speak(text)
        spoken = self._say(stream, text, audio, interrupting=True)
        await self._report_agent(stream)
        self._report(spoken)
        await self._finish_speaking(stream)
        if self._ear.silence > END_OF_REPLY_SECONDS / 2:
            self._ear.reset()

    async def _act(self, stream: MediaStream, move: Move) -> None:
        if move.text is not None:
            audio = await self.voice.speak(move.text)
            self._ear.reset()
            self._report(self._say(stream, move.text, audio))
            await self._finish_speaking(stream)
        elif self._ear.speech_start is None:
            self._ear.reset()
        if move.hang_up:
            started = self._ear.position
            while self._ear.position - started < HANG_UP_AFTER_SECONDS * SAMPLE_RATE or self._ear.silence < 1.0:
                await self._next_tick()
            stream.hang_up()

    async def _words(self, stream: MediaStream, start: int, end: int) -> str:
        audio = stream.playout.line[max(0, start - MARGIN_SAMPLES) : end + MARGIN_SAMPLES]
        return await self.transcriber.transcribe(mulaw_to_samples(bytes(audio)))

    async def _report_agent(self, stream: MediaStream) -> None:
        """Reports what the agent has said up to now, although the caller does not react to it."""
        start, end = self._ear.speech_start, self._ear.speech_end
        if start is not None:
            self._report(Spoken(Speaker.AGENT, await self._words(stream, start, end), start, end))

    def _say(self, stream: MediaStream, text: str, audio: bytes, *, interrupting: bool = False) -> Spoken:
        start = len(stream.caller_line)
        stream.speak(audio)
        return Spoken(Speaker.CALLER, text, start, start + len(audio), interrupting)

    async def _finish_speaking(self, stream: MediaStream) -> None:
        while stream.speaking:
            await self._next_tick()

    def _report(self, spoken: Spoken) -> None:
        self.transcript.append(spoken)
        self.on_spoken(spoken)
