"""The appointment book that the persistence service keeps."""

from datetime import datetime, timedelta

import grpc

from agent_orchestrator.agents.appointments import (
    AppointmentsUnavailableError,
    LastContact,
    OutcomeUnknownError,
    SlotTakenError,
)
from callwright.persistence.v1 import persistence_pb2, persistence_pb2_grpc
from callwright_common.breaker import BreakerOpenError, CircuitBreaker, counts_as_failure
from callwright_common.errors import AbortedError, FailedPreconditionError, ServiceError
from callwright_common.rpc.client import service_errors
from callwright_common.rpc.wire import to_duration, to_timestamp
from vocabulary.turns import Booking, Contact, Slot

IDEMPOTENT_METHODS = [
    ("callwright.persistence.v1.PersistenceService", method)
    for method in (
        "ListFreeSlots",
        "HoldSlot",
        "ConfirmBooking",
        "CancelBooking",
        "SettleBookings",
        "SetBookingContact",
    )
]
_HOLD = timedelta(minutes=2)


class PersistenceAppointmentBook:
    """An `AppointmentBook` behind gRPC; each call is bounded and guarded by a breaker."""

    def __init__(self, channel: grpc.aio.Channel, breaker: CircuitBreaker, timeout_seconds: float) -> None:
        self._stub = persistence_pb2_grpc.PersistenceServiceStub(channel)
        self._breaker = breaker
        self._timeout = timeout_seconds

    async def free_slots(
        self, campaign_id: str, from_time: datetime, to_time: datetime, limit: int
    ) -> tuple[Slot, ...]:
        """Returns the earliest free slots of a campaign."""
        request = persistence_pb2.ListFreeSlotsRequest(
            campaign_id=campaign_id,
            from_time=to_timestamp(from_time),
            to_time=to_timestamp(to_time),
            page_size=limit,
        )
        try:
            async with self._breaker.attempt(), service_errors():
                response = await self._stub.ListFreeSlots(request, timeout=self._timeout)
        except ServiceError:
            raise AppointmentsUnavailableError from None
        return tuple(map(Slot.from_proto, response.slots))

    async def book(
        self, booking_id: str, slot_id: str, call_id: str, *, contact: Contact | None, attempt: int
    ) -> Booking:
        """Holds the slot and confirms the booking; the same booking again answers the same."""
        request = persistence_pb2.ConfirmBookingRequest(
            booking_id=booking_id, slot_id=slot_id, call_id=call_id, attempt=attempt
        )
        if contact is not None:
            request.contact.CopyFrom(contact.to_proto())
        is_sent = False
        try:
            async with self._breaker.attempt(), service_errors():
                await self._stub.HoldSlot(
                    persistence_pb2.HoldSlotRequest(slot_id=slot_id, call_id=call_id, hold=to_duration(_HOLD)),
                    timeout=self._timeout,
                )
                is_sent = True
                response = await self._stub.ConfirmBooking(request, timeout=self._timeout)
        except (AbortedError, FailedPreconditionError):
            raise SlotTakenError from None
        except ServiceError as error:
            raise (_failure(error) if is_sent else AppointmentsUnavailableError()) from None
        return Booking.from_proto(response.booking)

    async def cancel(self, booking_id: str, call_id: str, *, attempt: int) -> Booking:
        """Cancels a booking of the call; the same one again answers the same."""
        request = persistence_pb2.CancelBookingRequest(booking_id=booking_id, call_id=call_id, attempt=attempt)
        try:
            async with self._breaker.attempt(), service_errors():
                response = await self._stub.CancelBooking(request, timeout=self._timeout)
        except ServiceError as error:
            raise _failure(error) from None
        return Booking.from_proto(response.booking)

    async def settle(self, call_id: str, campaign_id: str, attempt: int) -> tuple[Booking, ...]:
        """Reads the call's bookings, which no attempt up to this one changes any more."""
        request = persistence_pb2.SettleBookingsRequest(call_id=call_id, campaign_id=campaign_id, attempt=attempt)
        try:
            # A breaker that is open would leave the caller in doubt although the service answers again.
            async with service_errors():
                response = await self._stub.SettleBookings(request, timeout=self._timeout)
        except ServiceError:
            raise AppointmentsUnavailableError from None
        return tuple(map(Booking.from_proto, response.bookings))

    async def set_contact(self, booking_id: str, call_id: str, contact: Contact, *, version: int) -> Booking:
        """Keeps whom a booking is with; the same again answers the same."""
        try:
            return await self._set_contact(booking_id, call_id, contact, version)
        except ServiceError:
            raise AppointmentsUnavailableError from None

    async def keep_last(self, call_id: str, last: LastContact) -> None:
        """Keeps whom a call that is over booked with, whatever of its bookings went through.

        Raises:
            ServiceError: if the service does not answer, or refuses it.
        """
        request = persistence_pb2.SettleBookingsRequest(
            call_id=call_id, campaign_id=last.campaign_id, attempt=last.version
        )
        async with self._breaker.attempt(), service_errors():
            response = await self._stub.SettleBookings(request, timeout=self._timeout)
        for booking in response.bookings:
            if not booking.HasField("cancel_time"):
                await self._set_contact(booking.booking_id, call_id, last.contact, last.version)

    async def _set_contact(self, booking_id: str, call_id: str, contact: Contact, version: int) -> Booking:
        request = persistence_pb2.SetBookingContactRequest(
            booking_id=booking_id, call_id=call_id, contact=contact.to_proto(), version=version
        )
        async with self._breaker.attempt(), service_errors():
            response = await self._stub.SetBookingContact(request, timeout=self._timeout)
        return Booking.from_proto(response.booking)


def _failure(error: ServiceError) -> Exception:
    """Returns what a change of the calendar failed with: whoever refused it, or was not asked, has changed nothing."""
    is_known = isinstance(error, BreakerOpenError) or not counts_as_failure(error)
    return AppointmentsUnavailableError() if is_known else OutcomeUnknownError()
