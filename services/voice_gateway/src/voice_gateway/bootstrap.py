"""Builds the voice gateway from its settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import grpc

from callwright.voice_gateway.v1.voice_gateway_pb2_grpc import add_GatewayAdminServiceServicer_to_server
from callwright_common.addresses import listening
from callwright_common.backlog import Backlog
from callwright_common.breaker import BreakerSettings, CircuitBreaker, probe_while_open
from callwright_common.campaign import Campaign, load_campaigns, on_the_telephone
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.clock import Clock, SystemClock
from callwright_common.logs import get_logger
from callwright_common.money import Amount
from callwright_common.rpc.client import check_serving, open_channel
from callwright_common.service import Running, ServiceHost, hosting, until_stopped
from dialogue import LearnedAnalyzer
from intent_classifier import IntentClassifier
from vocabulary.enums import Tier
from vocabulary.exchange import EndRequest
from voice_gateway import budget_client, orchestrator_client
from voice_gateway.budget_client import BudgetClient
from voice_gateway.calls.call_composition import CallComposition, FeatureFlags
from voice_gateway.calls.call_course import CallCourse
from voice_gateway.calls.draining import drain
from voice_gateway.calls.live_calls import LiveCalls
from voice_gateway.calls.media_factory import MediaFactory, check_voices, pipeline_media, prepare_speech, voices_of
from voice_gateway.config import GatewaySettings
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.orchestrated_reply import TurnLimits
from voice_gateway.dependencies.degradation import Degradation, Dependency
from voice_gateway.media.pipeline import media_models
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.orchestrator_client import OrchestratorClient
from voice_gateway.persistence_client import PersistenceClient, place_of
from voice_gateway.records.event_delivery import EventDelivery
from voice_gateway.records.quarantine import Quarantine
from voice_gateway.records.spool import SpoolFile
from voice_gateway.servicer import SERVICE_NAME, GatewayAdminServicer
from voice_gateway.web.app import Probes, TwilioEdge, build_app
from voice_gateway.web.server import web_server
from voice_gateway.web.stream_tokens import StreamTokens
from voice_gateway.web.twilio_webhooks import PublicAddress, SignatureCheck, VoiceWebhook

_logger = get_logger(__name__)

# What is back is taken into use within five seconds; a probe costs a health check.
_BREAKERS = BreakerSettings(longest_pause=4.0)

_DELIVERY_SECONDS = 3.0
# Nobody waits for an end that is told late; one that the orchestrator cannot take holds up the others for a while.
_LATE_END_SECONDS = 10.0
_LATE_END_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class RunningGateway(Running):
    """A gateway that takes calls, Twilio's on `http_port`; the calls it carries and its feature flags."""

    http_port: int
    live_calls: LiveCalls
    flags: FeatureFlags


@dataclass(frozen=True, slots=True)
class _Process:
    """What all parts of the process are built with; they end in the reverse order of their beginnings."""

    settings: GatewaySettings
    clock: Clock
    host: ServiceHost
    metrics: GatewayMetrics
    breakers: dict[Dependency, CircuitBreaker]

    async def probe(self, dependency: Dependency, probe: Callable[[], Awaitable[None]]) -> None:
        """Asks whether a dependency is back while its breaker is open."""
        work = partial(probe_while_open, self.breakers[dependency], probe)
        await self.host.run_beside(f"{dependency} probe", work)

    async def channel(
        self, dependency: Dependency, address: str, idempotent: tuple[tuple[str, str], ...] = ()
    ) -> grpc.aio.Channel:
        """Opens a channel to another service."""
        channel = open_channel(address, idempotent)
        self.host.stack.push_async_callback(channel.close)
        await self.probe(dependency, partial(check_serving, channel))
        return channel


async def serve(settings: GatewaySettings, stop: asyncio.Event, *, media: MediaFactory | None = None) -> None:
    """Runs the gateway until `stop` is set, then lets its calls end; set once more, it says goodbye to them at once.

    Raises:
        SystemExit: with status 1 if one of its servers has died, so that it is started again.
    """
    async with running(settings, media=media) as gateway:
        died = await until_stopped(gateway, stop)
        # The next signal sets it again.
        stop.clear()
        await drain(gateway.live_calls, settings.shutdown_grace_seconds, hurry=stop)
    if died:
        raise SystemExit(1)


@asynccontextmanager
async def running(
    settings: GatewaySettings, *, media: MediaFactory | None = None, clock: Clock | None = None
) -> AsyncIterator[RunningGateway]:
    """Runs a gateway; it needs none of the other services to start or to answer calls.

    Args:
        settings: Its settings.
        media: Builds the media of calls; None loads the real recogniser and voices.
        clock: None takes the machine's.

    Raises:
        CampaignError: if the campaign files cannot be used.
        OSError: if an address is taken.
    """
    campaigns = on_the_telephone(load_campaigns(settings.campaigns_dir, settings.problems_with))
    live_calls = LiveCalls(settings.max_concurrent_calls)
    async with hosting(settings) as host:
        process = _process(settings, clock or SystemClock(), host)
        composition = await _composition(process, campaigns, media)
        degradation = Degradation(process.breakers, host.readiness, process.clock)
        await host.run_beside("degradation", lambda: degradation.watch(process.metrics.degradation.set))
        http_port = await _web(process, CallCourse(composition, live_calls, settings.gateway_id))
        servicer = GatewayAdminServicer(live_calls, composition.flags, degradation)
        grpc_port = await host.serve(
            SERVICE_NAME, add_GatewayAdminServiceServicer_to_server, servicer, grace_seconds=1.0, http_port=http_port
        )
        yield RunningGateway(grpc_port, host.metrics_port, host.servers, http_port, live_calls, composition.flags)
        live_calls.draining = True
        for call in live_calls.all():
            await call.line.close()
        await live_calls.wait_empty()


def _process(settings: GatewaySettings, clock: Clock, host: ServiceHost) -> _Process:
    metrics = GatewayMetrics(host.registry)
    breakers = {
        dependency: CircuitBreaker(dependency, clock, _BREAKERS, on_change=partial(metrics.breaker_changed, dependency))
        for dependency in Dependency
    }
    return _Process(settings, clock, host, metrics, breakers)


async def _composition(
    process: _Process, campaigns: dict[str, Campaign], media: MediaFactory | None
) -> CallComposition:
    """Starts what calls are made of."""
    settings = process.settings
    budget = BudgetClient(
        await process.channel(Dependency.ESCALATION_BUDGET, settings.budget_address, budget_client.IDEMPOTENT_METHODS)
    )
    # An unsettled lease counts as spent in full.
    settlements = Backlog("settlements", budget.settle)
    delivery = await _records(process, settlements)
    orchestrator = await process.channel(
        Dependency.AGENT_ORCHESTRATOR, settings.orchestrator_address, orchestrator_client.IDEMPOTENT_METHODS
    )
    client = OrchestratorClient(orchestrator)

    async def end_call(_: str, request: EndRequest) -> None:
        await client.end_call(request, _LATE_END_SECONDS)

    endings = Backlog("ends of calls", end_call, patience_seconds=_LATE_END_PATIENCE_SECONDS)
    await process.host.run_beside("ends of calls", endings.run)
    analyzer = LearnedAnalyzer(process.host.stack.enter_context(IntentClassifier()))
    await analyzer.read_ahead(campaigns.values())
    return CallComposition(
        campaigns=campaigns,
        flags=FeatureFlags(settings.enable_agent_integration, settings.enable_tier_escalation),
        orchestrator=client,
        budget=budget,
        breakers=process.breakers,
        analyzer=analyzer,
        direct_model=await _direct_model(process),
        settle=settlements.hand_over,
        end_later=endings.hand_over,
        append_event=delivery.append,
        media=media or await _real_media(process, campaigns),
        metrics=process.metrics,
        clock=process.clock,
        limits=lambda: _limits(settings),
    )


def _limits(settings: GatewaySettings) -> TurnLimits:
    return TurnLimits(
        first_text=settings.agent_processing_timeout_ms / 1000,
        idle=settings.reply_idle_timeout_ms / 1000,
        total=settings.reply_total_timeout_ms / 1000,
        filler_delay=settings.filler_delay_ms / 1000,
    )


async def _records(process: _Process, settlements: Backlog[Amount]) -> EventDelivery:
    """Starts the delivery of call events and of settlements; both get a moment to finish at the end."""
    settings, host = process.settings, process.host
    channel = await process.channel(Dependency.PERSISTENCE, settings.persistence_address)
    delivery = EventDelivery(
        SpoolFile(settings.spool_path, settings.spool_max_bytes),
        Quarantine(settings.spool_path, settings.spool_max_bytes),
        PersistenceClient(channel, process.breakers[Dependency.PERSISTENCE].attempt),
        place_of,
        process.metrics,
        host.readiness,
    )
    host.stack.push_async_callback(delivery.close)
    await process.host.run_beside("event delivery", delivery.run)
    await process.host.run_beside("settlements", settlements.run)

    async def finish() -> None:
        try:
            async with asyncio.timeout(min(_DELIVERY_SECONDS, settings.shutdown_grace_seconds)):
                await settlements.wait_done()
                await delivery.wait_delivered()
        except TimeoutError:
            _logger.warning("records are left for the next start")

    host.stack.push_async_callback(finish)
    return delivery


async def _real_media(process: _Process, campaigns: dict[str, Campaign]) -> MediaFactory:
    settings, host = process.settings, process.host
    models = await host.stack.enter_async_context(media_models(settings.piper_url, settings.whisper_model))
    await host.run_beside("voices", lambda: check_voices(models.speech, campaigns, host.readiness), ends=True)
    await host.run_beside("speech cache", lambda: prepare_speech(models.speech, campaigns.values()), ends=True)
    voice = voices_of(next(iter(campaigns.values())))[Tier.STANDARD]
    await process.probe(Dependency.SPEECH, partial(models.speech.check, voice))
    return pipeline_media(models)


async def _direct_model(process: _Process) -> DirectModel:
    settings = process.settings
    first_text, idle = settings.direct_first_text_timeout_ms / 1000, settings.reply_idle_timeout_ms / 1000
    if model := settings.chat_model(timeout_seconds=max(first_text, idle)):
        process.host.stack.push_async_callback(model.aclose)
        await process.probe(Dependency.DIRECT_MODEL, model.check)
    breaker = process.breakers[Dependency.DIRECT_MODEL]
    return DirectModel(model, breaker, ModelFailures(process.host.registry), first_text, idle)


async def _web(process: _Process, course: CallCourse) -> int:
    settings, tokens = process.settings, StreamTokens(process.clock)
    address = PublicAddress(settings.public_url)
    webhook = VoiceWebhook(
        course.composition.campaigns,
        settings.default_campaign,
        tokens,
        course.live_calls,
        process.breakers[Dependency.SPEECH],
        address,
        process.metrics,
    )
    signatures = SignatureCheck(settings.twilio_auth_token.get_secret_value(), address)
    edge = TwilioEdge(webhook, signatures, tokens, course, process.metrics, settings.verify_stream_signature)
    app = build_app(edge, Probes(course.live_calls, process.host.readiness))
    with listening("HTTP_LISTEN", settings.http_listen):
        port, serving = await process.host.stack.enter_async_context(web_server(app, settings.http_listen))
    process.host.servers.append(serving)
    return port
