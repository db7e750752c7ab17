"""A caller on the line: listens, thinks, speaks, and hangs up."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from callers.hearing import SpeechDetector, Transcribe
from callers.policy import CallerPolicy, Move
from phone_simulator.handset import Handset
from phone_simulator.media_stream import MediaStream
from phone_simulator.telephone_audio import SAMPLE_RATE, mulaw_to_samples

END_OF_REPLY_SECONDS = 0.75
MORE_TO_COME_SECONDS = 2.2
THINKING_SECONDS = (0.05, 0.35)
INTERRUPT_AFTER_SECONDS = (1.6, 2.4)
AGENT_SILENCE_SECONDS = 12.0
HANG_UP_AFTER_SECONDS = 4.0
LEAVE_AT_SECONDS = 145.0
LONGEST_CALL_SECONDS = 168.0
MARGIN_SAMPLES = SAMPLE_RATE // 5
Speak = Callable[[str], Awaitable[bytes]]
"""Returns one of the caller's lines as µ-law audio."""
LEAVING = "I am sorry, I have to go now. Thank you, goodbye."


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something said on the line, between two samples of the call's timeline.

    Attributes:
        text: The words; the agent's as the caller understood them.
        by_caller: The caller said it, otherwise the agent.
        interrupting: The caller spoke over the agent.
    """

    text: str
    start: int
    end: int
    by_caller: bool = False
    interrupting: bool = False


class _Moment(Enum):
    AGENT_FINISHED = auto()
    TIME_TO_INTERRUPT = auto()
    LONG_SILENCE = auto()
    TIME_TO_LEAVE = auto()


class Caller(Handset):
    """Talks on a phone call as its policy decides, and knows of the agent only what it hears.

    The policy's seed fixes the pauses too. `on_spoken` is called with everything that was said, in order.

    Attributes:
        transcript: Everything that was said so far.
    """

    def __init__(
        self,
        policy: CallerPolicy,
        speak: Speak,
        transcribe: Transcribe,
        on_spoken: Callable[[Spoken], None] = lambda spoken: None,
    ) -> None:
        super().__init__(seed=policy.seed)
        self.policy = policy
        self.transcript: list[Spoken] = []
        self._pronounce = speak
        self._transcribe = transcribe
        self._on_spoken = on_spoken
        self._hang_up: Callable[[], None] = lambda: None
        self._heard = bytearray()
        self._ear = SpeechDetector()
        self._tick = asyncio.Event()
        self._leaving = False
        self._random = random.Random(policy.seed)  # noqa: S311 - pauses, not secrets
        self._interrupt_after = self._random.uniform(*INTERRUPT_AFTER_SECONDS)

    def hear(self, frame: bytes) -> None:
        """Takes the next 20 ms of the agent."""
        self._heard += frame
        self._ear.feed(frame)
        if self._ear.position > LONGEST_CALL_SECONDS * SAMPLE_RATE:
            self._hang_up()
        self._tick.set()

    async def talk(self, stream: MediaStream) -> None:
        """Holds the conversation until the caller hangs up; the end of the stream cancels it."""
        self._hang_up = stream.hang_up
        while not stream.closed:
            match await self._next_moment():
                case _Moment.AGENT_FINISHED:
                    await self._answer()
                case _Moment.TIME_TO_INTERRUPT:
                    await self._interrupt()
                case _Moment.LONG_SILENCE:
                    await self._act(self.policy.on_silence())
                case _Moment.TIME_TO_LEAVE:
                    self._leaving = True
                    await self._act(Move(LEAVING, hang_up=True))

    async def after(self) -> None:
        """Reports the agent's last words, once the call is over."""
        await self._report_agent()

    async def _next_tick(self) -> None:
        self._tick.clear()
        await self._tick.wait()

    async def _next_moment(self) -> _Moment:
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
                if ear.silence > AGENT_SILENCE_SECONDS and not self.speaking:
                    return _Moment.LONG_SILENCE
            elif ear.silence >= END_OF_REPLY_SECONDS:
                return _Moment.AGENT_FINISHED
            elif self.policy.wants_to_interrupt() and ear.speech > self._interrupt_after:
                return _Moment.TIME_TO_INTERRUPT

    async def _answer(self) -> None:
        """Understands the agent's reply and reacts; returns early when the agent goes on speaking."""
        start, end = self._ear.speech_start or 0, self._ear.speech_end
        heard = self.policy.understand(await self._words(start, end))
        pause = self._ear.silence + self._random.uniform(*THINKING_SECONDS)
        if not heard.expects_answer:
            pause = max(pause, MORE_TO_COME_SECONDS)
        while self._ear.silence < pause:
            if self._ear.speech_end != end:
                return
            await self._next_tick()
        self._report(Spoken(heard.text, start, end))
        self._ear.reset()
        await self._act(self.policy.on_reply(heard))

    async def _interrupt(self) -> None:
        text = self.policy.interruption()
        if text is None:
            return
        audio = await self._pronounce(text)
        spoken = self._say(text, audio, interrupting=True)
        await self._report_agent()
        self._report(spoken)
        await self._finish_speaking()
        if self._ear.silence > END_OF_REPLY_SECONDS / 2:
            self._ear.reset()

    async def _act(self, move: Move) -> None:
        if move.text is not None:
            audio = await self._pronounce(move.text)
            self._ear.reset()
            self._report(self._say(move.text, audio))
            await self._finish_speaking()
        elif self._ear.speech_start is None:
            self._ear.reset()
        if move.hang_up:
            started = self._ear.position
            while self._ear.position - started < HANG_UP_AFTER_SECONDS * SAMPLE_RATE or self._ear.silence < 1.0:
                await self._next_tick()
            self._hang_up()

    async def _words(self, start: int, end: int) -> str:
        audio = self._heard[max(0, start - MARGIN_SAMPLES) : end + MARGIN_SAMPLES]
        return await self._transcribe(mulaw_to_samples(bytes(audio)))

    async def _report_agent(self) -> None:
        """Reports what the agent has said up to now, although the caller does not react to it."""
        start, end = self._ear.speech_start, self._ear.speech_end
        if start is not None:
            self._report(Spoken(await self._words(start, end), start, end))

    def _say(self, text: str, audio: bytes, *, interrupting: bool = False) -> Spoken:
        start = self.said
        self.speak(audio)
        return Spoken(text, start, start + len(audio), by_caller=True, interrupting=interrupting)

    async def _finish_speaking(self) -> None:
        while self.speaking:
            await self._next_tick()

    def _report(self, spoken: Spoken) -> None:
        self.transcript.append(spoken)
        self._on_spoken(spoken)
