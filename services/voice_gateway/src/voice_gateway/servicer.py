"""GatewayAdminService: operates the calls that this gateway carries."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from callwright.voice_gateway.v1 import voice_gateway_pb2 as pb
from callwright.voice_gateway.v1 import voice_gateway_pb2_grpc as pb_grpc
from callwright_common.errors import FailedPreconditionError, NotFoundError
from callwright_common.rpc.deadlines import remaining
from callwright_common.rpc.validation import page_size, require_id
from vocabulary.enums import EndReason, EscalationOutcome, Tier
from vocabulary.exchange import EscalationRecommendation
from vocabulary.turns import Transfer
from voice_gateway.calls.call_composition import FeatureFlags
from voice_gateway.calls.live_calls import CarriedCall, LiveCalls
from voice_gateway.dependencies.degradation import Degradation
from voice_gateway.wire import BREAKER_STATES, DEGRADATION_LEVELS, DEPENDENCIES, live_call, required_tier

SERVICE_NAME = "callwright.voice_gateway.v1.GatewayAdminService"

_DEADLINE_MARGIN_SECONDS = 0.25
_WATCH_IDLE_SECONDS = 1.0


class GatewayAdminServicer(pb_grpc.GatewayAdminServiceServicer):
    """Answers operators."""

    def __init__(self, live_calls: LiveCalls, flags: FeatureFlags, degradation: Degradation) -> None:
        self._live_calls = live_calls
        self._flags = flags
        self._degradation = degradation

    async def ListLiveCalls(self, request: pb.ListLiveCallsRequest, context: Any) -> pb.ListLiveCallsResponse:
        """Lists the calls, oldest first, without their turns."""
        size = page_size("page_size", request.page_size)
        # Ids sort by the time they were made, so a page goes on behind the last id of the one before.
        after = require_id("page_token", request.page_token) if request.page_token else ""
        sessions = [call.session for call in self._live_calls.all() if call.session.call_id > after]
        page = sorted(sessions, key=lambda session: session.call_id)[: size + 1]
        return pb.ListLiveCallsResponse(
            calls=[live_call(session, with_turns=False) for session in page[:size]],
            next_page_token=page[size - 1].call_id if len(page) > size else "",
        )

    async def GetLiveCall(self, request: pb.GetLiveCallRequest, context: Any) -> pb.GetLiveCallResponse:
        """Reads one call with its last turns."""
        return pb.GetLiveCallResponse(call=live_call(self._call(request.call_id).session, with_turns=True))

    async def WatchLiveCall(
        self, request: pb.WatchLiveCallRequest, context: Any
    ) -> AsyncIterator[pb.WatchLiveCallResponse]:
        """Sends the call now and after each change, until it ends."""
        session = self._call(request.call_id).session
        sent: bytes = b""
        while True:
            ended = session.ended
            call = live_call(session, with_turns=True)
            if (encoded := call.SerializeToString(deterministic=True)) != sent:
                sent = encoded
                yield pb.WatchLiveCallResponse(call=call)
            if ended:
                return
            try:
                async with asyncio.timeout(_WATCH_IDLE_SECONDS):
                    await session.wait_changed()
            except TimeoutError:
                continue

    async def SwitchTier(self, request: pb.SwitchTierRequest, context: Any) -> pb.SwitchTierResponse:
        """Asks for another tier from the next reply on."""
        tier = required_tier(request)
        call = self._call(request.call_id)
        if tier is Tier.STANDARD:
            call.premium_voice.step_down(EscalationOutcome.SWITCHED)
        else:
            score = call.session.score
            wish = EscalationRecommendation(True, score.overall if score else 0.0, trigger_agent=None)
            if not await call.premium_voice.consider(wish, "", by_operator=True):
                raise FailedPreconditionError("TIER_REFUSED", "the premium voice was not granted")
        return pb.SwitchTierResponse()

    async def EndCall(self, request: pb.EndCallRequest, context: Any) -> pb.EndCallResponse:
        """Says goodbye and hangs up once it was heard."""
        conversation = self._call(request.call_id).conversation
        goodbye = conversation.session.campaign.prompts.goodbye
        conversation.spawn(conversation.end_with(EndReason.OPERATOR, goodbye), "end by operator")
        return pb.EndCallResponse()

    async def TransferCall(self, request: pb.TransferCallRequest, context: Any) -> pb.TransferCallResponse:
        """Announces a colleague and passes the call on once that was heard."""
        conversation = self._call(request.call_id).conversation
        handoff = conversation.session.campaign.handoff
        if not handoff.number:
            raise FailedPreconditionError("NO_HANDOFF_NUMBER", "the campaign names no number for transfers")
        announce = conversation.say_prompt(handoff.announce, Transfer())
        conversation.spawn(announce, "transfer by operator")
        return pb.TransferCallResponse()

    async def SetFeatureFlags(self, request: pb.SetFeatureFlagsRequest, context: Any) -> pb.SetFeatureFlagsResponse:
        """Changes the flags that new calls begin with."""
        if request.HasField("enable_agent_integration"):
            self._flags.enable_agent_integration = request.enable_agent_integration
        if request.HasField("enable_tier_escalation"):
            self._flags.enable_tier_escalation = request.enable_tier_escalation
        return pb.SetFeatureFlagsResponse(
            enable_agent_integration=self._flags.enable_agent_integration,
            enable_tier_escalation=self._flags.enable_tier_escalation,
        )

    async def GetDegradation(self, request: pb.GetDegradationRequest, context: Any) -> pb.GetDegradationResponse:
        """Tells the level and the breakers behind it."""
        return pb.GetDegradationResponse(
            level=DEGRADATION_LEVELS.to_proto(self._degradation.level()),
            dependencies=[
                pb.DependencyHealth(
                    dependency=DEPENDENCIES.to_proto(dependency), breaker=BREAKER_STATES.to_proto(state)
                )
                for dependency, state in self._degradation.states().items()
            ],
        )

    async def Drain(self, request: pb.DrainRequest, context: Any) -> pb.DrainResponse:
        """Takes no new calls and waits for those that run."""
        self._live_calls.draining = True
        time_left = remaining()
        try:
            async with asyncio.timeout(None if time_left is None else max(0.0, time_left - _DEADLINE_MARGIN_SECONDS)):
                await self._live_calls.wait_empty()
        except TimeoutError:
            return pb.DrainResponse(remaining_call_count=len(self._live_calls))
        return pb.DrainResponse()

    def _call(self, call_id: str) -> CarriedCall:
        call = self._live_calls.get(require_id("call_id", call_id))
        if call is None:
            raise NotFoundError("CALL_NOT_LIVE", "this gateway does not carry the call")
        return call
