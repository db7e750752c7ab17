"""Builds the service and runs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import grpc
from prometheus_client import CollectorRegistry
from psycopg.rows import tuple_row

from callwright.persistence.v1 import persistence_pb2_grpc
from callwright_common.campaign import load_campaigns
from callwright_common.clock import Clock, SystemClock
from callwright_common.database.postgres import DatabaseLimits, open_database
from callwright_common.database.readiness import CONDITION, DatabaseReadiness
from callwright_common.logs import get_logger
from callwright_common.metrics import metrics_endpoint, new_registry
from callwright_common.readiness import Readiness
from callwright_common.rpc.server import serve as serve_grpc
from callwright_common.supervision import Supervisor
from persistence.calendar.slots import SlotService
from persistence.calls.event_writer import EventWriter
from persistence.calls.lost_calls import LostCallReaper
from persistence.config import Settings
from persistence.metrics import PersistenceMetrics
from persistence.servicer import SERVICE_NAME, Domain, PersistenceServicer
from persistence.tables.booking_store import BookingStore
from persistence.tables.call_store import CallStore
from persistence.tables.database import SCHEMA
from persistence.tables.erasure import CallerErasure
from persistence.tables.event_store import EventStore
from persistence.wire import decode_event

_LOOK_SECONDS = 1.0

_logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunningPersistence:
    """A service that runs in this process."""

    grpc_port: int
    metrics_port: int
    registry: CollectorRegistry
    readiness: DatabaseReadiness
    reaper: LostCallReaper


@asynccontextmanager
async def running(settings: Settings, clock: Clock | None = None) -> AsyncIterator[RunningPersistence]:
    """Runs the service; it listens at once and serves as soon as the database does.

    Raises:
        CampaignError: if the campaign files cannot be used.
        OSError: if an address is taken.
    """
    clock = clock or SystemClock()
    registry = new_registry()
    metrics = PersistenceMetrics(registry)
    campaigns = load_campaigns(settings.campaigns_dir)
    readiness = Readiness(CONDITION)
    supervisor = Supervisor(readiness, registry)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(
                settings.database_url.get_secret_value(),
                DatabaseLimits(
                    connections=settings.database_max_connections,
                    wait_seconds=settings.database_wait_seconds,
                    lock_seconds=settings.database_lock_seconds,
                    statement_seconds=settings.database_statement_seconds,
                ),
                registry,
                application=SCHEMA.name,
                row_factory=tuple_row,
            )
        )
        writer = EventWriter(EventStore(database, clock, decode_event), metrics)
        await stack.enter_async_context(supervisor.running("event writer", writer.run))
        bookings = BookingStore(database, clock)
        calendars = {campaign_id: campaign.calendar for campaign_id, campaign in campaigns.items()}
        calls = CallStore(database)
        domain = Domain(
            writer,
            calls,
            SlotService(calendars, bookings, clock),
            bookings,
            CallerErasure(database, clock, decode_event),
            metrics,
        )

        def add_servicers(server: grpc.aio.Server) -> None:
            persistence_pb2_grpc.add_PersistenceServiceServicer_to_server(PersistenceServicer(domain), server)

        metrics_port = await stack.enter_async_context(metrics_endpoint(registry, settings.metrics_listen))
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
        lost_after = timedelta(seconds=settings.call_lost_after_seconds)
        reaper = LostCallReaper(calls, clock, metrics, lost_after)
        for name, work in (
            ("database readiness", lambda: database_readiness.run(_LOOK_SECONDS)),
            ("lost calls", lambda: reaper.run(settings.call_sweep_seconds)),
        ):
            await stack.enter_async_context(supervisor.running(name, work))
        await readiness.report_to(server.set_serving)
        _logger.info("the service listens", grpc_port=server.port, metrics_port=metrics_port, campaigns=len(campaigns))
        yield RunningPersistence(server.port, metrics_port, registry, database_readiness, reaper)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Runs the service until the event is set."""
    async with running(settings):
        await stop.wait()
