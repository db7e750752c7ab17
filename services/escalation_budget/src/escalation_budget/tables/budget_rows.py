"""The table of budgets: reading, locking and changing its rows."""

from collections.abc import Sequence
from typing import Any

from psycopg.rows import DictRow

from callwright_common.database.postgres import Connection, fetch
from escalation_budget.ledger.reservations import Budget
from escalation_budget.ledger.rules import BudgetChange
from escalation_budget.ledger.scopes import Scope, ScopeKind

_INSERT_MISSING = """
    INSERT INTO escalation_budget.budgets (scope_kind, scope_id, limit_micros, ceiling_micros)
    SELECT kind, id, start, start
    FROM unnest(%(kinds)s::text[], %(ids)s::text[], %(starts)s::bigint[])
        WITH ORDINALITY AS missing (kind, id, start, rank)
    ORDER BY rank
    ON CONFLICT DO NOTHING
"""

_LOCK = """
    SELECT budgets.*
    FROM unnest(%(kinds)s::text[], %(ids)s::text[]) WITH ORDINALITY AS wanted (kind, id, rank)
    JOIN escalation_budget.budgets ON (scope_kind, scope_id) = (kind, id)
    ORDER BY rank
    FOR UPDATE OF budgets
"""

_CHANGE = """
    UPDATE escalation_budget.budgets
    SET spent_micros = spent_micros + %(spent)s,
        reserved_micros = reserved_micros + %(reserved)s,
        updated_at = escalation_budget.ledger_time()
    FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS wanted (kind, id)
    WHERE (scope_kind, scope_id) = (kind, id)
"""

_READ = "SELECT * FROM escalation_budget.budgets WHERE scope_kind = %s AND scope_id = %s"

_LIST = """
    SELECT * FROM escalation_budget.budgets
    WHERE (%(kind)s::text IS NULL OR scope_kind = %(kind)s)
      AND (%(after_kind)s::text IS NULL OR (scope_kind, scope_id) > (%(after_kind)s, %(after_id)s::text))
    ORDER BY scope_kind, scope_id LIMIT %(count)s
"""

_SET_LIMIT = """
    INSERT INTO escalation_budget.budgets AS stored (scope_kind, scope_id, limit_micros, ceiling_micros)
    VALUES (%(kind)s, %(id)s, %(limit)s, %(limit)s)
    ON CONFLICT (scope_kind, scope_id) DO UPDATE
    SET limit_micros = excluded.limit_micros,
        ceiling_micros = greatest(excluded.limit_micros, stored.spent_micros + stored.reserved_micros),
        updated_at = escalation_budget.ledger_time()
    RETURNING *
"""
WRITES = (_INSERT_MISSING, _LOCK, _CHANGE, _SET_LIMIT)


async def lock_budgets(connection: Connection, starting: Sequence[Budget]) -> list[Budget]:
    """Returns the budgets of the scopes, locked in the given order; a missing one begins as given."""
    parameters = _keys([budget.scope for budget in starting])
    rows = await fetch(connection, _LOCK, parameters)
    if len(rows) < len(starting):
        await connection.execute(_INSERT_MISSING, parameters | {"starts": [budget.limit for budget in starting]})
        rows = await fetch(connection, _LOCK, parameters)
    return [budget_of(row) for row in rows]


async def change_budgets(connection: Connection, scopes: Sequence[Scope], booking: BudgetChange) -> None:
    """Applies a booking to budgets that this transaction has locked."""
    await connection.execute(_CHANGE, _keys(scopes) | {"spent": booking.spent, "reserved": booking.reserved})


async def read_budget(connection: Connection, scope: Scope) -> Budget | None:
    """Returns a scope's budget, if it has one yet."""
    rows = await fetch(connection, _READ, (scope.kind, scope.id))
    return budget_of(rows[0]) if rows else None


async def read_budgets(connection: Connection, kind: ScopeKind | None, after: Scope | None, count: int) -> list[Budget]:
    """Returns the budgets that follow one, ordered by kind and id."""
    after_kind, after_id = (after.kind, after.id) if after else (None, None)
    parameters = {"kind": kind, "after_kind": after_kind, "after_id": after_id, "count": count}
    return [budget_of(row) for row in await fetch(connection, _LIST, parameters)]


async def write_limit(connection: Connection, scope: Scope, limit: int) -> Budget:
    """Sets a scope's limit and returns its budget."""
    [row] = await fetch(connection, _SET_LIMIT, {"kind": scope.kind, "id": scope.id, "limit": limit})
    return budget_of(row)


def _keys(scopes: Sequence[Scope]) -> dict[str, Any]:
    return {"kinds": [scope.kind.value for scope in scopes], "ids": [scope.id for scope in scopes]}


def budget_of(row: DictRow) -> Budget:
    """Returns the budget of a row."""
    scope = Scope(ScopeKind(row["scope_kind"]), row["scope_id"])
    return Budget(scope, row["limit_micros"], row["spent_micros"], row["reserved_micros"])
