"""Changes of the agent who speaks, whoever answers the turn."""

from dataclasses import dataclass, replace

from vocabulary.call_events import AgentTransitioned
from vocabulary.turns import AgentTransition
from voice_gateway.conversation.call_session import CallSession
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.records.recorder import CallEventRecorder


@dataclass(frozen=True, slots=True)
class Transitions:
    """Notes the changes of one call."""

    session: CallSession
    recorder: CallEventRecorder
    metrics: GatewayMetrics

    def note(self, transition: AgentTransition) -> None:
        """Notes that another agent took over: in the call, in its record and in the metrics.

        Each change begins at the agent whom the one before led to. Whoever has not stored a turn that the caller heard
        tells its change again, or goes on from before it.
        """
        history = self.session.agent_transition_history
        self.session.current_agent = transition.to_agent
        if history:
            transition = replace(transition, from_agent=history[-1].to_agent)
        if transition.from_agent is transition.to_agent:
            return
        history.append(transition)
        self.recorder.record(AgentTransitioned(transition))
        self.metrics.transitions.labels(to_agent=transition.to_agent).inc()
