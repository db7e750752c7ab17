"""Constructs the service: the only place that does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import langsmith

from agent_orchestrator.agents import Agents
from agent_orchestrator.appointments import Appointments
from agent_orchestrator.calls import Calls
from agent_orchestrator.campaign_catalogue import CampaignCatalogue
from agent_orchestrator.changes import Changes
from agent_orchestrator.config import OrchestratorSettings
from agent_orchestrator.language_model import LanguageModel
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.offline_model import OfflineModel
from agent_orchestrator.persistence_client import IDEMPOTENT_METHODS, PersistenceAppointmentBook
from agent_orchestrator.readiness import CONDITION, watch_store
from agent_orchestrator.redis_context_store import RedisContextStore
from agent_orchestrator.reply import ReplyWriter
from agent_orchestrator.running_turns import RunningTurns
from agent_orchestrator.servicer import SERVICE_NAME, AgentOrchestratorServicer
from agent_orchestrator.spoken_chat_model import SpokenChatModel
from agent_orchestrator.turns import ModelLimits, Turns
from agent_orchestrator.workflow import Workflow
from callwright.agent_orchestrator.v1 import agent_orchestrator_pb2_grpc as pb_grpc
from callwright_common.breaker import CircuitBreaker
from callwright_common.campaign import load_campaigns
from callwright_common.chat_models.providers import open_chat_model
from callwright_common.client import open_channel
from callwright_common.clock import SystemClock
from callwright_common.logs import get_logger
from callwright_common.metrics import metrics_endpoint, new_registry
from callwright_common.readiness import Readiness
from callwright_common.server import serve as serve_grpc
from callwright_common.supervision import Supervisor

_REDIS_CONNECTIONS = 200

_logger = get_logger(__name__)


@dataclass(frozen=True)
class RunningOrchestrator:
    """Where a started orchestrator listens."""

    grpc_port: int
    metrics_port: int


def build_model(settings: OrchestratorSettings) -> LanguageModel:
    """Returns the configured language model."""
    if settings.llm_provider == "offline":
        return OfflineModel()
    return SpokenChatModel(
        open_chat_model(
            settings.llm_provider,
            settings.llm_model,
            api_key=settings.llm_api_key.get_secret_value(),
            base_url=settings.llm_base_url,
            timeout_seconds=settings.llm_reply_seconds,
        )
    )


@asynccontextmanager
async def running(settings: OrchestratorSettings) -> AsyncIterator[RunningOrchestrator]:
    """Runs the service; it reports SERVING while Redis can be written.

    Raises:
        CampaignError: if a campaign file cannot be used.
        OSError: if an address is taken.
    """
    # Without this an environment variable would be enough to send conversations to a tracing service.
    langsmith.configure(enabled=False)
    clock = SystemClock()
    registry = new_registry()
    metrics = OrchestratorMetrics(registry)
    readiness = Readiness(CONDITION)
    campaigns = CampaignCatalogue(load_campaigns(settings.campaigns_dir))
    async with AsyncExitStack() as stack:
        store = RedisContextStore(
            settings.redis_url,
            timeout_seconds=settings.context_store_timeout_seconds,
            time_to_live=settings.context_time_to_live,
            max_connections=_REDIS_CONNECTIONS,
        )
        stack.push_async_callback(store.aclose)
        channel = open_channel(settings.persistence_address, IDEMPOTENT_METHODS)
        stack.push_async_callback(channel.close)
        model = build_model(settings)
        stack.push_async_callback(model.aclose)
        book = PersistenceAppointmentBook(channel, CircuitBreaker("persistence", clock), settings.slots_timeout_seconds)
        appointments = Appointments(book, clock, metrics)
        writer = ReplyWriter(model, CircuitBreaker("language_model", clock), clock, metrics)
        agents = Agents(writer, appointments, clock, settings.llm_max_tokens)
        changes = Changes()
        turns = Turns(
            campaigns=campaigns,
            store=store,
            workflow=Workflow(agents, appointments, clock),
            running=RunningTurns(settings.max_concurrent_turns),
            changes=changes,
            limits=ModelLimits(settings.llm_first_sentence_seconds, settings.llm_reply_seconds),
            clock=clock,
            metrics=metrics,
        )
        calls = Calls(
            campaigns=campaigns,
            store=store,
            changes=changes,
            watch_interval_seconds=settings.watch_interval_seconds,
            clock=clock,
            metrics=metrics,
        )
        servicer = AgentOrchestratorServicer(turns, calls, clock)
        metrics_port = await stack.enter_async_context(metrics_endpoint(registry, settings.metrics_listen))
        server = await stack.enter_async_context(
            serve_grpc(
                settings.grpc_listen,
                registry,
                lambda grpc_server: pb_grpc.add_AgentOrchestratorServiceServicer_to_server(servicer, grpc_server),
                [SERVICE_NAME],
                grace_seconds=settings.shutdown_grace_seconds,
            )
        )
        await stack.enter_async_context(
            Supervisor(readiness, registry).running(
                "context store readiness",
                lambda: watch_store(store, readiness, settings.readiness_interval_seconds),
            )
        )
        await readiness.report_to(server.set_serving)
        _logger.info(
            "the service listens", grpc_port=server.port, metrics_port=metrics_port, provider=settings.llm_provider
        )
        yield RunningOrchestrator(server.port, metrics_port)


async def serve(settings: OrchestratorSettings, stop: asyncio.Event) -> None:
    """Runs the service until it is told to stop, then lets the turns in work finish."""
    async with running(settings):
        await stop.wait()
