"""Builds the voice gateway from its settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import grpc
from prometheus_client import CollectorRegistry

from callwright.voice_gateway.v1 import voice_gateway_pb2_grpc
from callwright_common.breaker import BreakerSettings, CircuitBreaker, probe_while_open
from callwright_common.campaign import Campaign, load_campaigns
from callwright_common.chat_models.failures import ModelFailures
from callwright_common.clock import Clock, SystemClock
from callwright_common.logs import get_logger
from callwright_common.metrics import metrics_endpoint, new_registry
from callwright_common.readiness import Readiness
from callwright_common.rpc.client import check_serving, open_channel
from callwright_common.rpc.server import Server
from callwright_common.rpc.server import serve as serve_grpc
from callwright_common.supervision import Supervisor, Work, start_task
from dialogue import RuleAnalyzer
from vocabulary.enums import Tier
from voice_gateway import budget_client, orchestrator_client
from voice_gateway.budget_client import BudgetClient
from voice_gateway.calls.call_composition import CallComposition, FeatureFlags
from voice_gateway.calls.call_course import CallCourse
from voice_gateway.calls.draining import drain
from voice_gateway.calls.live_calls import LiveCalls
from voice_gateway.calls.media_factory import MediaFactory, pipeline_media, prepare_speech, voices_of
from voice_gateway.config import GatewaySettings
from voice_gateway.conversation.direct_model import DirectModel
from voice_gateway.conversation.orchestrated_reply import TurnLimits
from voice_gateway.dependencies.degradation import Degradation, Dependency
from voice_gateway.media.pipeline import media_models
from voice_gateway.metrics import GatewayMetrics
from voice_gateway.orchestrator_client import OrchestratorClient
from voice_gateway.persistence_client import PersistenceClient, place_of
from voice_gateway.premium_voice.settlements import SettlementQueue
from voice_gateway.records.event_delivery import EventDelivery
from voice_gateway.records.quarantine import Quarantine
from voice_gateway.records.spool import SpoolFile
from voice_gateway.servicer import SERVICE, GatewayAdminServicer
from voice_gateway.web.app import Health, TwilioEdge, build_app
from voice_gateway.web.server import web_server
from voice_gateway.web.stream_tokens import StreamTokens
from voice_gateway.web.twilio_webhooks import PublicAddress, SignatureCheck, VoiceWebhook

_logger = get_logger(__name__)

# What is back is taken into use within five seconds; a probe costs a health check.
_BREAKERS = BreakerSettings(longest_pause=4.0)

_DELIVERY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that takes calls.

    Attributes:
        http_port: Where Twilio's webhooks and streams go.
        grpc_port: Where operators go.
        metrics_port: Where `/metrics` is.
        live_calls: The calls it carries.
        flags: Its feature flags.
        servers: Each ends with a server of its; none does before the gateway itself.
    """

    http_port: int
    grpc_port: int
    metrics_port: int
    live_calls: LiveCalls
    flags: FeatureFlags
    servers: tuple[asyncio.Task[None], ...]


@dataclass(frozen=True, slots=True)
class _Process:
    """What all parts of the process are built with; they end in the reverse order of their beginnings."""

    settings: GatewaySettings
    clock: Clock
    stack: AsyncExitStack
    registry: CollectorRegistry
    metrics: GatewayMetrics
    readiness: Readiness
    supervisor: Supervisor
    breakers: dict[Dependency, CircuitBreaker]

    async def run(self, name: str, work: Work, *, ends: bool = False) -> None:
        """Runs work from now on."""
        await self.stack.enter_async_context(self.supervisor.running(name, work, ends=ends))

    async def probe(self, dependency: Dependency, probe: Callable[[], Awaitable[None]]) -> None:
        """Asks whether a dependency is back while its breaker is open."""
        await self.run(f"{dependency} probe", lambda: probe_while_open(self.breakers[dependency], probe))

    async def channel(
        self, dependency: Dependency, address: str, idempotent: tuple[tuple[str, str], ...] = ()
    ) -> grpc.aio.Channel:
        """Opens a channel to another service."""
        channel = open_channel(address, idempotent)
        self.stack.push_async_callback(channel.close)
        await self.probe(dependency, partial(check_serving, channel))
        return channel


async def serve(settings: GatewaySettings, stop: asyncio.Event, *, media: MediaFactory | None = None) -> None:
    """Runs the gateway until `stop` is set, then lets its calls end; set once more, it says goodbye to them at once.

    Raises:
        SystemExit: with status 1 if one of its servers has died, so that it is started again.
    """
    async with running(settings, media=media) as gateway:
        _logger.info("ready", http_port=gateway.http_port, grpc_port=gateway.grpc_port)
        for server in gateway.servers:
            server.add_done_callback(lambda _: stop.set())
        await stop.wait()
        died = [server.get_name() for server in gateway.servers if server.done()]
        if died:
            _logger.critical("the gateway ends, it cannot be reached any more", died=died)
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
    clock, registry, readiness = clock or SystemClock(), new_registry(), Readiness()
    metrics = GatewayMetrics(registry)
    campaigns = load_campaigns(settings.campaigns_dir, settings.problems_with)
    breakers = {
        dependency: CircuitBreaker(dependency, clock, _BREAKERS, on_change=partial(metrics.breaker_changed, dependency))
        for dependency in Dependency
    }
    live_calls = LiveCalls(settings.max_concurrent_calls)
    async with AsyncExitStack() as stack:
        supervisor = Supervisor(readiness, registry)
        process = _Process(settings, clock, stack, registry, metrics, readiness, supervisor, breakers)
        metrics_port = await stack.enter_async_context(metrics_endpoint(registry, settings.metrics_listen))
        budget = BudgetClient(
            await process.channel(
                Dependency.ESCALATION_BUDGET, settings.budget_address, budget_client.IDEMPOTENT_METHODS
            )
        )
        settlements = SettlementQueue(budget.settle)
        delivery = await _records(process, settlements)
        orchestrator = await process.channel(
            Dependency.AGENT_ORCHESTRATOR, settings.orchestrator_address, orchestrator_client.IDEMPOTENT_METHODS
        )
        composition = CallComposition(
            campaigns=campaigns,
            flags=FeatureFlags(settings.enable_agent_integration, settings.enable_tier_escalation),
            orchestrator=OrchestratorClient(orchestrator),
            budget=budget,
            breakers=breakers,
            analyzer=RuleAnalyzer(),
            direct_model=await _direct_model(process),
            settle=settlements.settle,
            append_event=delivery.append,
            media=media or await _real_media(process, campaigns),
            metrics=metrics,
            clock=clock,
            limits=lambda: _limits(settings),
        )
        degradation = Degradation(breakers, clock)
        await process.run("degradation", lambda: degradation.watch(metrics.degradation.set))
        server = await _grpc_server(process, GatewayAdminServicer(live_calls, composition.flags, degradation))
        http_port, web = await _web(process, CallCourse(composition, live_calls, settings.gateway_id))
        readiness.report_to(server.set_serving)
        servers = (web, start_task(server.wait_ended(), "gRPC server"))
        yield RunningGateway(http_port, server.port, metrics_port, live_calls, composition.flags, servers)
        live_calls.draining = True
        for call in live_calls.all():
            await call.line.close()
        await live_calls.wait_empty()


def _limits(settings: GatewaySettings) -> TurnLimits:
    return TurnLimits(
        first_text=settings.agent_processing_timeout_ms / 1000,
        idle=settings.reply_idle_timeout_ms / 1000,
        total=settings.reply_total_timeout_ms / 1000,
        filler_delay=settings.filler_delay_ms / 1000,
    )


async def _records(process: _Process, settlements: SettlementQueue) -> EventDelivery:
    """Starts the delivery of call events and of settlements; both get a moment to finish at the end."""
    settings, stack = process.settings, process.stack
    channel = await process.channel(Dependency.PERSISTENCE, settings.persistence_address)
    delivery = EventDelivery(
        SpoolFile(settings.spool_path, settings.spool_max_bytes),
        Quarantine(settings.spool_path, settings.spool_max_bytes),
        PersistenceClient(channel, process.breakers[Dependency.PERSISTENCE].attempt),
        place_of,
        process.metrics,
        process.readiness,
    )
    stack.push_async_callback(delivery.close)
    await process.run("event delivery", delivery.run)
    await process.run("settlements", settlements.run)

    async def finish() -> None:
        try:
            async with asyncio.timeout(min(_DELIVERY_SECONDS, settings.shutdown_grace_seconds)):
                await settlements.wait_settled()
                await delivery.wait_delivered()
        except TimeoutError:
            _logger.warning("records are left for the next start")

    stack.push_async_callback(finish)
    return delivery


async def _real_media(process: _Process, campaigns: dict[str, Campaign]) -> MediaFactory:
    settings = process.settings
    models = await process.stack.enter_async_context(media_models(settings.piper_url, settings.whisper_model))
    await process.run("speech cache", lambda: prepare_speech(models.speech, campaigns.values()), ends=True)
    voice = voices_of(next(iter(campaigns.values())))[Tier.STANDARD]
    await process.probe(Dependency.SPEECH, partial(models.speech.check, voice))
    return pipeline_media(models)


async def _direct_model(process: _Process) -> DirectModel:
    settings = process.settings
    first_text, idle = settings.direct_first_text_timeout_ms / 1000, settings.reply_idle_timeout_ms / 1000
    if model := settings.chat_model(timeout_seconds=max(first_text, idle)):
        process.stack.push_async_callback(model.aclose)
        await process.probe(Dependency.DIRECT_MODEL, model.check)
    breaker = process.breakers[Dependency.DIRECT_MODEL]
    return DirectModel(model, breaker, ModelFailures(process.registry), first_text, idle)


async def _grpc_server(process: _Process, servicer: GatewayAdminServicer) -> Server:
    add = partial(voice_gateway_pb2_grpc.add_GatewayAdminServiceServicer_to_server, servicer)
    listen = process.settings.grpc_listen
    return await process.stack.enter_async_context(
        serve_grpc(listen, process.registry, add, [SERVICE], grace_seconds=1.0)
    )


async def _web(process: _Process, course: CallCourse) -> tuple[int, asyncio.Task[None]]:
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
    app = build_app(edge, Health(course.live_calls, process.readiness))
    return await process.stack.enter_async_context(web_server(app, settings.http_listen))
