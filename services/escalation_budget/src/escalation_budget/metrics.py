"""What the service counts."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter

from escalation_budget.ledger.reservations import Denial, Reservation


class BudgetMetrics:
    """Counters of decisions and settlements; repeated requests count again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        counter = partial(Counter, registry=registry)
        self._decisions = counter(
            "callwright_budget_decisions_total",
            "Answers to requests for money, by the scope that denied it",
            ["request", "decision"],
        )
        self._settlements = counter(
            "callwright_budget_settlements_total",
            "Settlements, by whether the lease had ended and whether more was spent than was reserved",
            ["corrected", "exceeded"],
        )
        self._expired = counter(
            "callwright_budget_expired_reservations_total", "Reservations whose lease ended before they were settled"
        )

    def decided(self, request: str, decision: Reservation | Denial) -> None:
        """Counts an answer; `request` is reserve or extend."""
        outcome = f"denied_{decision.budget.scope.kind}" if isinstance(decision, Denial) else "granted"
        self._decisions.labels(request, outcome).inc()

    def settled(self, reservation: Reservation) -> None:
        """Counts a settlement."""
        self._settlements.labels(str(reservation.corrected).lower(), str(reservation.exceeded).lower()).inc()

    def expired(self) -> None:
        """Counts a reservation that the sweeper expired."""
        self._expired.inc()
