"""Lets a call hold several unknown words of a kind, and takes the states of bookings among the closed sets."""

from alembic import op

revision = "0004"
down_revision = "0003"

_ESCALATIONS = "persistence.tier_escalation_events"
_ONE_PER_OUTCOME = "tier_escalation_events_call_id_escalation_id_outcome_key"


def upgrade() -> None:
    """Keeps outcomes that are unknown apart from each other by their sequence alone."""
    op.execute(f"ALTER TABLE {_ESCALATIONS} DROP CONSTRAINT {_ONE_PER_OUTCOME}")
    op.execute(
        f"CREATE UNIQUE INDEX idx_tier_escalations_one_per_outcome ON {_ESCALATIONS} (call_id, escalation_id, outcome) "
        "WHERE outcome <> 'unknown'"
    )
    op.execute("ALTER TABLE persistence.bookings RENAME CONSTRAINT bookings_state_check TO bookings_state_words")


def downgrade() -> None:
    """Keeps the first unknown outcome of an escalation; the others stay in the event log."""
    op.execute("ALTER TABLE persistence.bookings RENAME CONSTRAINT bookings_state_words TO bookings_state_check")
    op.execute("DROP INDEX persistence.idx_tier_escalations_one_per_outcome")
    op.execute(
        f"DELETE FROM {_ESCALATIONS} AS later USING {_ESCALATIONS} AS first "  # noqa: S608 - constants
        "WHERE first.call_id = later.call_id AND first.escalation_id = later.escalation_id "
        "AND first.outcome = later.outcome AND first.sequence < later.sequence"
    )
    op.execute(f"ALTER TABLE {_ESCALATIONS} ADD CONSTRAINT {_ONE_PER_OUTCOME} UNIQUE (call_id, escalation_id, outcome)")
