"""The conversation of one call: what follows from what the caller does and from what was heard.

Nothing here knows Pipecat: the conversation processor reports what happens on the line, and a `Speech` takes what is to
be said. One turn is answered at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from callwright_common.clock import Clock
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from callwright_common.supervision import start_task
from voice_gateway.call_events import CallEventRecorder
from voice_gateway.call_session import CallSession
from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.key_presses import KeyPresses
from voice_gateway.conversation.open_turns import ConversationMetrics, OpenTurns
from voice_gateway.conversation.turn import SpeechTimes, Turn
from voice_gateway.conversation.turn_runner import TurnRunner
from voice_gateway.conversation.unheard_speech import Remedy, UnheardSpeech
from voice_gateway.conversation_model import (
    Digits,
    EndRequested,
    EscalationAdvice,
    Opening,
    ReplySource,
    Silence,
    Tier,
    TransferRequested,
    TurnInput,
    Utterance,
)
from voice_gateway.media.frames import ReplyKind
from voice_gateway.media.heard_ledger import HeardReply
from voice_gateway.premium_voice.escalation import Escalation

_logger = get_logger(__name__)

_TAIL_SECONDS = 0.4
"""How long a turn whose words are out may take to be stored once the caller speaks again."""
_FINISH_SECONDS = 5.0
"""How long a reply that is being said may take to be finished when something else is to be said."""
_HANG_UP_SECONDS = 10.0
_FAREWELL_SECONDS = 90.0
"""How long a goodbye, and what is being said ahead of it, may take until it was heard."""
_NOISE_SECONDS = 1.0


class Conversation:
    """Keeps a call going until somebody ends it."""

    def __init__(
        self,
        *,
        session: CallSession,
        recorder: CallEventRecorder,
        escalation: Escalation,
        metrics: ConversationMetrics,
        clock: Clock,
        on_speech: Callable[[bool], None],
    ) -> None:
        """Builds it; `attach` completes it.

        Args:
            session: The call.
            recorder: Takes its events.
            escalation: Its voice tier.
            metrics: Counts its turns.
            clock: Tells the time.
            on_speech: Told of each reply whether any voice could speak it.
        """
        self.session = session
        self.end_reason = ""
        self._escalation = escalation
        self._clock = clock
        self._on_speech = on_speech
        self._line: Line | None = None
        self._runner: TurnRunner | None = None
        self._turns = OpenTurns(session, recorder, metrics)
        self._running: asyncio.Task[None] | None = None
        self._current: Turn | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._one_turn = asyncio.Lock()
        self._unheard = UnheardSpeech(session.campaign.prompts.apology)
        self._keys = KeyPresses()
        self._farewell = ""
        self._hanging_up = False
        self._last_resort: asyncio.Task[None] | None = None
        self._asked_to_repeat = False
        self.silence_count = 0
        self.quiet_since = clock.monotonic()

    def attach(self, line: Line, runner: TurnRunner) -> None:
        """Connects the conversation with the call's media and with what answers its turns."""
        self._line = line
        self._runner = runner
        line.ledger.add_listener(self.reply_heard)

    # What happens on the line.

    async def open(self) -> None:
        """Lets the agent speak first."""
        await self._answer(Opening())

    async def caller_turn(self, text: str, times: SpeechTimes) -> None:
        """Answers what the caller said; what went before it unanswered belongs to it."""
        async with self._one_turn:
            await self._fall_silent()
            self._turns.put_flushed_aside({reply.turn_id for reply in self._on_the_line()})
            self.silence_count = 0
            self._asked_to_repeat = False
            turn = self._new_turn(Utterance(self._turns.join(text)))
            turn.times = times
            self._start(turn, partial(self._reply, turn))

    def interrupted(self) -> None:
        """The caller spoke over the agent: what is still being made for the last turn is not wanted any more."""
        self.quiet_since = self._clock.monotonic()
        turn, task = self._current, self._running
        if task is not None and turn is not None and not turn.reply_complete:
            task.cancel()

    def caller_started(self) -> None:
        """The caller's voice set in."""
        self.quiet_since = self._clock.monotonic()

    async def noise(self, speech_seconds: float, *, interrupted_agent: bool, backchannel: bool) -> None:
        """The caller made a sound without words; asks once to repeat it if it was long."""
        self.quiet_since = self._clock.monotonic()
        if interrupted_agent or backchannel or speech_seconds < _NOISE_SECONDS or self._asked_to_repeat or self.busy:
            return
        self._asked_to_repeat = True
        await self.say_prompt(self.session.campaign.prompts.did_not_hear)

    def key_pressed(self, digit: str) -> None:
        """Collects keys; they become a turn after a pause."""
        self.quiet_since = self._clock.monotonic()
        self.spawn(self._after_key(digit), "keys")

    def speech_failed(self, tier: str, text: str, *, unheard: bool) -> None:
        """A voice gave no audio for a sentence; if none did, the caller hears an apology, which is kept as audio."""
        if tier == Tier.PREMIUM:
            self._escalation.step_down("voice_failed")
        self._on_speech(not unheard)
        if not unheard or self.end_reason:
            return
        match self._unheard.failed(text):
            case Remedy.APOLOGISE:
                self.spawn(self.say_prompt(self.session.campaign.prompts.apology), "apology")
            case Remedy.GIVE_UP:
                _logger.error("hanging up, no voice gives audio")
                self.end_reason = "failed"
                self.spawn(self._hang_up(), "hang up")
            case Remedy.NOTHING:
                pass

    def reply_heard(self, heard: HeardReply) -> None:
        """A reply was heard to its end or cut off."""
        turn = self._turns.get(heard.turn_id)
        if heard.kind is ReplyKind.FILLER:
            if turn is not None:
                turn.filler_audio_at = heard.first_audio_at
            return
        self.quiet_since = self._clock.monotonic()
        if turn is None:
            return
        if heard.heard_ms:
            self._unheard.heard(heard.kind)
            self._on_speech(True)
        if self._turns.heard(turn, heard):
            self.act_on(turn)

    # What the agent does.

    @property
    def busy(self) -> bool:
        """Whether the agent speaks or is about to, or the caller speaks."""
        line = self._line
        answering = self._running is not None and not self._running.done()
        return answering or (line is not None and (line.caller_speaking or not line.ledger.settled))

    def note_playing(self) -> None:
        """Notes which reply is being heard, for those who watch the call."""
        self._turns.note_playing(self._on_the_line())

    async def still_silent(self, seconds: float) -> None:
        """Answers a silence of the caller."""
        self.silence_count += 1
        await self._answer(Silence(seconds, self.silence_count))

    async def say_prompt(self, text: str, action: EndRequested | TransferRequested | None = None) -> None:
        """Speaks a fixed text of its own, instead of what is being said."""
        async with self._one_turn:
            await self._fall_silent()
            turn = self._new_turn(Silence(0.0, self.silence_count))
            turn.kind, turn.action, turn.source = ReplyKind.PROMPT, action, ReplySource.PROMPT
            turn.agent = self.session.current_agent
            self._start(turn, partial(self._attached.speak_prompt, turn, text))

    async def end_with(self, reason: str, text: str) -> None:
        """Says goodbye and hangs up once it was heard; spoken over, it is said once more."""
        if self.end_reason:
            return
        self.end_reason, self._farewell = reason, text
        await self.say_prompt(text, EndRequested(reason))
        self._last_resort = self.spawn(self._hang_up_at_last(), "hang up at last")

    def act_on(self, turn: Turn) -> None:
        """Does what a reply announced, once it was heard to its end."""
        heard = turn.heard
        if turn.action is None or heard is None or heard.interrupted or self._hanging_up:
            return
        match turn.action:
            case EndRequested():
                self.end_reason = self.end_reason or "agent_goodbye"
                self.spawn(self._hang_up(), "hang up")
            case TransferRequested() if not self.end_reason:
                self._transfer()

    def follow_advice(self, advice: EscalationAdvice, turn: Turn) -> None:
        """Lets the escalation follow the orchestrator's advice, beside the reply."""
        self.spawn(self._consider(advice, turn.turn_id), "escalation")

    def now(self) -> float:
        """Returns the monotonic time that the conversation goes by."""
        return self._clock.monotonic()

    async def close(self) -> None:
        """Stops everything and closes the turns that are open, as they were heard."""
        on_the_line = self._on_the_line()
        await self._fall_silent(finish_seconds=0.0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._turns.close(on_the_line)

    # Inside.

    def _new_turn(self, turn_input: TurnInput) -> Turn:
        turn = Turn(new_id(), turn_input, self._clock.now(), self._clock.monotonic())
        self._turns.add(turn)
        return turn

    @property
    def _attached(self) -> TurnRunner:
        if self._runner is None:
            raise RuntimeError("the conversation is not attached to a line")
        return self._runner

    async def _answer(self, turn_input: TurnInput) -> None:
        async with self._one_turn:
            await self._fall_silent()
            turn = self._new_turn(turn_input)
            self._start(turn, partial(self._attached.run, turn))

    def _start(self, turn: Turn, work: Callable[[], Awaitable[None]]) -> None:
        self._current = turn
        self._running = asyncio.create_task(self._guarded(turn, work), name="turn")

    async def _guarded(self, turn: Turn, work: Callable[[], Awaitable[None]]) -> None:
        """Runs a turn; a defect in it costs the caller an apology, not the call."""
        try:
            await work()
        except Exception:
            _logger.exception("a turn failed", turn_id=turn.turn_id)
            if not turn.spoken:
                await self._attached.speak_prompt(turn, self.session.campaign.prompts.apology)

    async def _fall_silent(self, finish_seconds: float = _FINISH_SECONDS) -> None:
        """Ends the work on the last turn: what is being said is finished, what is being stored too, within limits."""
        task, turn = self._running, self._current
        if task is None or turn is None or task is asyncio.current_task():
            return
        if turn.spoken and not task.done():
            await asyncio.wait([task], timeout=_TAIL_SECONDS if turn.reply_complete else finish_seconds)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        self._running = None
        if not turn.spoken and turn.heard is None:
            self._turns.put_aside(turn)

    async def _reply(self, turn: Turn) -> None:
        """Answers what the caller said; when the call is about to end, by the goodbye that he spoke over."""
        if self.end_reason == "silence" and not self._hanging_up:
            self.end_reason = ""
            if self._last_resort is not None:
                self._last_resort.cancel()
        if not self.end_reason:
            await self._attached.run(turn)
        elif self._farewell and not self._hanging_up:
            farewell, self._farewell = self._farewell, ""
            turn.action = EndRequested(self.end_reason)
            await self._attached.speak_prompt(turn, farewell)
        else:
            self.spawn(self._hang_up(), "hang up")

    def _on_the_line(self) -> list[HeardReply]:
        """Returns the replies, without fillers, that the caller is hearing or is about to hear."""
        replies = self._line.ledger.open_replies() if self._line is not None else []
        return [reply for reply in replies if reply.kind is not ReplyKind.FILLER]

    def _transfer(self) -> None:
        campaign = self.session.campaign
        if campaign.handoff.number:
            self.end_reason = "transferred"
            self.spawn(self._hang_up(), "transfer")
        else:
            self.spawn(self.end_with("agent_goodbye", campaign.prompts.call_back), "call back")

    async def _hang_up_at_last(self) -> None:
        await asyncio.sleep(_FAREWELL_SECONDS)
        await self._hang_up()

    async def _hang_up(self) -> None:
        if self._hanging_up:
            return
        self._hanging_up = True
        if self._running is not None:
            await asyncio.wait([self._running], timeout=_HANG_UP_SECONDS)
        if self._line is not None and not await self._line.hang_up(timeout=_HANG_UP_SECONDS):
            _logger.warning("hung up before the last words were heard")

    async def _after_key(self, digit: str) -> None:
        if digits := await self._keys.pressed(digit):
            await self._answer(Digits(digits))

    async def _consider(self, advice: EscalationAdvice, turn_id: str) -> None:
        await self._escalation.consider(advice, turn_id)

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Runs work of the call in a task of its own, which ends with the call."""
        task = start_task(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
