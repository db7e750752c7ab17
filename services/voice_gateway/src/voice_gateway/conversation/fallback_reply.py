"""The reply to a turn that the orchestrator does not answer: rules decide, and the direct model finds the words.

The rules go on from the dialogue's last state, so that a turn costs the same however long the call is. What must be
done (an opt-out, a wish for a human, a goodbye, a voice mail) is done and said in their words, whatever a model would
say.
"""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from callwright_common.chat_models import ChatMessage
from callwright_common.clock import Clock
from callwright_common.errors import ServiceError, UnavailableError
from callwright_common.logs import get_logger
from dialogue import (
    Analyzer,
    Reply,
    fall_back,
    system_prompt,
)
from vocabulary.enums import ReplySource
from vocabulary.turns import EndCall, Opening, Sentence, Silence, Transfer
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.reply_speaker import ReplySpeaker
from voice_gateway.conversation.turn import Turn

_logger = get_logger(__name__)

_HISTORY_TURNS = 12


@dataclass(frozen=True, slots=True)
class FallbackReplies:
    """Answers the turns of one call in the orchestrator's place."""

    session: CallSession
    direct_model: DirectModel
    analyzer: Analyzer
    clock: Clock

    async def speak(self, turn: Turn, speaker: ReplySpeaker) -> None:
        """Speaks the reply, or goes on with it where the orchestrator's broke off.

        Raises:
            UnavailableError: if there is nothing to say.
        """
        session = self.session
        fallback = await fall_back(
            session.campaign,
            session.call_id,
            session.dialogue_state,
            turn.input,
            told=tuple(session.unsynced.values()),
            turn_id=turn.turn_id,
            now=self.clock.now(),
            analyzer=self.analyzer,
        )
        session.dialogue_state = fallback.dialogue_state
        by_rule = fallback.decisive or not fallback.reply.may_be_reworded
        if not turn.spoken:
            turn.source = ReplySource.PROMPT if isinstance(turn.input, Opening | Silence) else ReplySource.RULES
        if fallback.decisive or not turn.asks:
            await self._answer(turn, speaker, fallback.reply, by_rule=by_rule)
        if not turn.spoken:
            raise UnavailableError("NO_WORDS", "the fallback has nothing to say")
        await speaker.finish()
        for action in fallback.reply.actions:
            if isinstance(action, EndCall | Transfer):
                turn.action = action

    async def _answer(self, turn: Turn, speaker: ReplySpeaker, reply: Reply, *, by_rule: bool) -> None:
        said = [] if by_rule else await self._in_the_models_words(turn, speaker, reply)
        if by_rule or not turn.spoken:
            sentences: Sequence[Sentence] = reply.sentences
        elif turn.asks:
            # Whatever else was to be said, it is the caller's turn.
            sentences = ()
        else:
            asking = [sentence for sentence in reply.sentences if sentence.asks]
            # Without a model, what was said answered the caller; the last sentence leads on.
            sentences = asking or ([] if said else reply.sentences[-1:])
        for sentence in sentences:
            await speaker.say(sentence)

    async def _in_the_models_words(self, turn: Turn, speaker: ReplySpeaker, reply: Reply) -> list[Sentence]:
        """Lets the model say what the rules have decided, as far as it comes; returns what it said."""
        said: list[Sentence] = []
        messages, name = self._messages(turn, reply), self.session.campaign.company.agent_name
        try:
            async with aclosing(self.direct_model.sentences(messages, name)) as texts:
                async for text in texts:
                    if not turn.spoken:
                        turn.source = ReplySource.DIRECT_MODEL
                    said.append(Sentence(text, reply.asks if text.endswith("?") else None))
                    await speaker.say(said[-1])
        except ServiceError as error:
            _logger.warning("the direct model failed", reason=error.reason, spoken=len(said))
        return said

    def _messages(self, turn: Turn, reply: Reply) -> list[ChatMessage]:
        """Returns the chat that asks the model for the next reply."""
        messages = [ChatMessage("system", system_prompt(self.session.campaign, reply, now=self.clock.now()))]
        for earlier in self.session.history[-_HISTORY_TURNS:]:
            if earlier.caller_text:
                messages.append(ChatMessage("user", earlier.caller_text))
            if earlier.heard_text:
                messages.append(ChatMessage("assistant", earlier.heard_text))
        messages.append(ChatMessage("user", turn.caller_text))
        if turn.spoken:
            begun = " ".join(sentence.text for sentence in turn.spoken)
            messages.append(
                ChatMessage("user", f"(You began to answer: {begun} Go on from there without repeating it.)")
            )
        return messages
