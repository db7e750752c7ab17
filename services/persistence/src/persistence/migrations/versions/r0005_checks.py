"""Takes the checks among what a turn asks, and the doubt that leads to them among the triggers."""

import tomllib
from pathlib import Path

from persistence.migrations.closed_sets import restrict

revision = "0005"
down_revision = "0004"

_ADDED = {
    ("turns", "asked"): ("opt_out_check", "wrong_person_check"),
    ("agent_transitions", "trigger_reason"): ("doubted",),
}


def upgrade() -> None:
    """Lets the columns hold the new words."""
    words = _words()
    for (table, column), added in _ADDED.items():
        restrict(table, column, *words[table][column], *added)


def downgrade() -> None:
    """Lets the columns hold the words of the step before alone."""
    words = _words()
    for table, column in _ADDED:
        restrict(table, column, *words[table][column])


def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("r0001_words.toml").read_text())
