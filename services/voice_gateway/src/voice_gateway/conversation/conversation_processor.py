"""The conversation's place in the Pipecat pipeline: caller's turns in, the agent's sentences out."""

from pipecat.frames.frames import Frame, InputDTMFFrame, InterruptionFrame, VADUserStartedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from vocabulary.enums import Tier
from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.turn import SpeechTimes
from voice_gateway.media.frames import (
    CallerTurnFrame,
    NoWordsFrame,
    ReplyEndedFrame,
    ReplyStartedFrame,
    SentenceFrame,
    SpeechFailedFrame,
)
from voice_gateway.media.heard_ledger import ReplyKind


class ConversationProcessor(FrameProcessor):
    """Hands what happens on the line to the conversation and what it says to the voices.

    Turns run in tasks of the conversation, so that frames never wait for an answer. What was heard reaches the
    conversation from the ledger itself, which knows it before any frame can tell.
    """

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Reports what concerns the conversation; passes everything else on."""
        await super().process_frame(frame, direction)
        conversation = self._conversation
        match frame:
            case CallerTurnFrame():
                times = SpeechTimes(frame.speech_ended_at, frame.turn_detected_at, frame.transcribed_at)
                # An interruption cancels what this processor is doing; the caller's words must outlive it.
                conversation.spawn(conversation.caller_turn(frame.text, times), "caller turn")
                return
            case NoWordsFrame():
                noise = conversation.noise(
                    frame.speech_seconds, interrupted_agent=frame.interrupted_agent, backchannel=frame.backchannel
                )
                conversation.spawn(noise, "noise")
                return
            case InterruptionFrame():
                conversation.interrupted()
            case VADUserStartedSpeakingFrame():
                conversation.caller_started()
            case InputDTMFFrame():
                conversation.key_pressed(frame.button.value)
                return
            case SpeechFailedFrame():
                conversation.speech_failed(frame.tier, frame.text, unheard=frame.spoken_by is None)
        await self.push_frame(frame, direction)

    # The conversation's `Speech`.

    async def reply_started(self, turn_id: str, kind: ReplyKind, tier: Tier) -> None:
        """Opens a reply."""
        await self.push_frame(ReplyStartedFrame(turn_id=turn_id, tier=tier, kind=kind))

    async def sentence(self, turn_id: str, text: str, tier: Tier) -> None:
        """Adds a sentence to the open reply."""
        await self.push_frame(SentenceFrame(turn_id=turn_id, text=text, tier=tier))

    async def reply_ended(self, turn_id: str) -> None:
        """Closes the reply."""
        await self.push_frame(ReplyEndedFrame(turn_id=turn_id))
