"""The tables of reservations and extensions: reading, locking and changing their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, LiteralString

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from callwright_common.database.postgres import Connection, fetch
from escalation_budget.ledger.errors import IdempotencyConflictError, ReservationNotFoundError
from escalation_budget.ledger.reservations import (
    Denial,
    ExtendOrder,
    Reservation,
    ReservationState,
    ReserveOrder,
)
from escalation_budget.tables.budget_rows import budget_of

_INSERT = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    INSERT INTO escalation_budget.reservations (
        reservation_id, call_id, campaign_id, requested_micros, requested_lease, day, state, amount_micros,
        created_at, expires_at
    )
    SELECT %(reservation_id)s, %(call_id)s, %(campaign_id)s, %(amount)s, %(lease)s, (now AT TIME ZONE 'UTC')::date,
        'reserved', %(amount)s, now, now + %(lease)s
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
    UPDATE escalation_budget.reservations SET state = 'denied', denial = %(denial)s
    WHERE reservation_id = %(reservation_id)s
"""

_EXTEND = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations
    SET amount_micros = amount_micros + %(additional_amount)s, expires_at = now + %(lease)s
    FROM moment
    WHERE reservation_id = %(reservation_id)s
    RETURNING reservations.*, now AS observed_at
"""

# A lease that ended without having been swept leaves the same trace as one that was.
_CLOSE = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations
    SET state = %(state)s, settled_micros = %(settled)s, actual_micros = %(actual)s, closed_at = now,
        expired_at = coalesce(expired_at, CASE WHEN expires_at <= now THEN now END)
    FROM moment
    WHERE reservation_id = %(reservation_id)s
    RETURNING reservations.*, now AS observed_at
"""

_EXPIRE = """
    WITH moment AS MATERIALIZED (SELECT escalation_budget.ledger_time() AS now)
    UPDATE escalation_budget.reservations SET state = 'expired', expired_at = now
    FROM moment
    WHERE reservation_id = %(reservation_id)s
    RETURNING reservations.*, now AS observed_at
"""

_INSERT_EXTENSION = """
    INSERT INTO escalation_budget.extensions (
        extension_id, reservation_id, additional_micros, lease, denial, created_at
    )
    VALUES (%(extension_id)s, %(reservation_id)s, %(additional_amount)s, %(lease)s, %(denial)s,
        escalation_budget.ledger_time())
    ON CONFLICT (extension_id) DO NOTHING
    RETURNING extension_id
"""
WRITES = (_INSERT, _LOCK, _DENY, _EXTEND, _CLOSE, _EXPIRE, _INSERT_EXTENSION)


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension that was asked for before, and its denial, if it was denied."""

    order: ExtendOrder
    denial: Denial | None


async def insert_reservation(connection: Connection, order: ReserveOrder) -> Reservation | None:
    """Returns a new reservation, locked, or None if its id is taken, also by a transaction that it had to wait for."""
    return _first(await fetch(connection, _INSERT, asdict(order)))


async def lock_reservation(connection: Connection, reservation_id: str) -> Reservation:
    """Returns a reservation, locked.

    Raises:
        ReservationNotFoundError: There is none with this id.
    """
    reservation = _first(await fetch(connection, _LOCK, (reservation_id,)))
    if reservation is None:
        raise ReservationNotFoundError
    return reservation


async def lock_overdue_reservation(connection: Connection) -> Reservation | None:
    """Returns the reservation whose lease ended first and that no transaction holds, locked."""
    return _first(await fetch(connection, _LOCK_OVERDUE))


async def deny_reservation(connection: Connection, reservation_id: str, denial: Denial) -> None:
    """Remembers that a new reservation was denied."""
    await connection.execute(_DENY, {"reservation_id": reservation_id, "denial": _from_denial(denial)})


async def extend_reservation(connection: Connection, order: ExtendOrder) -> Reservation:
    """Adds the order's amount and starts its lease."""
    return await _update(connection, _EXTEND, asdict(order))


async def close_reservation(
    connection: Connection, reservation_id: str, settled: int | None, actual: int | None
) -> Reservation:
    """Settles a reservation at what was booked of its actual cost, or releases it if they are None."""
    state = ReservationState.RELEASED if settled is None else ReservationState.SETTLED
    parameters = {"reservation_id": reservation_id, "state": state, "settled": settled, "actual": actual}
    return await _update(connection, _CLOSE, parameters)


async def expire_reservation(connection: Connection, reservation_id: str) -> Reservation:
    """Marks a reservation as expired."""
    return await _update(connection, _EXPIRE, {"reservation_id": reservation_id})


async def read_extension(connection: Connection, extension_id: str) -> Extension | None:
    """Returns what was asked for and answered under an extension's id."""
    statement = "SELECT * FROM escalation_budget.extensions WHERE extension_id = %s"
    rows = await fetch(connection, statement, (extension_id,))
    if not rows:
        return None
    row = rows[0]
    order = ExtendOrder(row["reservation_id"], row["extension_id"], row["additional_micros"], row["lease"])
    return Extension(order, _to_denial(row["denial"]))


async def insert_extension(connection: Connection, order: ExtendOrder, denial: Denial | None) -> None:
    """Remembers an extension and its answer.

    Raises:
        IdempotencyConflictError: Another reservation was extended under this id in the meantime.
    """
    parameters = {**asdict(order), "denial": _from_denial(denial) if denial else None}
    if not await fetch(connection, _INSERT_EXTENSION, parameters):
        raise IdempotencyConflictError


async def _update(connection: Connection, statement: LiteralString, parameters: Mapping[str, Any]) -> Reservation:
    [row] = await fetch(connection, statement, parameters)
    return _to_reservation(row)


def _first(rows: Sequence[DictRow]) -> Reservation | None:
    return _to_reservation(rows[0]) if rows else None


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
    return None if value is None else Denial(budget_of(value))
