"""Builds the service from its settings and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from callwright.escalation_budget.v1.escalation_budget_pb2_grpc import add_EscalationBudgetServiceServicer_to_server
from callwright_common.campaign import load_campaigns
from callwright_common.database.readiness import CONDITION, DatabaseReadiness
from callwright_common.database.service import open_service_database
from callwright_common.service import Running, hosting
from escalation_budget.config import Settings
from escalation_budget.ledger.limits import StartingLimits
from escalation_budget.metrics import BudgetMetrics
from escalation_budget.servicer import EscalationBudgetServicer
from escalation_budget.sweeper import sweep
from escalation_budget.tables import SCHEMA, budget_rows, reservation_rows
from escalation_budget.tables.postgres_ledger import PostgresLedger

SERVICE_NAME = "callwright.escalation_budget.v1.EscalationBudgetService"
WRITES = (*budget_rows.WRITES, *reservation_rows.WRITES)


@dataclass(frozen=True, slots=True)
class RunningBudget(Running):
    """A service that decides about money."""

    readiness: DatabaseReadiness


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[RunningBudget]:
    """Runs the service for the time of the context. It reports SERVING once its database answers.

    Raises:
        OSError: An address is taken.
        CampaignError: A campaign file cannot be used or counts in another currency.
    """
    limits = _starting_limits(settings)
    async with hosting(settings, CONDITION) as host:
        metrics = BudgetMetrics(host.registry)
        database, readiness = await open_service_database(
            host, settings, SCHEMA, WRITES, settings.readiness_interval_seconds
        )
        ledger = PostgresLedger(database, limits)
        servicer = EscalationBudgetServicer(ledger, settings.currency, metrics)
        port = await host.serve(SERVICE_NAME, add_EscalationBudgetServiceServicer_to_server, servicer)
        await host.run_beside("sweeper", lambda: sweep(ledger, metrics, settings.sweep_interval_seconds))
        yield RunningBudget(port, host.metrics_port, host.servers, readiness)


def _starting_limits(settings: Settings) -> StartingLimits:
    campaigns = load_campaigns(settings.campaigns_dir, settings.problems_with) if settings.campaigns_dir else {}
    return StartingLimits(
        call=settings.default_call_limit,
        campaign_day=settings.default_campaign_day_limit,
        global_day=settings.default_global_day_limit,
        campaigns={campaign.id: campaign.budget for campaign in campaigns.values()},
    )
