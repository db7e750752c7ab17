"""Builds the service and runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry

from callwright.persistence.v1.persistence_pb2_grpc import add_PersistenceServiceServicer_to_server
from callwright_common.campaign import load_campaigns
from callwright_common.clock import Clock, SystemClock
from callwright_common.database.readiness import CONDITION, DatabaseReadiness
from callwright_common.database.service import open_service_database
from callwright_common.service import Running, hosting
from persistence.calendar.slots import SlotService
from persistence.calls.event_writer import EventWriter
from persistence.config import Settings
from persistence.lost_calls import LostCallReaper
from persistence.metrics import PersistenceMetrics
from persistence.servicer import SERVICE_NAME, PersistenceServicer
from persistence.tables import SCHEMA, booking_store, erasure, event_store, retention
from persistence.tables.booking_store import BookingStore
from persistence.tables.call_store import CallStore
from persistence.tables.erasure import CallerErasure
from persistence.tables.event_store import EventStore
from persistence.tables.retention import Retention
from persistence.wire import decode_event

_LOOK_SECONDS = 1.0
_FORGET_SECONDS = 3600.0
WRITES = (*event_store.WRITES, *booking_store.WRITES, *erasure.WRITES, *retention.WRITES)


@dataclass(frozen=True, slots=True)
class RunningPersistence(Running):
    """A service that keeps records."""

    registry: CollectorRegistry
    readiness: DatabaseReadiness
    reaper: LostCallReaper
    retention: Retention


@asynccontextmanager
async def running(settings: Settings, clock: Clock | None = None) -> AsyncIterator[RunningPersistence]:
    """Runs the service; it listens at once and serves as soon as the database does.

    Raises:
        CampaignError: if the campaign files cannot be used.
        OSError: if an address is taken.
    """
    clock = clock or SystemClock()
    campaigns = load_campaigns(settings.campaigns_dir)
    async with hosting(settings, CONDITION) as host:
        metrics = PersistenceMetrics(host.registry)
        database, readiness = await open_service_database(host, settings, SCHEMA, WRITES, _LOOK_SECONDS)
        calls, bookings = CallStore(database), BookingStore(database, clock, decode_event)
        writer = EventWriter(EventStore(database, clock, decode_event), metrics)
        await host.run_beside("event writer", writer.run)
        servicer = PersistenceServicer(
            writer=writer,
            calls=calls,
            slots=SlotService(campaigns, bookings, clock),
            bookings=bookings,
            erasure=CallerErasure(database, clock, decode_event),
            metrics=metrics,
        )
        port = await host.serve(
            SERVICE_NAME, add_PersistenceServiceServicer_to_server, servicer, campaigns=len(campaigns)
        )
        reaper = LostCallReaper(calls, clock, metrics, timedelta(seconds=settings.call_lost_after_seconds))
        await host.run_beside("lost calls", lambda: reaper.run(settings.call_sweep_seconds))
        forgetting = Retention(database, clock)
        await host.run_beside("retention", lambda: forgetting.run(_FORGET_SECONDS))
        yield RunningPersistence(port, host.metrics_port, host.servers, host.registry, readiness, reaper, forgetting)
