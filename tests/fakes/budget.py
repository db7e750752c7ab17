"""Budget services: one in memory for the gateway's own logic, with faults on demand."""

import asyncio

from callwright_common.errors import UnavailableError
from callwright_common.money import Amount
from vocabulary.enums import EscalationOutcome
from voice_gateway.premium_voice.budget import Denied, Granted


class FakeBudget:
    """Grants until told otherwise."""

    def __init__(self, lease_seconds: float = 60.0) -> None:
        self.lease_seconds = lease_seconds
        self.denial: EscalationOutcome | None = None
        self.down = False
        self.reserved: dict[str, int] = {}
        self.extended: list[tuple[str, int]] = []
        self.was_extended = asyncio.Event()
        self.settled: list[tuple[str, int]] = []

    async def reserve(
        self, reservation_id: str, call_id: str, campaign_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        if self.down:
            raise UnavailableError("DOWN", "no budget service")
        if self.denial:
            return Denied(self.denial)
        self.reserved[reservation_id] = amount.micros
        return Granted(self.lease_seconds)

    async def extend(
        self, reservation_id: str, extension_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        self.was_extended.set()
        if self.down:
            raise UnavailableError("DOWN", "no budget service")
        if self.denial:
            return Denied(self.denial)
        self.extended.append((reservation_id, amount.micros))
        return Granted(self.lease_seconds)

    def settle(self, reservation_id: str, spent: Amount) -> None:
        self.settled.append((reservation_id, spent.micros))
