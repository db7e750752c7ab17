"""Scopes: what a limit holds for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ScopeKind(StrEnum):
    """The kinds of scopes, in the order in which their budgets are checked and locked."""

    CALL = "call"
    CAMPAIGN_DAY = "campaign_day"
    GLOBAL_DAY = "global_day"


class ScopeError(ValueError):
    """An id that names no scope of its kind."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One call, one campaign on one UTC day, or all calls of one UTC day.

    Attributes:
        kind: What the limit holds for.
        id: The call's id, `<campaign_id>/<YYYY-MM-DD>` or `<YYYY-MM-DD>`.
    """

    kind: ScopeKind
    id: str

    @property
    def campaign_id(self) -> str | None:
        """The campaign of a campaign-day, else None."""
        return self.id.rpartition("/")[0] if self.kind is ScopeKind.CAMPAIGN_DAY else None


def scopes_of(call_id: str, campaign_id: str, day: date) -> tuple[Scope, Scope, Scope]:
    """Returns the scopes that a reservation counts in, in the order in which they are checked and locked."""
    return (
        Scope(ScopeKind.CALL, call_id),
        Scope(ScopeKind.CAMPAIGN_DAY, f"{campaign_id}/{day.isoformat()}"),
        Scope(ScopeKind.GLOBAL_DAY, day.isoformat()),
    )


def require_well_formed(scope: Scope) -> Scope:
    """Returns the scope if its id has the form of its kind.

    Raises:
        ScopeError: saying which form is expected.
    """
    if scope.kind is ScopeKind.CAMPAIGN_DAY and not (scope.campaign_id and _is_day(scope.id.rpartition("/")[2])):
        raise ScopeError("must be <campaign_id>/<YYYY-MM-DD>")
    if scope.kind is ScopeKind.GLOBAL_DAY and not _is_day(scope.id):
        raise ScopeError("must be <YYYY-MM-DD>")
    return scope


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
