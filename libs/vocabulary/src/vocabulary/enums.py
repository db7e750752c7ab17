"""The closed sets of a conversation.

A member's value is its word in the tables, in records and in metrics. `UNKNOWN` stands for what a newer build wrote and
is never sent. The five factors are the campaign's own.
"""

from enum import StrEnum

from callwright.conversation.v1 import conversation_pb2 as conversation
from callwright.persistence.v1 import persistence_pb2 as persistence
from callwright.voice_gateway.v1 import voice_gateway_pb2 as gateway
from callwright_common.campaign import Factor
from callwright_common.rpc.enum_codec import EnumCodec


class Agent(StrEnum):
    """The agent that speaks, a node of the workflow graph."""

    CONVERSATION = "conversation"
    QUALIFICATION = "qualification"
    OBJECTION_HANDLER = "objection_handler"
    SCHEDULER = "scheduler"
    HANDOFF = "handoff"
    UNKNOWN = "unknown"


class WorkflowState(StrEnum):
    """The stage of the conversation."""

    INITIALIZING = "initializing"
    GREETING = "greeting"
    QUALIFYING = "qualifying"
    HANDLING_OBJECTION = "handling_objection"
    SCHEDULING = "scheduling"
    CLOSING = "closing"
    HANDING_OFF = "handing_off"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Tier(StrEnum):
    """The voice tier of a call."""

    STANDARD = "standard"
    PREMIUM = "premium"
    UNKNOWN = "unknown"


class ReplySource(StrEnum):
    """Who made the words of a reply."""

    ORCHESTRATOR = "orchestrator"
    DIRECT_MODEL = "direct_model"
    PROMPT = "prompt"
    RULES = "rules"
    UNKNOWN = "unknown"


class Expectation(StrEnum):
    """What a reply asks the caller for."""

    ANSWER = "answer"
    SLOT_CHOICE = "slot_choice"
    SLOT_CONFIRMATION = "slot_confirmation"
    ANYTHING_ELSE = "anything_else"
    CALLBACK_OFFER = "callback_offer"
    CALLBACK_TIME = "callback_time"
    MOVE_ON = "move_on"
    HUMAN_OFFER = "human_offer"
    DAY_OR_LEAVE = "day_or_leave"
    OPT_OUT_CHECK = "opt_out_check"
    WRONG_PERSON_CHECK = "wrong_person_check"
    CANCELLATION_CHECK = "cancellation_check"
    CONTACT_DETAIL = "contact_detail"
    CALLER_NUMBER_OFFER = "caller_number_offer"
    CONTACT_CONFIRMATION = "contact_confirmation"
    CALL_OR_APPOINTMENT = "call_or_appointment"
    ANOTHER_DAY = "another_day"


class TransitionTrigger(StrEnum):
    """Why an agent took over."""

    CALL_STARTED = "call_started"
    SILENCE = "silence"
    KEYS_PRESSED = "keys_pressed"
    SMALL_TALK = "small_talk"
    LEAD_ENGAGED = "lead_engaged"
    LEAD_QUALIFIED = "lead_qualified"
    NOT_QUALIFIED = "not_qualified"
    OBJECTION_RAISED = "objection_raised"
    APPOINTMENT_PROMISED = "appointment_promised"
    APPOINTMENT_REQUESTED = "appointment_requested"
    SLOT_DISCUSSED = "slot_discussed"
    APPOINTMENT_CHANGED = "appointment_changed"
    APPOINTMENT_DECLINED = "appointment_declined"
    CALLBACK_TIME_GIVEN = "callback_time_given"
    CALLBACK_ANSWERED = "callback_answered"
    POSTPONED = "postponed"
    HUMAN_REQUESTED = "human_requested"
    SUPPORT_REQUESTED = "support_requested"
    DO_NOT_CALL = "do_not_call"
    ABUSE = "abuse"
    WRONG_NUMBER = "wrong_number"
    VOICEMAIL = "voicemail"
    OFF_TOPIC = "off_topic"
    OTHER_MATTER = "other_matter"
    OTHER_LANGUAGE = "other_language"
    REFUSED = "refused"
    GOODBYE = "goodbye"
    CLOSING = "closing"
    NOT_UNDERSTOOD = "not_understood"
    REPEAT_REQUESTED = "repeat_requested"
    WAIT_REQUESTED = "wait_requested"
    DOUBTED = "doubted"
    CONTACT_DISCUSSED = "contact_discussed"
    UNKNOWN = "unknown"


class EndReason(StrEnum):
    """Why a call ended, or is to end."""

    AGENT_GOODBYE = "agent_goodbye"
    CALLER_HUNG_UP = "caller_hung_up"
    TRANSFERRED = "transferred"
    SILENCE = "silence"
    MAX_DURATION = "max_duration"
    NO_MEDIA = "no_media"
    OPERATOR = "operator"
    DRAIN_TIMEOUT = "drain_timeout"
    GATEWAY_LOST = "gateway_lost"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """What came of a call."""

    BOOKED = "booked"
    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    TRANSFERRED = "transferred"
    DECLINED = "declined"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


class EscalationOutcome(StrEnum):
    """What came of a wish to change the voice tier."""

    SWITCHED = "switched"
    DENIED_CALL_LIMIT = "denied_call_limit"
    DENIED_CAMPAIGN_LIMIT = "denied_campaign_limit"
    DENIED_GLOBAL_LIMIT = "denied_global_limit"
    BUDGET_UNAVAILABLE = "budget_unavailable"
    VOICE_FAILED = "voice_failed"
    LEASE_ENDED = "lease_ended"
    UNKNOWN = "unknown"


class CallDirection(StrEnum):
    """Who called whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    UNKNOWN = "unknown"


class CallStatus(StrEnum):
    """Whether a call goes on."""

    IN_PROGRESS = "in_progress"
    ENDED = "ended"
    UNKNOWN = "unknown"


class LossReason(StrEnum):
    """Why an event could not be delivered."""

    DAMAGED = "damaged"
    REFUSED = "refused"
    NO_ROOM = "no_room"
    UNKNOWN = "unknown"


class SyncStatus(StrEnum):
    """Whether the orchestrator knows what happened on the line."""

    SYNCED = "synced"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"


FACTORS = EnumCodec(Factor, conversation.Factor, "FACTOR_")
AGENTS = EnumCodec(Agent, conversation.Agent, "AGENT_")
WORKFLOW_STATES = EnumCodec(WorkflowState, conversation.WorkflowState, "WORKFLOW_STATE_")
TIERS = EnumCodec(Tier, conversation.Tier, "TIER_")
REPLY_SOURCES = EnumCodec(ReplySource, conversation.ReplySource, "REPLY_SOURCE_")
EXPECTATIONS = EnumCodec(Expectation, conversation.Expectation, "EXPECTATION_")
TRANSITION_TRIGGERS = EnumCodec(TransitionTrigger, conversation.TransitionTrigger, "TRANSITION_TRIGGER_")
END_REASONS = EnumCodec(EndReason, conversation.EndReason, "END_REASON_")
OUTCOMES = EnumCodec(Outcome, conversation.Outcome, "OUTCOME_")
ESCALATION_OUTCOMES = EnumCodec(EscalationOutcome, conversation.EscalationOutcome, "ESCALATION_OUTCOME_")
CALL_DIRECTIONS = EnumCodec(CallDirection, persistence.CallDirection, "CALL_DIRECTION_")
CALL_STATUSES = EnumCodec(CallStatus, persistence.CallStatus, "CALL_STATUS_")
LOSS_REASONS = EnumCodec(LossReason, persistence.LossReason, "LOSS_REASON_")
SYNC_STATUSES = EnumCodec(SyncStatus, gateway.SyncStatus, "SYNC_STATUS_")
