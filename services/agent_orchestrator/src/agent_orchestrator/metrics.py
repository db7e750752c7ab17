"""What the orchestrator counts; every label comes from a closed set."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from callwright_common.chat_models import ChatProvider, TokenCount
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.metrics import LATENCY_BUCKETS


class OrchestratorMetrics:
    """The counters of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        counter = partial(Counter, registry=registry)
        seconds = partial(Histogram, buckets=LATENCY_BUCKETS, registry=registry)
        self.turns = counter("callwright_workflow_turns_total", "Turns by agent and end", ["agent", "outcome"])
        self.turns_running = Gauge("callwright_workflow_turns_running", "Turns in work", registry=registry)
        self.transitions = counter(
            "callwright_workflow_transitions_total", "Changes of the agent", ["to_agent", "trigger"]
        )
        self.first_text_seconds = seconds(
            "callwright_workflow_first_text_seconds", "Time from a turn's arrival to its first words", ["provider"]
        )
        self.step_seconds = seconds(
            "callwright_workflow_step_seconds",
            "Time that deciding who answers took, and the scoring after speech",
            ["step"],
        )
        self.model_tokens = counter(
            "callwright_model_tokens_total",
            "Tokens that models read and wrote, as their providers count",
            ["provider", "direction"],
        )
        self.model_failures = ModelFailures(registry)
        self.bookings = counter(
            "callwright_booking_attempts_total", "Attempts to book a slot, or to cancel a booking", ["outcome"]
        )
        self.contexts_rebuilt = counter(
            "callwright_contexts_rebuilt_total",
            "Contexts rebuilt from a gateway's mirror: from the dialogue's state, or from what was said alone",
            ["source"],
        )

    def count_tokens(self, provider: ChatProvider, tokens: TokenCount) -> None:
        """Counts what a model read and wrote."""
        self.model_tokens.labels(provider=provider, direction="input").inc(tokens.input_tokens)
        self.model_tokens.labels(provider=provider, direction="output").inc(tokens.output_tokens)
