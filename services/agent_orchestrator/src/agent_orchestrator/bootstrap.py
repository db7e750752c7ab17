"""Constructs the service: the only place that does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial

import langsmith

from agent_orchestrator.agents.appointments import Appointments, LastContact
from agent_orchestrator.agents.model_words import ModelWords
from agent_orchestrator.agents.speaker import Speaker
from agent_orchestrator.calls.calls import Calls
from agent_orchestrator.calls.changes import Changes
from agent_orchestrator.calls.turn_admission import TurnAdmission
from agent_orchestrator.calls.turns import ModelLimits, Turns
from agent_orchestrator.config import OrchestratorSettings
from agent_orchestrator.metrics import OrchestratorMetrics
from agent_orchestrator.persistence_client import IDEMPOTENT_METHODS, PersistenceAppointmentBook
from agent_orchestrator.readiness import CONDITION, watch_store
from agent_orchestrator.redis_context_store import RedisContextStore
from agent_orchestrator.servicer import SERVICE_NAME, AgentOrchestratorServicer
from agent_orchestrator.workflow.analysis import CallerAnalysis
from agent_orchestrator.workflow.graph import Workflow, agent_nodes
from agent_orchestrator.workflow.router import Router
from agent_orchestrator.workflow.scoring import LeadScoring
from agent_orchestrator.workflow.second_opinion import SecondOpinions
from callwright.agent_orchestrator.v1.agent_orchestrator_pb2_grpc import add_AgentOrchestratorServiceServicer_to_server
from callwright_common.backlog import Backlog
from callwright_common.breaker import BreakerSettings, CircuitBreaker, probe_while_open
from callwright_common.campaign import load_campaigns, on_the_telephone
from callwright_common.clock import Clock, SystemClock
from callwright_common.rpc.client import check_serving, open_channel
from callwright_common.service import Running, ServiceHost, hosting
from dialogue import Analyzer, LearnedAnalyzer
from intent_classifier import IntentClassifier

_REDIS_CONNECTIONS = 200
_LAST_CONTACTS_SECONDS = 3.0
# What is back is taken into use within five seconds; a probe costs a health check.
_BREAKERS = BreakerSettings(longest_pause=4.0)


def build_workflow(
    analyzer: Analyzer,
    words: ModelWords | None,
    opinions: SecondOpinions,
    appointments: Appointments,
    clock: Clock,
    metrics: OrchestratorMetrics,
) -> Workflow:
    """Returns the graph with its nodes."""
    return Workflow(
        CallerAnalysis(analyzer, metrics),
        Router(clock, metrics),
        agent_nodes(Speaker(words, clock, metrics), appointments),
        LeadScoring(appointments, metrics),
        opinions,
    )


@asynccontextmanager
async def running(settings: OrchestratorSettings) -> AsyncIterator[Running]:
    """Runs the service; it reports SERVING while Redis can be written.

    Raises:
        CampaignError: if a campaign file cannot be used.
        OSError: if an address is taken.
    """
    # Without this an environment variable would be enough to send conversations to a tracing service.
    langsmith.configure(enabled=False)
    clock = SystemClock()
    campaigns = on_the_telephone(load_campaigns(settings.campaigns_dir))
    async with hosting(settings, CONDITION) as host:
        metrics = OrchestratorMetrics(host.registry)
        store = RedisContextStore(
            settings.redis_url,
            timeout_seconds=settings.context_store_timeout_seconds,
            time_to_live=timedelta(hours=settings.context_hours),
            max_connections=_REDIS_CONNECTIONS,
        )
        host.stack.push_async_callback(store.aclose)
        analyzer, changes = LearnedAnalyzer(host.stack.enter_context(IntentClassifier())), Changes()
        await analyzer.read_ahead(campaigns.values())
        appointments = await _appointments(host, settings, clock, metrics)
        turns = Turns(
            campaigns=campaigns,
            store=store,
            analyzer=analyzer,
            workflow=_workflow(host, settings, analyzer, appointments, clock, metrics),
            appointments=appointments,
            admission=TurnAdmission(settings.max_concurrent_turns),
            changes=changes,
            limits=ModelLimits(settings.llm_first_sentence_seconds, settings.llm_reply_seconds),
            clock=clock,
            metrics=metrics,
        )
        calls = Calls(
            campaigns=campaigns,
            store=store,
            analyzer=analyzer,
            appointments=appointments,
            changes=changes,
            watch_interval_seconds=settings.watch_interval_seconds,
            clock=clock,
            metrics=metrics,
        )
        port = await host.serve(
            SERVICE_NAME,
            add_AgentOrchestratorServiceServicer_to_server,
            AgentOrchestratorServicer(turns, calls, clock),
            provider=settings.llm_provider,
        )
        await host.run_beside(
            "context store readiness", lambda: watch_store(store, host.readiness, settings.readiness_interval_seconds)
        )
        yield Running(port, host.metrics_port, host.servers)


async def _appointments(
    host: ServiceHost, settings: OrchestratorSettings, clock: Clock, metrics: OrchestratorMetrics
) -> Appointments:
    """Returns the appointments that the persistence service keeps."""
    channel = open_channel(settings.persistence_address, IDEMPOTENT_METHODS)
    host.stack.push_async_callback(channel.close)
    breaker = CircuitBreaker("persistence", clock, _BREAKERS)
    await host.run_beside("persistence probe", lambda: probe_while_open(breaker, partial(check_serving, channel)))
    book = PersistenceAppointmentBook(channel, breaker, settings.slots_timeout_seconds)
    contacts = Backlog("contacts of bookings", book.keep_last)
    await host.run_beside("contacts of bookings", contacts.run)
    host.stack.push_async_callback(_wait_done, contacts)
    return Appointments(book, lambda last: contacts.hand_over(last.call_id, last), clock, metrics)


async def _wait_done(contacts: Backlog[LastContact]) -> None:
    """Waits a moment for what is still to be kept."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_CONTACTS_SECONDS):
            await contacts.wait_done()


def _workflow(
    host: ServiceHost,
    settings: OrchestratorSettings,
    analyzer: Analyzer,
    appointments: Appointments,
    clock: Clock,
    metrics: OrchestratorMetrics,
) -> Workflow:
    """Returns the graph with what its nodes reach over the network."""
    words, model = None, settings.chat_model(timeout_seconds=settings.llm_reply_seconds)
    if model is not None:
        host.stack.push_async_callback(model.aclose)
        # Turns are its probes: a model whose list of models answers may still be silent.
        words = ModelWords(model, CircuitBreaker("language_model", clock), clock, metrics, settings.llm_max_tokens)
    opinions = SecondOpinions(
        model, CircuitBreaker("second_opinion", clock), clock, metrics, settings.llm_understanding_seconds
    )
    return build_workflow(analyzer, words, opinions, appointments, clock, metrics)
