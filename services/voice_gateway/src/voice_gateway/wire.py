"""The messages of GatewayAdminService: what is the gateway's own in them."""

from typing import cast

from callwright.voice_gateway.v1 import voice_gateway_pb2 as pb
from callwright_common.breaker import BreakerState
from callwright_common.rpc.enum_codec import EnumCodec
from vocabulary.enums import TIERS, Tier
from vocabulary.live_call import Integration, LiveCall
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.dependencies.degradation import DegradationLevel, Dependency

BREAKER_STATES = EnumCodec(BreakerState, pb.BreakerState, "BREAKER_STATE_")
DEGRADATION_LEVELS = EnumCodec(DegradationLevel, pb.DegradationLevel, "DEGRADATION_LEVEL_")
DEPENDENCIES = EnumCodec(Dependency, pb.Dependency, "DEPENDENCY_")

_MAX_TURNS = 50


def required_tier(request: pb.SwitchTierRequest) -> Tier:
    """Returns the tier that an operator asks for.

    Raises:
        InvalidArgumentError: if it is unspecified or unknown.
    """
    return TIERS.requested("tier", request.tier)


def live_call(session: CallSession, *, with_turns: bool) -> pb.LiveCall:
    """Returns a call as operators see it."""
    playing = [] if session.playing is None else [session.playing]
    call = LiveCall(
        call_id=session.call_id,
        twilio_call_sid=session.twilio_call_sid,
        campaign_id=session.campaign.id,
        start_time=session.started_at,
        agent=session.current_agent,
        state=session.workflow_state,
        tier=session.tier,
        score=session.score,
        turn_count=session.turn_count,
        turns=tuple([*session.turns, *playing][-_MAX_TURNS:]) if with_turns else (),
        integration=Integration(
            enabled=session.integration_enabled,
            sync_status=session.integration.sync_status,
            last_sync_time=session.last_state_sync,
            error_count=session.integration.error_count,
            fallback_active=session.integration.fallback_active,
        ),
    )
    return cast("pb.LiveCall", call.to_proto())
