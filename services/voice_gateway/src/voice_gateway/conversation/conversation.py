"""The conversation of one call: what follows from what the caller does and from what was heard.

The conversation processor reports what happens on the line; the turn runner says what is to be said. One turn is
answered at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from callwright_common.clock import Clock
from callwright_common.ids import new_id
from callwright_common.logs import get_logger
from callwright_common.supervision import end_tasks, start_task
from dialogue import ExpectedAnswer
from vocabulary.enums import EndReason, EscalationOutcome, ReplySource, Tier
from vocabulary.turns import EndCall, KeyPresses, Opening, Silence, Transfer, TurnInput, Utterance
from voice_gateway.conversation.call_ending import CallEnding
from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.collected_keys import CollectedKeys, asks_a_number, begins_a_number
from voice_gateway.conversation.open_turns import OpenTurns
from voice_gateway.conversation.running_turn import FINISH_SECONDS, RunningTurn
from voice_gateway.conversation.turn import SpeechTimes, Turn
from voice_gateway.conversation.turn_runner import TurnRunner
from voice_gateway.conversation.unheard_speech import Remedy, UnheardSpeech
from voice_gateway.media.heard_reply import HeardReply, ReplyKind
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.premium_voice.premium_voice import PremiumVoice
from voice_gateway.records.recorder import CallEventRecorder

_logger = get_logger(__name__)

_NOISE_SECONDS = 1.0


class Conversation:
    """Keeps a call going until somebody ends it.

    Attributes:
        session: The call.
        silence_count: How often in a row the caller was asked whether he is there.
        quiet_since: Monotonic seconds of the last sound of either side.
    """

    def __init__(
        self,
        *,
        session: CallSession,
        line: Line,
        runner: TurnRunner,
        recorder: CallEventRecorder,
        premium_voice: PremiumVoice,
        metrics: GatewayMetrics,
        clock: Clock,
        on_speech: Callable[[bool], Coroutine[Any, Any, None]],
    ) -> None:
        """Builds it; `on_speech` is told of each reply whether any voice could speak it."""
        self.session = session
        self.silence_count = 0
        self.quiet_since = clock.monotonic()
        self._premium_voice = premium_voice
        self._clock = clock
        self._on_speech = on_speech
        self._line = line
        self._runner = runner
        self._turns = OpenTurns(session, recorder, metrics)
        self._running = RunningTurn()
        self._ending = CallEnding(line, self._running, self.spawn)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._unheard = UnheardSpeech(session.campaign.prompts.apology)
        self._keys = CollectedKeys()
        self._asked_to_repeat = False
        line.ledger.add_listener(self.reply_heard)

    # What happens on the line.

    async def open(self) -> None:
        """Lets the agent speak first."""
        await self._answer(Opening(self.session.caller_number))

    async def caller_turn(self, text: str, times: SpeechTimes) -> None:
        """Answers what the caller said; what went before it unanswered belongs to it."""
        async with self._running.order:
            await self._fall_silent()
            self._turns.put_flushed_aside({reply.turn_id for reply in self._on_the_line()})
            self.silence_count = 0
            self._asked_to_repeat = False
            turn_id = new_id()
            turn = self._new_turn(Utterance(self._turns.join(text, turn_id)), turn_id)
            turn.times = times
            self._running.start(turn, self._carry_out(turn, partial(self._reply, turn)))

    def interrupted(self) -> None:
        """The caller spoke over the agent: what is still being made for the last turn is not wanted any more."""
        self.quiet_since = self._clock.monotonic()
        self._running.interrupt()

    def caller_started(self) -> None:
        """The caller's voice set in."""
        self.quiet_since = self._clock.monotonic()

    async def noise(self, speech_seconds: float, *, interrupted_agent: bool) -> None:
        """The caller made a sound without words; asks once to repeat it if it was long."""
        self.quiet_since = self._clock.monotonic()
        if interrupted_agent or speech_seconds < _NOISE_SECONDS or self._asked_to_repeat or self.busy:
            return
        self._asked_to_repeat = True
        await self.say_prompt(self.session.campaign.prompts.did_not_hear)

    def key_pressed(self, key: str) -> None:
        """Collects keys; they become a turn after a pause, with those whose answer the caller is still hearing."""
        self.quiet_since = self._clock.monotonic()
        if not self._keys.running:
            self._turns.put_keys_aside()
        self.spawn(self._after_key(key), "keys")

    def speech_failed(self, tier: Tier, text: str, *, unheard: bool) -> None:
        """A voice gave no audio for a sentence; if none did, the caller hears an apology, which is kept as audio."""
        if tier is Tier.PREMIUM:
            self._premium_voice.step_down(EscalationOutcome.VOICE_FAILED)
        self.spawn(self._on_speech(not unheard), "speech health")
        if not unheard or self.end_reason:
            return
        match self._unheard.failed(text):
            case Remedy.APOLOGISE:
                self.spawn(self.say_prompt(self.session.campaign.prompts.apology), "apology")
            case Remedy.GIVE_UP:
                _logger.error("hanging up, no voice gives audio")
                self._ending.hang_up(EndReason.FAILED)
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
            self.spawn(self._on_speech(True), "speech health")
        if self._turns.heard(turn, heard):
            self._act_on(turn)

    # What the agent does.

    @property
    def end_reason(self) -> EndReason | None:
        """Why the call ends; None while it goes on."""
        return self._ending.reason

    @property
    def busy(self) -> bool:
        """Whether the agent speaks or is about to, or the caller speaks."""
        return self._running.answering or self._line.caller_speaking or not self._line.ledger.settled

    def expected_answer(self) -> ExpectedAnswer:
        """Returns what the caller may say next."""
        return ExpectedAnswer(self.session.campaign, self._turns.asking, self._clock.now())

    def note_playing(self) -> None:
        """Notes which reply is being heard, for those who watch the call."""
        self._turns.note_playing(self._on_the_line())

    async def still_silent(self, seconds: float) -> None:
        """Answers a silence of the caller."""
        self.silence_count += 1
        await self._answer(Silence(self.silence_count))

    async def say_prompt(self, text: str, action: EndCall | Transfer | None = None) -> None:
        """Speaks a fixed text of its own, instead of what is being said.

        Without an action it asks the caller to speak up, so that what he was asked last stays open.
        """
        async with self._running.order:
            await self._fall_silent()
            turn = self._new_turn(Silence(self.silence_count))
            turn.kind, turn.action, turn.source = ReplyKind.PROMPT, action, ReplySource.PROMPT
            turn.agent = self.session.current_agent
            asks = None if action else self.session.open_question
            self._running.start(turn, self._carry_out(turn, partial(self._runner.speak_prompt, turn, text, asks)))

    async def end_with(self, reason: EndReason, text: str) -> None:
        """Says goodbye and hangs up once it was heard; spoken over, it is said once more."""
        if self.end_reason:
            return
        self._ending.announce(reason, text)
        await self.say_prompt(text, EndCall(reason))

    def hang_up(self, reason: EndReason, *, patience: float) -> None:
        """Ends the call without another word; what is being said has some seconds to be heard."""
        self._ending.hang_up(reason, patience)

    def now(self) -> float:
        """Returns the monotonic time that the conversation goes by."""
        return self._clock.monotonic()

    async def close(self) -> None:
        """Stops everything and closes the turns that are open, as they were heard."""
        on_the_line = self._on_the_line()
        await self._fall_silent(finish_seconds=0.0)
        await end_tasks(*self._tasks)
        self._turns.close(on_the_line)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Runs work of the call in a task of its own, which ends with the call."""
        task = start_task(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _new_turn(self, turn_input: TurnInput, turn_id: str = "") -> Turn:
        turn = Turn(turn_id or new_id(), turn_input, self._clock.now(), self._clock.monotonic())
        self._turns.add(turn)
        return turn

    async def _answer(self, turn_input: TurnInput) -> None:
        async with self._running.order:
            await self._fall_silent()
            self._turns.keep_apart()
            turn = self._new_turn(turn_input)
            self._running.start(turn, self._carry_out(turn, partial(self._runner.run, turn)))

    async def _carry_out(self, turn: Turn, work: Callable[[], Awaitable[None]]) -> None:
        """Answers a turn and does what follows from it; a defect in it costs the caller an apology, not the call."""
        try:
            await work()
        except Exception:
            _logger.exception("a turn failed", turn_id=turn.turn_id)
            if not turn.spoken:
                await self._runner.speak_prompt(turn, self.session.campaign.prompts.apology)
        finally:
            if turn.recommendation is not None:
                self.spawn(self._premium_voice.consider(turn.recommendation, turn.turn_id), "premium voice")
            self._act_on(turn)

    def _act_on(self, turn: Turn) -> None:
        """Does what a reply announced, once it was heard to its end."""
        action, heard = turn.action, turn.heard
        if action is None or heard is None or heard.interrupted or self._ending.hanging_up:
            return
        turn.action = None
        match action:
            case EndCall(reason):
                self._ending.hang_up(EndReason.AGENT_GOODBYE if reason is EndReason.UNKNOWN else reason)
            case Transfer() if not self.end_reason:
                self._transfer()

    async def _fall_silent(self, finish_seconds: float = FINISH_SECONDS) -> None:
        if unheard := await self._running.fall_silent(finish_seconds):
            self._turns.put_aside(unheard)

    async def _reply(self, turn: Turn) -> None:
        """Answers what the caller said; when the call is about to end, by the goodbye that he spoke over."""
        self._ending.retract_silence()
        reason = self.end_reason
        if reason is None:
            await self._runner.run(turn)
        elif farewell := self._ending.take_farewell():
            turn.action = EndCall(reason)
            await self._runner.speak_prompt(turn, farewell)
        else:
            self._ending.hang_up(reason)

    def _on_the_line(self) -> list[HeardReply]:
        """Returns the replies, without fillers, that the caller is hearing or is about to hear."""
        return [reply for reply in self._line.ledger.open_replies() if reply.kind is not ReplyKind.FILLER]

    def _transfer(self) -> None:
        campaign = self.session.campaign
        if campaign.handoff.number:
            self._ending.hang_up(EndReason.TRANSFERRED)
        else:
            self.spawn(self.end_with(EndReason.AGENT_GOODBYE, campaign.prompts.call_back), "call back")

    async def _after_key(self, key: str) -> None:
        pressed = await self._keys.pressed(key, number=self._asks_a_number)
        if not pressed:
            return
        self.silence_count = 0
        async with self._running.order:
            await self._fall_silent()
            turn_id = new_id()
            keys = self._turns.join_keys(pressed, turn_id)
            turn = self._new_turn(KeyPresses(keys), turn_id)
            turn.takes_more_keys = begins_a_number(keys) and (keys != pressed or self._asks_a_number)
            self._running.start(turn, self._carry_out(turn, partial(self._runner.run, turn)))

    @property
    def _asks_a_number(self) -> bool:
        return asks_a_number(self.session.campaign, self._turns.asking)
