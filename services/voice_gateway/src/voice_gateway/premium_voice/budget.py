"""What the premium voice needs of the budget service, and what that answers."""

from dataclasses import dataclass
from typing import Protocol

from callwright_common.money import Amount
from vocabulary.enums import EscalationOutcome


@dataclass(frozen=True, slots=True)
class Granted:
    """Money is reserved; the lease counts from the time the request was sent."""

    lease_seconds: float


@dataclass(frozen=True, slots=True)
class Denied:
    """There is no money; `outcome` says whose limit is reached."""

    outcome: EscalationOutcome


class BudgetService(Protocol):
    """The budget service."""

    async def reserve(
        self, reservation_id: str, call_id: str, campaign_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        """Asks for money and a lease; raises ServiceError."""

    async def extend(
        self, reservation_id: str, extension_id: str, amount: Amount, lease_seconds: float
    ) -> Granted | Denied:
        """Asks for more of both; raises ServiceError."""
