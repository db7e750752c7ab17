"""Conversions between the contract's messages and the orchestrator's values."""

from agent_orchestrator.call_context import CallContext, TokenUsage, TurnTimings
from agent_orchestrator.context_codec import encode_context
from agent_orchestrator.conversation import (
    Booking,
    CallAction,
    EndOfCall,
    ReplySource,
    Tier,
    Transfer,
    Transition,
    TurnRecord,
)
from agent_orchestrator.escalation import EscalationRecommendation
from agent_orchestrator.events import ActionWanted, AgentChosen, ReplyPiece, ReplySpoken, TurnDone, TurnEvent
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2 as pb
from callwright.conversation.v1 import conversation_pb2 as conv
from callwright_common.wire import to_duration, to_timestamp
from dialogue import Agent, Evidence, Fact, Qualification, WorkflowState

AGENTS = {agent: conv.Agent.Value(f"AGENT_{agent.name}") for agent in Agent}
STATES = {state: conv.WorkflowState.Value(f"WORKFLOW_STATE_{state.name}") for state in WorkflowState}
TIERS = {tier: conv.Tier.Value(f"TIER_{tier.name}") for tier in Tier}
SOURCES = {source: conv.ReplySource.Value(f"REPLY_SOURCE_{source.name}") for source in ReplySource}
_TURNS_AFTER_EACH_REPLY = 4
"""The gateway knows the history itself; a few turns suffice to look at, and the snapshot holds the rest."""


def to_response(event: TurnEvent) -> pb.ProcessTurnResponse:
    """Returns the message that tells an event of a turn."""
    match event:
        case AgentChosen(transition):
            return pb.ProcessTurnResponse(agent_transition=_to_transition(transition))
        case ReplyPiece(text):
            return pb.ProcessTurnResponse(text_delta=pb.TextDelta(text=text))
        case ReplySpoken(text):
            return pb.ProcessTurnResponse(speech_completed=pb.SpeechCompleted(text=text))
        case ActionWanted(action):
            return pb.ProcessTurnResponse(call_action=_to_call_action(action))
        case TurnDone():
            return pb.ProcessTurnResponse(turn_completed=_to_turn_completed(event))


def to_end_response(context: CallContext, score: Qualification) -> pb.EndCallResponse:
    """Returns how an ended call is summed up."""
    response = pb.EndCallResponse(score=to_score(score))
    if context.outcome is not None:
        response.outcome, response.summary = context.outcome.outcome, context.outcome.summary
    return response


def to_workflow_context(context: CallContext, score: Qualification, *, turns: int) -> conv.WorkflowContext:
    """Returns the context with its last turns as everybody may see it, and the snapshot."""
    message = conv.WorkflowContext(
        call_id=context.call_id,
        revision=context.revision,
        agent=AGENTS[context.dialogue.agent],
        state=STATES[context.dialogue.workflow_state],
        facts=[_to_fact(fact) for fact in context.dialogue.facts.values()],
        score=to_score(score),
        last_turn_id=context.last_turn_id,
        history=[_to_record(record) for record in context.history[-turns:]],
        campaign_id=context.campaign_id,
        snapshot=encode_context(context),
    )
    if context.booking is not None:
        message.booking.CopyFrom(to_booking(context.booking))
    return message


def to_score(score: Qualification) -> conv.QualificationScore:
    """Returns the score with its five factors."""
    return conv.QualificationScore(
        overall=score.overall,
        factors=[
            conv.FactorScore(
                factor=conv.Factor.Value(f"FACTOR_{one.factor.upper()}"),
                value=one.value,
                confidence=one.confidence,
                weight=one.weight,
                evidence=[_to_evidence(evidence) for evidence in one.evidence],
            )
            for one in score.factors
        ],
        threshold=score.threshold,
    )


def to_booking(booking: Booking) -> conv.Booking:
    """Returns the appointment."""
    return conv.Booking(
        booking_id=booking.booking_id,
        slot_id=booking.slot_id,
        call_id=booking.call_id,
        campaign_id=booking.campaign_id,
        start_time=to_timestamp(booking.start_time),
        end_time=to_timestamp(booking.end_time),
        create_time=to_timestamp(booking.create_time),
    )


def _to_transition(transition: Transition) -> conv.AgentTransition:
    message = conv.AgentTransition(
        to_agent=AGENTS[transition.to_agent],
        occur_time=to_timestamp(transition.occur_time),
        trigger=transition.trigger,
        context_preserved=True,
        duration=to_duration(transition.seconds),
        turn_id=transition.turn_id,
    )
    if transition.from_agent is not None:
        message.from_agent = AGENTS[transition.from_agent]
    return message


def _to_call_action(action: CallAction) -> pb.CallAction:
    match action:
        case Transfer():
            return pb.CallAction(transfer=pb.TransferAction(reason=action.reason))
        case EndOfCall():
            return pb.CallAction(end_call=pb.EndCallAction(reason=action.reason))
        case Booking():
            return pb.CallAction(booking=pb.BookingAction(booking=to_booking(action)))


def _to_turn_completed(done: TurnDone) -> pb.TurnCompleted:
    return pb.TurnCompleted(
        context=to_workflow_context(done.context, done.score, turns=_TURNS_AFTER_EACH_REPLY),
        escalation=_to_escalation(done.turn.escalation),
        timings=_to_timings(done.turn.timings),
        usage=_to_usage(done.turn.usage),
        replayed=done.replayed,
    )


def _to_fact(fact: Fact) -> conv.CapturedFact:
    return conv.CapturedFact(
        name=fact.name,
        value=fact.value,
        confidence=fact.confidence,
        evidence=conv.Evidence(turn_id=fact.turn_id, quote=fact.quote),
    )


def _to_evidence(evidence: Evidence) -> conv.Evidence:
    return conv.Evidence(turn_id=evidence.turn_id, quote=evidence.quote)


def _to_record(record: TurnRecord) -> conv.TurnRecord:
    return conv.TurnRecord(
        turn_id=record.turn_id,
        caller_text=record.caller_text,
        reply_text=record.reply_text,
        heard_text=record.heard_text,
        source=SOURCES[record.source],
        interrupted=record.interrupted,
        occur_time=to_timestamp(record.occur_time),
    )


def _to_escalation(escalation: EscalationRecommendation) -> pb.EscalationRecommendation:
    return pb.EscalationRecommendation(
        recommended=escalation.recommended,
        score=escalation.score,
        threshold=escalation.threshold,
        trigger_agent=AGENTS[escalation.trigger_agent],
        warm_up=escalation.warm_up,
    )


def _to_timings(timings: TurnTimings) -> pb.TurnTimings:
    return pb.TurnTimings(
        load=to_duration(timings.load),
        route=to_duration(timings.route),
        first_text=to_duration(timings.first_text),
        speech=to_duration(timings.speech),
        analysis=to_duration(timings.analysis),
        total=to_duration(timings.total),
    )


def _to_usage(usage: TokenUsage) -> pb.TokenUsage:
    return pb.TokenUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        provider=usage.provider,
        model=usage.model,
    )
