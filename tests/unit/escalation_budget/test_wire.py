"""The closed sets of the ledger on the wire."""

import pytest

from callwright.escalation_budget.v1 import escalation_budget_pb2 as pb
from escalation_budget.ledger.reservations import Budget, Denial
from escalation_budget.ledger.scopes import Scope, ScopeKind
from escalation_budget.wire import optional_kind, to_denial


@pytest.mark.parametrize("kind", ScopeKind)
def test_every_scope_has_a_reason_of_its_own(kind: ScopeKind) -> None:
    denial = to_denial(Denial(Budget(Scope(kind, "any"), limit=1)), "USD")
    reason = pb.DenialReason.Name(denial.reason)
    assert reason == f"DENIAL_REASON_{kind.name.removesuffix('_DAY')}_LIMIT"
    assert optional_kind(denial.budget.scope_kind) is kind


def test_there_are_no_other_reasons() -> None:
    assert len(pb.DenialReason.values()) == len(ScopeKind) + 1
