"""The conversation's place in the Pipecat pipeline: caller's turns in, the agent's sentences out."""

from pipecat.frames.frames import Frame, InputDTMFFrame, InterruptionFrame, VADUserStartedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_gateway.conversation.conversation import Conversation
from voice_gateway.conversation.turn import SpeechTimes
from voice_gateway.media.frames import AnswerExpectedFrame, CallerTurnFrame, NoWordsFrame, SpeechFailedFrame


class ConversationProcessor(FrameProcessor):
    """Hands what happens on the line to the conversation; the frames of its replies are pushed from here.

    Turns run in tasks of the conversation, so that frames never wait for an answer. What was heard reaches the
    conversation from the ledger itself, which knows it before any frame can tell.

    Attributes:
        conversation: Set before the pipeline runs.
    """

    conversation: Conversation

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Reports what concerns the conversation; passes everything else on."""
        await super().process_frame(frame, direction)
        conversation = self.conversation
        match frame:
            case CallerTurnFrame():
                times = SpeechTimes(frame.speech_ended_at, frame.turn_detected_at, frame.transcribed_at)
                # An interruption cancels what this processor is doing; the caller's words must outlive it.
                conversation.spawn(conversation.caller_turn(frame.text, times), "caller turn")
                return
            case NoWordsFrame():
                noise = conversation.noise(frame.speech_seconds, interrupted_agent=frame.interrupted_agent)
                conversation.spawn(noise, "noise")
                return
            case InterruptionFrame():
                conversation.interrupted()
            case VADUserStartedSpeakingFrame():
                conversation.caller_started()
                await self.push_frame(AnswerExpectedFrame(conversation.expected_answer()), FrameDirection.UPSTREAM)
            case InputDTMFFrame():
                conversation.key_pressed(frame.button.value)
                return
            case SpeechFailedFrame():
                conversation.speech_failed(frame.tier, frame.text, unheard=frame.spoken_by is None)
        await self.push_frame(frame, direction)
