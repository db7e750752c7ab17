"""Watches the clock of one call: silence, a dead line, the longest duration, signs of life for those who watch it."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum

from callwright_common.campaign import Limits
from vocabulary.call_events import CallAlive
from vocabulary.enums import EndReason
from voice_gateway.conversation.call_line import Line
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.records.recorder import CallEventRecorder

ALIVE_SECONDS = 15.0
NO_MEDIA_SECONDS = 30.0
_TICK_SECONDS = 0.25
_DEAD_LINE_PATIENCE_SECONDS = 0.1


class Due(StrEnum):
    """What the clock asks for."""

    NOTHING = "nothing"
    SILENCE_PROMPT = "silence_prompt"
    SILENCE_HANG_UP = "silence_hang_up"
    DURATION_OVER = "duration_over"
    NO_MEDIA = "no_media"


@dataclass(slots=True)
class CallClock:
    """Decides what is due; pure, all times are monotonic seconds.

    Silence counts from the last mark or the caller's last sound. A prompt is due after the campaign's time and once
    more later; the agent's own prompts do not end the caller's silence, so the hang-up counts from its beginning.
    """

    limits: Limits
    started_at: float
    silent_since: float | None = None
    prompts: int = 0

    def due(self, now: float, *, busy: bool, quiet_since: float, caller_answered: bool, last_media_at: float) -> Due:
        """Returns what is due now.

        Args:
            now: The time.
            busy: Somebody speaks or an answer is on its way.
            quiet_since: When the last sound of either side ended.
            caller_answered: The caller said something since the last prompt.
            last_media_at: When the last audio frame came in.
        """
        if now - self.started_at >= self.limits.max_call_seconds:
            return Due.DURATION_OVER
        if now - last_media_at >= NO_MEDIA_SECONDS:
            return Due.NO_MEDIA
        if caller_answered:
            self.silent_since, self.prompts = None, 0
        if busy:
            return Due.NOTHING
        if self.silent_since is None:
            self.silent_since = quiet_since
        self.silent_since = max(self.silent_since, quiet_since) if self.prompts == 0 else self.silent_since
        silent = now - self.silent_since
        if silent >= self.limits.silence_hangup_seconds:
            return Due.SILENCE_HANG_UP
        if self.prompts < 2 and silent >= self.limits.silence_prompt_seconds * (1 + 1.25 * self.prompts):
            self.prompts += 1
            return Due.SILENCE_PROMPT
        return Due.NOTHING


@dataclass(frozen=True, slots=True)
class CallWatch:
    """Acts on the clock of one call."""

    conversation: Conversation
    line: Line
    recorder: CallEventRecorder

    async def run(self) -> None:
        """Watches until it is cancelled, or the call's end is under way."""
        loop = asyncio.get_running_loop()
        conversation = self.conversation
        limits = conversation.session.campaign.limits
        clock = CallClock(limits, conversation.session.started_monotonic)
        alive_at = loop.time() + ALIVE_SECONDS
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if loop.time() >= alive_at:
                alive_at = loop.time() + ALIVE_SECONDS
                self.recorder.record(CallAlive())
            conversation.note_playing()
            if conversation.end_reason:
                continue
            await self._act(clock)

    async def _act(self, clock: CallClock) -> None:
        conversation = self.conversation
        now = conversation.now()
        due = clock.due(
            now,
            busy=conversation.busy,
            quiet_since=conversation.quiet_since,
            caller_answered=conversation.silence_count == 0 and clock.prompts > 0,
            last_media_at=self.line.last_media_at,
        )
        prompts = conversation.session.campaign.prompts
        match due:
            case Due.SILENCE_PROMPT:
                await conversation.still_silent(now - (clock.silent_since or now))
            case Due.SILENCE_HANG_UP:
                await conversation.end_with(EndReason.SILENCE, prompts.goodbye_silence)
            case Due.DURATION_OVER:
                await conversation.end_with(EndReason.MAX_DURATION, prompts.time_limit)
            case Due.NO_MEDIA:
                conversation.hang_up(EndReason.NO_MEDIA, patience=_DEAD_LINE_PATIENCE_SECONDS)
            case Due.NOTHING:
                pass
