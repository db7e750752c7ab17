"""Keeps up to which attempt the changes that a call wanted in a calendar are closed."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Makes the table."""
    op.execute("""
        CREATE TABLE persistence.settled_attempts (
            call_id      varchar(128) NOT NULL,
            calendar_id  integer      NOT NULL REFERENCES persistence.calendars,
            attempt      bigint       NOT NULL,
            PRIMARY KEY (call_id, calendar_id)
        )
    """)


def downgrade() -> None:
    """Removes it; what arrives late then counts."""
    op.execute("DROP TABLE persistence.settled_attempts")
