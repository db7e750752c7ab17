"""Takes the checks among what a turn asks, and the doubt that leads to them among the triggers."""

from persistence.migrations.closed_sets import restrict, words_of

revision = "0005"
down_revision = "0004"

_ADDED = {
    ("turns", "asked"): ("opt_out_check", "wrong_person_check"),
    ("agent_transitions", "trigger_reason"): ("doubted",),
}


def upgrade() -> None:
    """Lets the columns hold the new words."""
    for (table, column), added in _ADDED.items():
        restrict(table, column, *words_of(table, column), *added)


def downgrade() -> None:
    """Lets the columns hold the words of the step before alone."""
    for table, column in _ADDED:
        restrict(table, column, *words_of(table, column))
