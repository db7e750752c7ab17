"""The task that ends leases which nobody settled."""

import asyncio

from callwright_common.errors import UnavailableError
from callwright_common.logs import get_logger
from escalation_budget.metrics import BudgetMetrics
from escalation_budget.tables.postgres_ledger import PostgresLedger

_logger = get_logger(__name__)


async def sweep(ledger: PostgresLedger, metrics: BudgetMetrics, interval_seconds: float) -> None:
    """Expires reservations whose lease is over, until cancelled. Several replicas may do it at once."""
    while True:
        try:
            while (expired := await ledger.expire_one()) is not None:
                metrics.expired()
                _logger.warning(
                    "lease ended without a settlement",
                    reservation_id=expired.order.reservation_id,
                    call_id=expired.order.call_id,
                    micros=expired.amount,
                )
        except UnavailableError:
            pass  # `DatabaseReadiness` tells when the database goes; the next round sweeps what is left
        await asyncio.sleep(interval_seconds)
