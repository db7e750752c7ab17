"""The tables of reservations and extensions: reading, locking and changing their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from escalation_budget.ledger.ledger import IdempotencyConflictError, ReservationNotFoundError
from escalation_budget.ledger.reservations import (
    Budget,
    Denial,
    ExtendOrder,
    Reservation,
    ReservationState,
    ReserveOrder,
)
from escalation_budget.ledger.scopes import Scope, ScopeKind
from escalation_budget.tables.database import Connection

_INSERT = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    INSERT INTO escalation_budget.reservations (
        reservation_id, call_id, campaign_id, requested_micros, requested_lease, day, state, amount_micros,
        created_at, expires_at
    )
    SELECT %(id)s, %(call_id)s, %(campaign_id)s, %(amount)s, %(lease)s, (now AT TIME ZONE 'UTC')::date, 'reserved',
        %(amount)s, now, now + %(lease)s
    FROM moment
    ON CONFLICT (reservation_id) DO NOTHING
    RETURNING *, created_at AS observed_at
"""

_LOCK = """
    SELECT *, escalation_budget.ledger_time() AS observed_at
    FROM escalation_budget.reservations WHERE reservation_id = %s
    FOR UPDATE
"""

_LOCK_OVERDUE = """
    SELECT *, escalation_budget.ledger_time() AS observed_at
    FROM escalation_budget.reservations
    WHERE state = 'reserved' AND expires_at <= escalation_budget.ledger_time()
    ORDER BY expires_at LIMIT 1
    FOR UPDATE SKIP LOCKED
"""

_DENY = """
    UPDATE escalation_budget.reservations SET state = 'denied', denial = %(denial)s WHERE reservation_id = %(id)s
"""

_EXTEND = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations
    SET amount_micros = amount_micros + %(amount)s, expires_at = now + %(lease)s
    FROM moment
    WHERE reservation_id = %(id)s
    RETURNING reservations.*, now AS observed_at
"""

# A lease that ended without having been swept leaves the same trace as one that was.
_CLOSE = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations
    SET state = %(state)s, settled_micros = %(settled)s, actual_micros = %(actual)s, closed_at = now,
        expired_at = coalesce(expired_at, CASE WHEN expires_at <= now THEN now END)
    FROM moment
    WHERE reservation_id = %(id)s
    RETURNING reservations.*, now AS observed_at
"""

_EXPIRE = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations SET state = 'expired', expired_at = now
    FROM moment
    WHERE reservation_id = %(id)s
    RETURNING reservations.*, now AS observed_at
"""

_INSERT_EXTENSION = """
    INSERT INTO escalation_budget.extensions (
        extension_id, reservation_id, additional_micros, lease, denial, created_at
    )
    VALUES (%(extension_id)s, %(id)s, %(amount)s, %(lease)s, %(denial)s, escalation_budget.ledger_time())
    ON CONFLICT (extension_id) DO NOTHING
    RETURNING extension_id
"""


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension that was asked for before, and its denial, if it was denied."""

    order: ExtendOrder
    denial: Denial | None


async def insert_reservation(connection: Connection, order: ReserveOrder) -> Reservation | None:
    """Returns a new reservation, locked, or None if its id is taken, also by a transaction that it had to wait for."""
    parameters = {
        "id": order.reservation_id,
        "call_id": order.call_id,
        "campaign_id": order.campaign_id,
        "amount": order.amount,
        "lease": order.lease,
    }
    cursor = await connection.execute(_INSERT, parameters)
    row = await cursor.fetchone()
    return None if row is None else _to_reservation(row)


async def lock_reservation(connection: Connection, reservation_id: str) -> Reservation:
    """Returns a reservation, locked.

    Raises:
        ReservationNotFoundError: There is none with this id.
    """
    cursor = await connection.execute(_LOCK, (reservation_id,))
    row = await cursor.fetchone()
    if row is None:
        raise ReservationNotFoundError
    return _to_reservation(row)


async def lock_overdue_reservation(connection: Connection) -> Reservation | None:
    """Returns the reservation whose lease ended first and that no transaction holds, locked."""
    cursor = await connection.execute(_LOCK_OVERDUE)
    row = await cursor.fetchone()
    return None if row is None else _to_reservation(row)


async def deny_reservation(connection: Connection, reservation_id: str, denial: Denial) -> None:
    """Remembers that a new reservation was denied."""
    await connection.execute(_DENY, {"id": reservation_id, "denial": _from_denial(denial)})


async def extend_reservation(connection: Connection, order: ExtendOrder) -> Reservation:
    """Adds the order's amount and starts its lease."""
    parameters = {"id": order.reservation_id, "amount": order.additional_amount, "lease": order.lease}
    return await _update(connection, _EXTEND, parameters)


async def close_reservation(
    connection: Connection, reservation_id: str, settled: int | None, actual: int | None
) -> Reservation:
    """Settles a reservation at what was booked of its actual cost, or releases it if they are None."""
    state = ReservationState.RELEASED if settled is None else ReservationState.SETTLED
    parameters = {"id": reservation_id, "state": state, "settled": settled, "actual": actual}
    return await _update(connection, _CLOSE, parameters)


async def expire_reservation(connection: Connection, reservation_id: str) -> Reservation:
    """Marks a reservation as expired."""
    return await _update(connection, _EXPIRE, {"id": reservation_id})


async def read_extension(connection: Connection, extension_id: str) -> Extension | None:
    """Returns what was asked for and answered under an extension's id."""
    cursor = await connection.execute(
        "SELECT * FROM escalation_budget.extensions WHERE extension_id = %s", (extension_id,)
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    order = ExtendOrder(row["reservation_id"], row["extension_id"], row["additional_micros"], row["lease"])
    return Extension(order, _to_denial(row["denial"]))


async def insert_extension(connection: Connection, order: ExtendOrder, denial: Denial | None) -> None:
    """Remembers an extension and its answer.

    Raises:
        IdempotencyConflictError: Another reservation was extended under this id in the meantime.
    """
    parameters = {
        "extension_id": order.extension_id,
        "id": order.reservation_id,
        "amount": order.additional_amount,
        "lease": order.lease,
        "denial": None if denial is None else _from_denial(denial),
    }
    cursor = await connection.execute(_INSERT_EXTENSION, parameters)
    if await cursor.fetchone() is None:
        raise IdempotencyConflictError


async def _update(connection: Connection, statement: str, parameters: Mapping[str, Any]) -> Reservation:
    cursor = await connection.execute(statement, parameters)
    [row] = await cursor.fetchall()
    return _to_reservation(row)


def _to_reservation(row: DictRow) -> Reservation:
    return Reservation(
        order=ReserveOrder(
            row["reservation_id"], row["call_id"], row["campaign_id"], row["requested_micros"], row["requested_lease"]
        ),
        day=row["day"],
        state=ReservationState(row["state"]),
        amount=row["amount_micros"],
        settled=row["settled_micros"],
        actual=row["actual_micros"],
        expires_at=row["expires_at"],
        expired_at=row["expired_at"],
        denial=_to_denial(row["denial"]),
        observed_at=row["observed_at"],
    )


def _from_denial(denial: Denial) -> Jsonb:
    budget = denial.budget
    return Jsonb(
        {
            "scope_kind": budget.scope.kind.value,
            "scope_id": budget.scope.id,
            "limit_micros": budget.limit,
            "spent_micros": budget.spent,
            "reserved_micros": budget.reserved,
        }
    )


def _to_denial(value: dict[str, Any] | None) -> Denial | None:
    if value is None:
        return None
    scope = Scope(ScopeKind(value["scope_kind"]), value["scope_id"])
    return Denial(Budget(scope, value["limit_micros"], value["spent_micros"], value["reserved_micros"]))
