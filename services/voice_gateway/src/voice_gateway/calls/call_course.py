"""The course of a call: from its media stream's start to its last record."""

import asyncio
from dataclasses import dataclass

from starlette.websockets import WebSocket
from structlog.contextvars import bound_contextvars

from callwright_common.backlog import may_pass
from callwright_common.errors import ServiceError
from callwright_common.logs import get_logger
from callwright_common.supervision import end_tasks, start_task
from dialogue import end_without_orchestrator
from vocabulary.call_events import CallEnded, CallStarted
from vocabulary.enums import CallDirection, EndReason
from vocabulary.exchange import CallResult
from voice_gateway.calls.call_composition import CallComposition
from voice_gateway.calls.call_watch import CallWatch
from voice_gateway.calls.live_calls import Apologise, CarriedCall, DialOn, LiveCalls, NotCarriedError, PendingCall
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.dependencies.degradation import Dependency
from voice_gateway.media.twilio.protocol import MediaEnd, StartMessage

_logger = get_logger(__name__)

_END_CALL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class CallCourse:
    """Carries calls."""

    composition: CallComposition
    live_calls: LiveCalls
    gateway_id: str

    async def carry(self, websocket: WebSocket, start: StartMessage, pending: PendingCall) -> None:
        """Carries a call to its end; whatever goes wrong, its place is free afterwards.

        Raises:
            NotCarriedError: if it is not taken; the caller hears so once the stream is closed.
        """
        with bound_contextvars(call_id=pending.call_id):
            try:
                with self.live_calls.place():
                    await self._carry(self._built(websocket, start, pending))
            except NotCarriedError as error:
                _logger.warning("call refused", reason=error.reason)
                self.composition.metrics.calls_refused.labels(reason=error.reason).inc()
                prompts = self.composition.campaigns[pending.campaign_id].prompts
                self.live_calls.note_after_stream(pending.twilio_call_sid, Apologise(prompts.unavailable))
                raise

    def _built(self, websocket: WebSocket, start: StartMessage, pending: PendingCall) -> CarriedCall:
        try:
            return self.composition.build(websocket, start, pending)
        except Exception as error:
            _logger.exception("a call could not be built")
            raise NotCarriedError("not_built") from error

    async def _carry(self, call: CarriedCall) -> None:
        self.composition.metrics.live_calls.inc()
        with self.live_calls.listed(call):
            media_end = MediaEnd.FAILED
            try:
                self._start(call)
                media_end = await self._run(call)
            finally:
                finishing = start_task(self._finish(call, media_end), "end of call")
                try:
                    await asyncio.shield(finishing)
                finally:
                    # Cancelled, too, a call keeps its place until its last record is written.
                    await asyncio.wait([finishing])

    def _start(self, call: CarriedCall) -> None:
        session = call.session
        call.recorder.record(
            CallStarted(
                campaign_id=session.campaign.id,
                direction=CallDirection.INBOUND,
                twilio_call_sid=session.twilio_call_sid,
                caller_number=session.caller_number,
                called_number=session.called_number,
                gateway_id=self.gateway_id,
                integration_enabled=session.integration_enabled,
            )
        )
        _logger.info("call started", campaign=session.campaign.id, integrated=session.integration_enabled)

    @staticmethod
    async def _run(call: CarriedCall) -> MediaEnd:
        watch = start_task(CallWatch(call.conversation, call.line, call.recorder).run(), "call watch")
        opening = start_task(call.conversation.open(), "opening")
        try:
            return await call.line.run()
        finally:
            await end_tasks(watch, opening)

    async def _finish(self, call: CarriedCall, media_end: MediaEnd) -> None:
        """Closes everything of a call and writes its last record."""
        session = call.session
        failed = EndReason.FAILED if media_end is MediaEnd.FAILED else EndReason.CALLER_HUNG_UP
        reason = call.conversation.end_reason or failed
        try:
            for close in (call.conversation.close, call.premium_voice.close):
                try:
                    await close()
                except Exception:
                    # The last record is written all the same.
                    _logger.exception("a part of a call did not close")
            self._note_after_stream(session, reason)
            result = await self._result(session, reason)
            call.recorder.record(
                CallEnded(
                    end_reason=reason,
                    outcome=result.outcome,
                    score=result.score or session.score,
                    premium_cost=call.premium_voice.spent,
                    summary=result.summary,
                    workflow_context_id=session.workflow_context_id,
                    disposition=result.disposition,
                    call_back=result.call_back,
                )
            )
        finally:
            session.ended = True
            session.notify()
            self.composition.metrics.live_calls.dec()
            self.composition.metrics.calls.labels(end_reason=reason).inc()
            _logger.info("call ended", end_reason=reason.value, turns=session.turn_count)

    def _note_after_stream(self, session: CallSession, reason: EndReason) -> None:
        campaign, sid = session.campaign, session.twilio_call_sid
        if reason is EndReason.TRANSFERRED and campaign.handoff.number:
            self.live_calls.note_after_stream(sid, DialOn(campaign.handoff.number))
        elif reason is EndReason.FAILED:
            self.live_calls.note_after_stream(sid, Apologise(campaign.prompts.unavailable))

    async def _result(self, session: CallSession, reason: EndReason) -> CallResult:
        if session.integration_enabled:
            request = session.end_request(reason)
            try:
                async with self.composition.breakers[Dependency.AGENT_ORCHESTRATOR].attempt():
                    return await self.composition.orchestrator.end_call(request, _END_CALL_SECONDS)
            except ServiceError as error:
                _logger.warning("the orchestrator did not sum the call up", reason=error.reason, cause=error.cause)
                if may_pass(error):
                    self.composition.end_later(session.call_id, request)
            except Exception:
                _logger.exception("the call was not summed up")
                self.composition.end_later(session.call_id, request)
        return await end_without_orchestrator(
            session.campaign,
            session.call_id,
            session.dialogue_state,
            reason,
            told=tuple(session.unsynced.values()),
            now=self.composition.clock.now(),
            analyzer=self.composition.analyzer,
        )
