"""What the budget service answers to a wish for premium speech."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Granted:
    """Money is reserved; the lease counts from the time the request was sent."""

    lease_seconds: float


@dataclass(frozen=True, slots=True)
class Denied:
    """There is no money; `outcome` is one of the outcomes of a tier escalation."""

    outcome: str
