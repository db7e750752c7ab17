"""Media of whole gateways without audio: what the pipeline is given to say is heard at once."""

import asyncio
from contextlib import suppress
from typing import Any

from pipecat.frames.frames import Frame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.workers.runner import WorkerRunner
from starlette.websockets import WebSocket

from callwright_common.campaign import Campaign
from fakes.spoken_line import SpokenLine
from voice_gateway.media.frames import ReplyFrame
from voice_gateway.media.twilio.protocol import MediaEnd, StartMessage


class _Ear(FrameProcessor):
    """Hears what comes out of the conversation."""

    def __init__(self, line: SpokenLine) -> None:
        super().__init__()
        self._heard_by = line

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, ReplyFrame):
            await self._heard_by.speak(frame)
        await self.push_frame(frame, direction)


class PipelineLine(SpokenLine):
    """A line behind a pipeline that holds the conversation alone."""

    def __init__(self, websocket: WebSocket, processor: FrameProcessor) -> None:
        super().__init__()
        self._websocket = websocket
        self._worker = PipelineWorker(
            Pipeline([processor, _Ear(self)]), enable_rtvi=False, enable_turn_tracking=False, idle_timeout_secs=None
        )

    async def run(self) -> MediaEnd:
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        running = asyncio.create_task(runner.run())
        await self.hung_up.wait()
        await self._worker.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await self._websocket.close()
        return MediaEnd.HUNG_UP


class SpokenMedia:
    """Builds lines without audio and keeps them."""

    def __init__(self) -> None:
        self.lines: list[PipelineLine] = []

    def __call__(
        self, websocket: WebSocket, start: StartMessage, campaign: Campaign, processor: FrameProcessor, metrics: Any
    ) -> PipelineLine:
        self.lines.append(PipelineLine(websocket, processor))
        return self.lines[-1]
