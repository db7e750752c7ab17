"""Builds the service from its settings and runs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import grpc
from psycopg.rows import dict_row

from callwright.escalation_budget.v1.escalation_budget_pb2_grpc import add_EscalationBudgetServiceServicer_to_server
from callwright_common.campaign import load_campaigns
from callwright_common.database.postgres import DatabaseLimits, open_database
from callwright_common.database.readiness import CONDITION, DatabaseReadiness
from callwright_common.logs import get_logger
from callwright_common.metrics import metrics_endpoint, new_registry
from callwright_common.readiness import Readiness
from callwright_common.rpc.server import serve as serve_grpc
from callwright_common.supervision import Supervisor
from escalation_budget.config import Settings
from escalation_budget.ledger.limits import StartingLimits, campaign_limits
from escalation_budget.metrics import BudgetMetrics
from escalation_budget.servicer import EscalationBudgetServicer
from escalation_budget.sweeper import sweep
from escalation_budget.tables.database import SCHEMA
from escalation_budget.tables.postgres_ledger import PostgresLedger

SERVICE_NAME = "callwright.escalation_budget.v1.EscalationBudgetService"

_logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunningService:
    """Where a running service answers."""

    grpc_port: int
    metrics_port: int
    readiness: DatabaseReadiness


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[RunningService]:
    """Runs the service for the time of the context. It reports SERVING once its database answers.

    Raises:
        OSError: An address is taken.
        CampaignError: A campaign file cannot be used or counts in another currency.
    """
    limits = _starting_limits(settings)
    registry = new_registry()
    metrics = BudgetMetrics(registry)
    readiness = Readiness(CONDITION)
    supervisor = Supervisor(readiness, registry)
    async with AsyncExitStack() as stack:
        metrics_port = await stack.enter_async_context(metrics_endpoint(registry, settings.metrics_listen))
        database = await stack.enter_async_context(
            open_database(
                settings.database_url.get_secret_value(),
                _database_limits(settings),
                registry,
                application=SCHEMA.name,
                row_factory=dict_row,
            )
        )
        ledger = PostgresLedger(database, limits)
        servicer = EscalationBudgetServicer(ledger, settings.currency, metrics)

        def add_servicers(server: grpc.aio.Server) -> None:
            add_EscalationBudgetServiceServicer_to_server(servicer, server)

        server = await stack.enter_async_context(
            serve_grpc(
                settings.grpc_listen,
                registry,
                add_servicers,
                [SERVICE_NAME],
                grace_seconds=settings.shutdown_grace_seconds,
            )
        )
        database_readiness = DatabaseReadiness(database, SCHEMA, registry, readiness)
        for name, work in (
            ("database readiness", lambda: database_readiness.run(settings.readiness_interval_seconds)),
            ("sweeper", lambda: sweep(ledger, metrics, settings.sweep_interval_seconds)),
        ):
            await stack.enter_async_context(supervisor.running(name, work))
        await readiness.report_to(server.set_serving)
        yield RunningService(server.port, metrics_port, database_readiness)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Runs the service until `stop` is set, then lets running requests finish."""
    async with running(settings) as service:
        _logger.info("the service listens", grpc_port=service.grpc_port, metrics_port=service.metrics_port)
        await stop.wait()


def _starting_limits(settings: Settings) -> StartingLimits:
    campaigns = load_campaigns(settings.campaigns_dir) if settings.campaigns_dir else {}
    return StartingLimits(
        call=settings.default_call_limit,
        campaign_day=settings.default_campaign_day_limit,
        global_day=settings.default_global_day_limit,
        campaigns=campaign_limits(campaigns, settings.currency),
    )


def _database_limits(settings: Settings) -> DatabaseLimits:
    return DatabaseLimits(
        connections=settings.database_max_connections,
        wait_seconds=settings.database_wait_seconds,
        lock_seconds=settings.database_lock_seconds,
        statement_seconds=settings.database_statement_seconds,
    )
