"""What the voice gateway counts and times."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from callwright_common.breaker import BreakerState
from callwright_common.metrics import LATENCY_BUCKETS
from vocabulary.enums import Agent, EndReason, EscalationOutcome, ReplySource, Tier
from voice_gateway.dependencies.degradation import DegradationLevel, Dependency

_KNOWN_FALLBACKS = frozenset(
    {
        "first_words_late",
        "reply_stalled",
        "turn_late",
        "stream_ended",
        "empty_reply",
        "breaker_open",
        "unavailable",
        "deadline_exceeded",
        "revision_mismatch",
        "invalid_field",
        "too_many_requests",
        "context_store_unavailable",
        "internal",
    }
)


class GatewayMetrics:
    """The service's metrics; labels come from closed sets."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._live = Gauge("callwright_live_calls", "Calls that are carried now", registry=registry)
        self._calls = Counter("callwright_calls_total", "Calls that ended", ["end_reason"], registry=registry)
        self._refused = Counter("callwright_calls_refused_total", "Calls not taken", ["reason"], registry=registry)
        self._webhooks = Counter(
            "callwright_webhooks_total", "Webhooks by kind and outcome", ["kind", "outcome"], registry=registry
        )
        self._campaigns = Counter(
            "callwright_campaign_choices_total", "Calls by what chose their campaign", ["by"], registry=registry
        )
        self._turns = Counter("callwright_turns_total", "Turns by source of the reply", ["source"], registry=registry)
        self._first_text = Histogram(
            "callwright_first_text_seconds",
            "From asking for a reply to its first words",
            ["source"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._first_audio = Histogram(
            "callwright_first_audio_seconds",
            "From the end of the caller's speech to the first audio",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._fallbacks = Counter(
            "callwright_fallbacks_total", "Turns that the orchestrator did not answer", ["reason"], registry=registry
        )
        self._transitions = Counter(
            "callwright_agent_transitions_total", "Changes of the agent", ["to_agent"], registry=registry
        )
        self._sync_failures = Counter("callwright_sync_failures_total", "Resyncs that failed", registry=registry)
        self._escalations = Counter(
            "callwright_tier_escalations_total", "Decisions about the voice tier", ["outcome"], registry=registry
        )
        self._breaker = Gauge(
            "callwright_breaker_open", "1 while a breaker is not closed", ["dependency"], registry=registry
        )
        self._trips = Counter("callwright_breaker_trips_total", "Times it opened", ["dependency"], registry=registry)
        self._level = Gauge("callwright_degradation_level", "1 full, 2 partial, 3 minimal, 4 static", registry=registry)
        self._spool_records = Gauge("callwright_spool_memory_records", "Events not yet on the disk", registry=registry)
        self._spool_bytes = Gauge("callwright_spool_bytes", "Events not yet delivered", registry=registry)
        self._delivered = Counter("callwright_events_delivered_total", "Events stored", registry=registry)
        self._lost = Counter(
            "callwright_call_events_lost_total", "Events that did not arrive", ["reason"], registry=registry
        )
        self._spool_failures = Counter("callwright_spool_failures_total", "Failed work on the disk", registry=registry)
        self._bad_frames = Counter(
            "callwright_bad_frames_total", "Unusable messages from the phone side", ["kind"], registry=registry
        )
        self._underruns = Counter("callwright_underruns_total", "Gaps inside a reply", registry=registry)
        self._barge_ins = Counter("callwright_barge_ins_total", "Caller over agent", ["outcome"], registry=registry)
        self._clear = Histogram(
            "callwright_barge_in_clear_seconds",
            "From the caller's voice to clear on the wire",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._transcription = Histogram(
            "callwright_transcription_seconds",
            "Time a transcription took",
            ["outcome"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._synthesis = Histogram(
            "callwright_synthesis_first_byte_seconds",
            "From a sentence to its first audio",
            ["tier", "cached"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._speech_failures = Counter(
            "callwright_speech_failures_total", "Sentences without audio", ["tier", "reason"], registry=registry
        )

    # The web side.

    def webhook(self, kind: str, outcome: str) -> None:
        """Counts a webhook."""
        self._webhooks.labels(kind=kind, outcome=outcome).inc()

    def refused(self, reason: str) -> None:
        """Counts a call that was not taken."""
        self._refused.labels(reason=reason).inc()

    def campaign_chosen(self, by: str) -> None:
        """Counts a call by what chose its campaign."""
        self._campaigns.labels(by=by).inc()

    # Calls and turns.

    def call_started(self) -> None:
        """Counts a call in."""
        self._live.inc()

    def call_ended(self, end_reason: EndReason) -> None:
        """Counts a call out."""
        self._live.dec()
        self._calls.labels(end_reason=end_reason).inc()

    def turn(self, source: ReplySource, first_audio: float | None) -> None:
        """Counts a turn that is over."""
        self._turns.labels(source=source).inc()
        if first_audio is not None:
            self._first_audio.observe(first_audio)

    def fallback(self, reason: str) -> None:
        """Counts a turn that the orchestrator did not answer."""
        self._fallbacks.labels(reason=reason if reason in _KNOWN_FALLBACKS else "other").inc()

    def first_text(self, source: ReplySource, seconds: float) -> None:
        """Times the first words of a reply."""
        self._first_text.labels(source=source).observe(seconds)

    def transition(self, to_agent: Agent) -> None:
        """Counts a change of the agent."""
        self._transitions.labels(to_agent=to_agent).inc()

    def sync_failed(self) -> None:
        """Counts a resync that failed."""
        self._sync_failures.inc()

    def escalation(self, outcome: EscalationOutcome) -> None:
        """Counts a decision about the voice tier."""
        self._escalations.labels(outcome=outcome).inc()

    # Dependencies.

    def breaker_changed(self, dependency: Dependency, state: BreakerState) -> None:
        """Shows a breaker's new state."""
        self._breaker.labels(dependency=dependency).set(0 if state is BreakerState.CLOSED else 1)
        if state is BreakerState.OPEN:
            self._trips.labels(dependency=dependency).inc()

    def degradation(self, level: DegradationLevel) -> None:
        """Shows the level."""
        self._level.set(level.rank)

    # The spool.

    def spool_waiting(self, records: int, size_bytes: int) -> None:
        """Shows what is not delivered."""
        self._spool_records.set(records)
        self._spool_bytes.set(size_bytes)

    def events_delivered(self, count: int) -> None:
        """Counts events that the service stored."""
        self._delivered.inc(count)

    def event_lost(self, reason: str) -> None:
        """Counts an event that did not arrive."""
        self._lost.labels(reason=reason).inc()

    def spool_failed(self) -> None:
        """Counts an attempt at the disk that failed."""
        self._spool_failures.inc()

    # The media side.

    def bad_frame(self, kind: str) -> None:
        """Counts an unusable message from the phone side."""
        self._bad_frames.labels(kind=kind).inc()

    def underrun(self) -> None:
        """Counts a gap in a reply."""
        self._underruns.inc()

    def barge_in(self, outcome: str, seconds: float) -> None:
        """Counts the caller's voice over the agent's."""
        self._barge_ins.labels(outcome=outcome).inc()
        self._clear.observe(seconds)

    def transcribed(self, outcome: str, seconds: float) -> None:
        """Times a transcription."""
        self._transcription.labels(outcome=outcome).observe(seconds)

    def speech_first_byte(self, tier: Tier, *, cached: bool, seconds: float) -> None:
        """Times the first audio of a sentence."""
        self._synthesis.labels(tier=tier, cached=str(cached).lower()).observe(seconds)

    def speech_failed(self, tier: Tier, reason: str) -> None:
        """Counts a sentence for which a voice gave no audio."""
        self._speech_failures.labels(tier=tier, reason=reason).inc()
