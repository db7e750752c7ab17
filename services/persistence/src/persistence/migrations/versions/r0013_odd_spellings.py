"""Finds a contact by the digits of its number wherever they stand in it, in whatever script, and by its call."""

from alembic import op

revision = "0013"
down_revision = "0012"

_SCRIPTS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９"
_DIGITS = f"regexp_replace(translate(contact_phone, '{_SCRIPTS}', repeat('0123456789', 4)), '[^0-9]', '', 'g')"
_FIRST_DIGITS = "regexp_replace(regexp_replace(contact_phone, '[[:alpha:]].*$', ''), '[^0-9]', '', 'g')"


def upgrade() -> None:
    """Works out the digits anew; none of them is looked up as a whole any more."""
    op.execute("ALTER TABLE persistence.bookings DROP COLUMN contact_phone_digits")
    _add_digits(_DIGITS)
    op.execute("CREATE INDEX bookings_contact_call ON persistence.bookings (call_id) WHERE contact_phone IS NOT NULL")


def downgrade() -> None:
    """Finds contacts again by the digits that their numbers begin with."""
    op.execute("DROP INDEX persistence.bookings_contact_call")
    op.execute("ALTER TABLE persistence.bookings DROP COLUMN contact_phone_digits")
    _add_digits(_FIRST_DIGITS)
    op.execute(
        "CREATE INDEX bookings_contact_phone_digits ON persistence.bookings (contact_phone_digits) "
        "WHERE contact_phone_digits IS NOT NULL"
    )


def _add_digits(expression: str) -> None:
    op.execute(
        "ALTER TABLE persistence.bookings "
        f"ADD COLUMN contact_phone_digits text GENERATED ALWAYS AS ({expression}) STORED"
    )
