"""The gRPC face of the service: reads requests, calls the domain, writes responses."""

from dataclasses import dataclass
from datetime import timedelta

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright.persistence.v1 import persistence_pb2_grpc
from callwright_common.errors import ResourceExhaustedError
from callwright_common.rpc import page_tokens
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES, Context
from callwright_common.rpc.validation import page_size, require_duration, require_id
from callwright_common.rpc.wire import to_timestamp
from persistence import wire
from persistence.calendar.slots import SlotService
from persistence.calls.event_writer import EventWriter
from persistence.metrics import PersistenceMetrics
from persistence.tables.booking_store import BookingStore
from persistence.tables.call_store import CallStore
from persistence.tables.erasure import CallerErasure

SERVICE_NAME = "callwright.persistence.v1.PersistenceService"

_DEFAULT_HOLD = timedelta(minutes=5)
_SHORTEST_HOLD = timedelta(seconds=10)
_LONGEST_HOLD = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Domain:
    """What the servicer calls."""

    writer: EventWriter
    calls: CallStore
    slots: SlotService
    bookings: BookingStore
    erasure: CallerErasure
    metrics: PersistenceMetrics


class PersistenceServicer(persistence_pb2_grpc.PersistenceServiceServicer):
    """Answers the methods of the contract."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain

    async def AppendCallEvents(
        self, request: pb.AppendCallEventsRequest, context: Context
    ) -> pb.AppendCallEventsResponse:
        """Stores events, each once."""
        return wire.append_response(await self._domain.writer.append(wire.read_batch(request)))

    async def GetCall(self, request: pb.GetCallRequest, context: Context) -> pb.GetCallResponse:
        """Reads one call with all that follows from its events."""
        history = await self._domain.calls.history(require_id("call_id", request.call_id))
        response: pb.GetCallResponse = history.to_proto()
        if response.ByteSize() > MAX_MESSAGE_BYTES:
            raise ResourceExhaustedError("CALL_TOO_LARGE", "the call does not fit into one answer: list its events")
        return response

    async def ListCalls(self, request: pb.ListCallsRequest, context: Context) -> pb.ListCallsResponse:
        """Lists calls, newest first."""
        size = page_size("page_size", request.page_size)
        campaign_id = require_id("campaign_id", request.campaign_id) if request.campaign_id else None
        scope = f"calls {campaign_id or ''}"
        key = page_tokens.decode(request.page_token, scope, (int, str))
        after = (page_tokens.key_time(int(key[0])), str(key[1])) if key else None
        calls = await self._domain.calls.list_calls(campaign_id, after, size + 1)
        page = wire.fill_page((call.to_proto() for call in calls), size)
        last = calls[len(page.items) - 1] if page.more else None
        token = page_tokens.encode(scope, (page_tokens.time_key(last.start_time), last.call_id)) if last else ""
        return pb.ListCallsResponse(calls=page.items, next_page_token=token)

    async def ListCallEvents(self, request: pb.ListCallEventsRequest, context: Context) -> pb.ListCallEventsResponse:
        """Lists a call's events by sequence, as they were sent."""
        call_id = require_id("call_id", request.call_id)
        size = page_size("page_size", request.page_size)
        scope = f"events {call_id}"
        key = page_tokens.decode(request.page_token, scope, (int,))
        events = await self._domain.calls.list_events(call_id, int(key[0]) if key else 0, size + 1)
        page = wire.fill_page((pb.CallEvent.FromString(encoded) for _, encoded in events), size)
        token = page_tokens.encode(scope, (page.items[-1].sequence,)) if page.more else ""
        return pb.ListCallEventsResponse(events=page.items, next_page_token=token)

    async def ListFreeSlots(self, request: pb.ListFreeSlotsRequest, context: Context) -> pb.ListFreeSlotsResponse:
        """Lists a campaign's free slots by their start."""
        campaign_id = require_id("campaign_id", request.campaign_id)
        size = page_size("page_size", request.page_size)
        from_time, to_time = wire.span(request)
        scope = f"slots {campaign_id}"
        key = page_tokens.decode(request.page_token, scope, (int,))
        if key:
            next_start = page_tokens.key_time(int(key[0])) + timedelta(microseconds=1)
            from_time = max(from_time, next_start) if from_time else next_start
        slots = await self._domain.slots.list_free(campaign_id, from_time, to_time, size + 1)
        page = wire.fill_page(map(wire.slot_message, slots), size)
        token = ""
        if page.more:
            token = page_tokens.encode(scope, (page_tokens.time_key(slots[len(page.items) - 1].start_time),))
        return pb.ListFreeSlotsResponse(slots=page.items, next_page_token=token)

    async def HoldSlot(self, request: pb.HoldSlotRequest, context: Context) -> pb.HoldSlotResponse:
        """Holds a slot for a call."""
        slot_id = require_id("slot_id", request.slot_id)
        call_id = require_id("call_id", request.call_id)
        length = _DEFAULT_HOLD
        if request.HasField("hold"):
            length = require_duration("hold", request.hold, minimum=_SHORTEST_HOLD, maximum=_LONGEST_HOLD)
        slot, expires = await self._domain.slots.hold(slot_id, call_id, length)
        return pb.HoldSlotResponse(slot=wire.slot_message(slot), hold_expire_time=to_timestamp(expires))

    async def ConfirmBooking(self, request: pb.ConfirmBookingRequest, context: Context) -> pb.ConfirmBookingResponse:
        """Books a slot that the call holds."""
        booking, is_new = await self._domain.bookings.confirm(
            require_id("booking_id", request.booking_id),
            require_id("slot_id", request.slot_id),
            require_id("call_id", request.call_id),
        )
        if is_new:
            self._domain.metrics.bookings.inc()
        return pb.ConfirmBookingResponse(booking=booking.to_proto())

    async def EraseCaller(self, request: pb.EraseCallerRequest, context: Context) -> pb.EraseCallerResponse:
        """Erases what is stored about a caller."""
        count = await self._domain.erasure.erase(wire.caller_number(request))
        return pb.EraseCallerResponse(erased_call_count=count)

    async def GetCampaignReport(
        self, request: pb.GetCampaignReportRequest, context: Context
    ) -> pb.GetCampaignReportResponse:
        """Sums up a campaign's calls that started in a span of time."""
        campaign_id = require_id("campaign_id", request.campaign_id)
        report = await self._domain.calls.report(campaign_id, *wire.span(request))
        response: pb.GetCampaignReportResponse = report.to_proto()
        return response
