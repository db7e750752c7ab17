"""Changes of the agent who speaks, whoever answers the turn."""

from dataclasses import dataclass

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
        """Notes that another agent took over: in the call, in its record and in the metrics."""
        self.session.current_agent = transition.to_agent
        self.session.agent_transition_history.append(transition)
        self.recorder.record(AgentTransitioned(transition))
        self.metrics.transitions.labels(to_agent=transition.to_agent).inc()
