"""What the orchestrator counts; every label comes from a closed set."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from callwright_common.chat_models.failures import ModelFailures
from callwright_common.metrics import LATENCY_BUCKETS


class OrchestratorMetrics:
    """The counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.turns = Counter(
            "callwright_workflow_turns_total", "Turns by agent and end", ["agent", "outcome"], registry=registry
        )
        self.turns_running = Gauge("callwright_workflow_turns_running", "Turns in work", registry=registry)
        self.transitions = Counter(
            "callwright_workflow_transitions_total", "Changes of the agent", ["to_agent", "trigger"], registry=registry
        )
        self.first_text_seconds = Histogram(
            "callwright_workflow_first_text_seconds",
            "Time from a turn's arrival to its first words",
            ["provider"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.step_seconds = Histogram(
            "callwright_workflow_step_seconds",
            "Time that deciding who answers took, and the analysis after speech",
            ["step"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self.model_tokens = Counter(
            "callwright_model_tokens_total",
            "Tokens that models read and wrote, as their providers count",
            ["provider", "direction"],
            registry=registry,
        )
        self.model_failures = ModelFailures(registry)
        self.bookings = Counter(
            "callwright_booking_attempts_total", "Attempts to book a slot", ["outcome"], registry=registry
        )
        self.contexts_rebuilt = Counter(
            "callwright_contexts_rebuilt_total",
            "Contexts rebuilt from a gateway's mirror: from the dialogue's state, or from what was said alone",
            ["source"],
            registry=registry,
        )
