"""The reply to a turn that the orchestrator does not answer: rules decide, and the direct model finds the words.

The rules go on from the dialogue's last state, so that a turn costs the same however long the call is. What must be
done (an opt-out, a wish for a human, a goodbye, a voice mail) is done and said in their words, whatever a model would
say.
"""

from contextlib import aclosing
from dataclasses import dataclass

from callwright_common.clock import Clock
from callwright_common.errors import ServiceError, UnavailableError
from callwright_common.logs import get_logger
from dialogue import Analyzer, ModelReply, Reply, fall_back
from vocabulary.enums import ReplySource
from vocabulary.turns import AgentTransition, EndCall, Opening, Silence, Transfer, caller_text
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.reply_speaker import ReplySpeaker
from voice_gateway.conversation.transitions import Transitions
from voice_gateway.conversation.turn import Turn

_logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FallbackReplies:
    """Answers the turns of one call in the orchestrator's place."""

    session: CallSession
    direct_model: DirectModel
    analyzer: Analyzer
    transitions: Transitions
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
        reply = fallback.reply
        self._hand_over(turn, reply)
        heard = caller_text(turn.input)
        words = ModelReply(session.campaign, reply, self.clock.now(), heard, begun=tuple(turn.spoken))
        if not turn.spoken:
            turn.source = ReplySource.PROMPT if isinstance(turn.input, Opening | Silence) else ReplySource.RULES
        if reply.decisive or not words.asked:
            if reply.may_be_reworded:
                await self._in_the_models_words(turn, speaker, words)
            for sentence in words.rest():
                await speaker.say(sentence)
        if not turn.spoken:
            raise UnavailableError("NO_WORDS", "the fallback has nothing to say")
        await speaker.finish()
        for action in reply.actions:
            if isinstance(action, EndCall | Transfer):
                turn.action = action

    def _hand_over(self, turn: Turn, reply: Reply) -> None:
        """Lets the reply's agent speak; as in the graph, another one than before takes over."""
        before = self.session.current_agent
        turn.agent, self.session.workflow_state = reply.agent, reply.workflow_state
        if reply.agent is not before:
            now, waited = self.clock.now(), max(0.0, self.clock.monotonic() - turn.wanted_at)
            transition = AgentTransition(before, reply.agent, now, reply.trigger, waited, turn.turn_id)
            turn.transitions = [transition]
            self.transitions.note(transition)

    async def _in_the_models_words(self, turn: Turn, speaker: ReplySpeaker, words: ModelReply) -> None:
        """Lets the model say what the rules have decided, as far as it comes."""
        messages = words.messages(self.session.history)
        try:
            async with aclosing(self.direct_model.sentences(words, messages)) as sentences:
                async for sentence in sentences:
                    if not turn.spoken:
                        turn.source = ReplySource.DIRECT_MODEL
                    await speaker.say(sentence)
        except ServiceError as error:
            _logger.warning("the direct model failed", reason=error.reason, spoken=len(words.spoken))
