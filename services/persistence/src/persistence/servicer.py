"""The gRPC face of the service: reads requests, calls the domain, writes responses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from callwright.persistence.v1 import persistence_pb2 as pb
from callwright.persistence.v1 import persistence_pb2_grpc
from callwright_common.errors import ResourceExhaustedError
from callwright_common.rpc.paging import Page
from callwright_common.rpc.request_handling import MAX_MESSAGE_BYTES, Context
from callwright_common.rpc.validation import require_duration, require_id, require_ids
from callwright_common.rpc.wire import to_timestamp
from persistence import wire
from persistence.calendar.slots import SlotService
from persistence.calls.event_writer import EventWriter
from persistence.metrics import PersistenceMetrics
from persistence.tables.booking_store import BookingStore
from persistence.tables.call_store import CallStore
from persistence.tables.erasure import CallerErasure
from vocabulary.call_record import Call
from vocabulary.turns import Slot

SERVICE_NAME = "callwright.persistence.v1.PersistenceService"

_DEFAULT_HOLD = timedelta(minutes=5)
_SHORTEST_HOLD = timedelta(seconds=10)
_LONGEST_HOLD = timedelta(minutes=30)


@dataclass(frozen=True)
class PersistenceServicer(persistence_pb2_grpc.PersistenceServiceServicer):
    """Answers the methods of the contract."""

    writer: EventWriter
    calls: CallStore
    slots: SlotService
    bookings: BookingStore
    erasure: CallerErasure
    metrics: PersistenceMetrics

    async def AppendCallEvents(
        self, request: pb.AppendCallEventsRequest, context: Context
    ) -> pb.AppendCallEventsResponse:
        """Stores events, each once."""
        return wire.append_response(await self.writer.append(wire.read_batch(request)))

    async def GetCall(self, request: pb.GetCallRequest, context: Context) -> pb.GetCallResponse:
        """Reads one call with all that follows from its events."""
        history = await self.calls.history(require_id("call_id", request.call_id))
        response: pb.GetCallResponse = history.to_proto()
        if response.ByteSize() > MAX_MESSAGE_BYTES:
            raise ResourceExhaustedError("CALL_TOO_LARGE", "the call does not fit into one answer: list its events")
        return response

    async def ListCalls(self, request: pb.ListCallsRequest, context: Context) -> pb.ListCallsResponse:
        """Lists calls, newest first."""
        campaign_id = require_id("campaign_id", request.campaign_id) if request.campaign_id else None
        page = Page(request, f"calls {campaign_id or ''}", (datetime, str))
        found = await self.calls.list_calls(campaign_id, page.after, page.size + 1)
        calls, token = page.fill(found, Call.to_proto, lambda call: (call.start_time, call.call_id))
        return pb.ListCallsResponse(calls=calls, next_page_token=token)

    async def ListCallEvents(self, request: pb.ListCallEventsRequest, context: Context) -> pb.ListCallEventsResponse:
        """Lists a call's events by sequence, as they were sent."""
        call_id = require_id("call_id", request.call_id)
        page = Page(request, f"events {call_id}", (int,))
        found = await self.calls.list_events(call_id, page.after[0] if page.after else 0, page.size + 1)
        decoded = [pb.CallEvent.FromString(encoded) for encoded in found]
        events, token = page.fill(decoded, lambda event: event, lambda event: (event.sequence,))
        return pb.ListCallEventsResponse(events=events, next_page_token=token)

    async def ListFreeSlots(self, request: pb.ListFreeSlotsRequest, context: Context) -> pb.ListFreeSlotsResponse:
        """Lists a campaign's free slots by their start."""
        campaign_id = require_id("campaign_id", request.campaign_id)
        from_time, to_time = wire.span(request)
        page = Page(request, f"slots {campaign_id}", (datetime,))
        if page.after:
            next_start = page.after[0] + timedelta(microseconds=1)
            from_time = max(from_time, next_start) if from_time else next_start
        found = await self.slots.list_free(campaign_id, from_time, to_time, page.size + 1)
        slots, token = page.fill(found, Slot.to_proto, lambda slot: (slot.start_time,))
        return pb.ListFreeSlotsResponse(slots=slots, next_page_token=token)

    async def HoldSlot(self, request: pb.HoldSlotRequest, context: Context) -> pb.HoldSlotResponse:
        """Holds a slot for a call."""
        require_ids(request, "slot_id", "call_id")
        length = _DEFAULT_HOLD
        if request.HasField("hold"):
            length = require_duration("hold", request.hold, minimum=_SHORTEST_HOLD, maximum=_LONGEST_HOLD)
        slot, expires = await self.slots.hold(request.slot_id, request.call_id, length)
        return pb.HoldSlotResponse(slot=slot.to_proto(), hold_expire_time=to_timestamp(expires))

    async def ConfirmBooking(self, request: pb.ConfirmBookingRequest, context: Context) -> pb.ConfirmBookingResponse:
        """Books a slot that the call holds."""
        require_ids(request, "booking_id", "slot_id", "call_id")
        contact, attempt = wire.contact(request) if request.HasField("contact") else None, wire.attempt(request)
        booking, is_new = await self.bookings.confirm(
            request.booking_id, request.slot_id, request.call_id, contact, attempt
        )
        if is_new:
            self.metrics.bookings.inc()
        return pb.ConfirmBookingResponse(booking=booking.to_proto())

    async def CancelBooking(self, request: pb.CancelBookingRequest, context: Context) -> pb.CancelBookingResponse:
        """Cancels a booking of a call."""
        require_ids(request, "booking_id", "call_id")
        booking, is_new = await self.bookings.cancel(request.booking_id, request.call_id, wire.attempt(request))
        if is_new:
            self.metrics.cancellations.inc()
        return pb.CancelBookingResponse(booking=booking.to_proto())

    async def SettleBookings(self, request: pb.SettleBookingsRequest, context: Context) -> pb.SettleBookingsResponse:
        """Reads a call's bookings for good."""
        require_ids(request, "call_id", "campaign_id")
        attempt = wire.attempt(request)
        self.slots.calendar(request.campaign_id)
        bookings = await self.bookings.settle(request.call_id, request.campaign_id, attempt)
        return pb.SettleBookingsResponse(bookings=[booking.to_proto() for booking in bookings])

    async def SetBookingContact(
        self, request: pb.SetBookingContactRequest, context: Context
    ) -> pb.SetBookingContactResponse:
        """Keeps whom a booking is with."""
        require_ids(request, "booking_id", "call_id")
        contact, version = wire.contact(request), wire.version(request)
        booking = await self.bookings.set_contact(request.booking_id, request.call_id, contact, version)
        return pb.SetBookingContactResponse(booking=booking.to_proto())

    async def EraseCaller(self, request: pb.EraseCallerRequest, context: Context) -> pb.EraseCallerResponse:
        """Erases what is stored about a caller."""
        count = await self.erasure.erase(wire.caller_number(request))
        return pb.EraseCallerResponse(erased_call_count=count)

    async def GetCampaignReport(
        self, request: pb.GetCampaignReportRequest, context: Context
    ) -> pb.GetCampaignReportResponse:
        """Sums up a campaign's calls that started in a span of time."""
        campaign_id = require_id("campaign_id", request.campaign_id)
        report = await self.calls.report(campaign_id, *wire.span(request))
        response: pb.GetCampaignReportResponse = report.to_proto()
        return response
