"""What the voice gateway counts and times."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from callwright_common.breaker import BreakerState
from callwright_common.metrics import LATENCY_BUCKETS
from vocabulary.enums import ReplySource
from voice_gateway.dependencies.degradation import Dependency


class GatewayMetrics:
    """The service's metrics; labels come from closed sets, and no call id is one."""

    def __init__(self, registry: CollectorRegistry) -> None:
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        timer = partial(Histogram, buckets=LATENCY_BUCKETS, registry=registry)

        self.webhooks = counter("callwright_webhooks_total", "Webhooks by kind and outcome", ["kind", "outcome"])
        self.calls_refused = counter("callwright_calls_refused_total", "Calls not taken", ["reason"])
        self.campaign_choices = counter(
            "callwright_campaign_choices_total", "Calls by what chose their campaign", ["by"]
        )
        self.live_calls = gauge("callwright_live_calls", "Calls that are carried now")
        self.calls = counter("callwright_calls_total", "Calls that ended", ["end_reason"])

        self._turns = counter("callwright_turns_total", "Turns by source of the reply", ["source"])
        self._first_audio = timer(
            "callwright_first_audio_seconds", "From the end of the caller's speech to the first audio"
        )
        self.first_text = timer(
            "callwright_first_text_seconds", "From asking for a reply to its first words", ["source"]
        )
        self.fallbacks = counter("callwright_fallbacks_total", "Turns that the orchestrator did not answer", ["reason"])
        self.transitions = counter("callwright_agent_transitions_total", "Changes of the agent", ["to_agent"])
        self.sync_failures = counter("callwright_sync_failures_total", "Resyncs that failed")
        self.escalations = counter("callwright_tier_escalations_total", "Decisions about the voice tier", ["outcome"])

        self._breaker_open = gauge("callwright_breaker_open", "1 while a breaker is not closed", ["dependency"])
        self._breaker_trips = counter("callwright_breaker_trips_total", "Times it opened", ["dependency"])
        self.degradation = gauge("callwright_degradation_level", "1 full, 2 partial, 3 minimal, 4 static")

        self.spool_records = gauge("callwright_spool_memory_records", "Events not yet on the disk")
        self.spool_bytes = gauge("callwright_spool_bytes", "Events not yet delivered")
        self.spool_failures = counter("callwright_spool_failures_total", "Failed work on the disk")
        self.events_delivered = counter("callwright_events_delivered_total", "Events stored")
        self.deliveries_failed = counter(
            "callwright_event_deliveries_failed_total", "Attempts while the store was away, by its answer", ["reason"]
        )
        self.events_lost = counter("callwright_call_events_lost_total", "Events that did not arrive", ["reason"])

        self.bad_frames = counter("callwright_bad_frames_total", "Unusable messages from the phone side", ["kind"])
        self.underruns = counter("callwright_underruns_total", "Gaps inside a reply")
        self.barge_ins = counter("callwright_barge_ins_total", "Caller over agent", ["outcome"])
        self.barge_in_clear = timer("callwright_barge_in_clear_seconds", "From the caller's voice to clear on the wire")
        self.transcription = timer("callwright_transcription_seconds", "Time a transcription took", ["outcome"])
        self.synthesis_first_byte = timer(
            "callwright_synthesis_first_byte_seconds", "From a sentence to its first audio", ["tier", "cached"]
        )
        self.speech_failures = counter(
            "callwright_speech_failures_total", "Sentences without audio", ["tier", "reason"]
        )

    def turn(self, source: ReplySource, first_audio: float | None) -> None:
        """Counts a turn that is over."""
        self._turns.labels(source=source).inc()
        if first_audio is not None:
            self._first_audio.observe(first_audio)

    def breaker_changed(self, dependency: Dependency, state: BreakerState) -> None:
        """Shows a breaker's new state."""
        self._breaker_open.labels(dependency=dependency).set(0 if state is BreakerState.CLOSED else 1)
        if state is BreakerState.OPEN:
            self._breaker_trips.labels(dependency=dependency).inc()
