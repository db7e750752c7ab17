"""The messages of GatewayAdminService: what is the gateway's own in them."""

from callwright.voice_gateway.v1 import voice_gateway_pb2 as pb
from callwright_common.breaker import BreakerState
from callwright_common.rpc.enum_codec import EnumCodec
from callwright_common.rpc.wire import to_duration, to_timestamp
from vocabulary.call_events import TurnRecorded
from vocabulary.enums import AGENTS, TIERS, WORKFLOW_STATES, Tier
from voice_gateway.conversation.call_session import CallSession, SyncStatus
from voice_gateway.dependencies.degradation import DegradationLevel, Dependency

BREAKER_STATES = EnumCodec(BreakerState, pb.BreakerState, "BREAKER_STATE_")
DEGRADATION_LEVELS = EnumCodec(DegradationLevel, pb.DegradationLevel, "DEGRADATION_LEVEL_")
DEPENDENCIES = EnumCodec(Dependency, pb.Dependency, "DEPENDENCY_")
SYNC_STATUSES = EnumCodec(SyncStatus, pb.SyncStatus, "SYNC_STATUS_")

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
    turns = [*session.turns, *playing][-_MAX_TURNS:] if with_turns else []
    return pb.LiveCall(
        call_id=session.call_id,
        twilio_call_sid=session.twilio_call_sid,
        campaign_id=session.campaign.id,
        start_time=to_timestamp(session.started_at),
        agent=AGENTS.to_proto(session.current_agent),
        state=WORKFLOW_STATES.to_proto(session.workflow_state),
        tier=TIERS.to_proto(session.tier),
        score=session.score.to_proto() if session.score else None,
        turn_count=session.turn_count,
        turns=[_live_turn(turn) for turn in turns],
        integration=pb.Integration(
            enabled=session.integration_enabled,
            sync_status=SYNC_STATUSES.to_proto(session.integration.sync_status),
            last_sync_time=to_timestamp(session.last_state_sync) if session.last_state_sync else None,
            error_count=session.integration.error_count,
            fallback_active=session.integration.fallback_active,
        ),
    )


def _live_turn(recorded: TurnRecorded) -> pb.LiveTurn:
    first_audio = recorded.latency.first_audio
    return pb.LiveTurn(
        turn=recorded.turn.to_proto(),
        agent=AGENTS.to_proto(recorded.agent),
        tier=TIERS.to_proto(recorded.tier),
        first_audio=None if first_audio is None else to_duration(first_audio),
    )
