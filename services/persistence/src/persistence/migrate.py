"""Brings the database's tables to a revision, forward or back, in one transaction under a lock."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from persistence.schema import SCHEMA, VERSION_TABLE

_LOCK_KEY = 0x63616C6C77726774
"""The advisory lock that keeps two migrations apart; escalation_budget, which may share the database, has another."""
_LOCK_TIMEOUT = "15s"


def migrate(database_url: str, target: str = "head") -> tuple[str | None, str | None]:
    """Runs the steps between the database's revision and the target.

    Args:
        database_url: A libpq URL.
        target: `head`, `base` (nothing left), `down` (one step back) or a revision.

    Returns:
        The revision before and after; None is a database without our tables.

    Raises:
        LookupError: if there is no such revision.
        psycopg.OperationalError: if the database cannot be reached.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(database_url, connect_timeout=5), poolclass=NullPool
    )
    with engine.begin() as connection:
        # A migration that waits for a table blocks everybody who comes after it, so it does not wait for long.
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        before = _revision(connection)
        config.attributes["connection"] = connection
        _run(config, before, target)
        return before, _revision(connection)


def _run(config: Config, current: str | None, target: str) -> None:
    scripts = ScriptDirectory.from_config(config)
    passed = [script.revision for script in scripts.iterate_revisions(current or "base", "base")]
    if target not in ("head", "base", "down") and target not in (
        script.revision for script in scripts.walk_revisions()
    ):
        raise LookupError(f"there is no revision {target}")
    if target == "down":
        command.downgrade(config, passed[1] if len(passed) > 1 else "base")
    elif target == "base" or target in passed:
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def _revision(connection: Connection) -> str | None:
    options = {"version_table": VERSION_TABLE, "version_table_schema": SCHEMA}
    return MigrationContext.configure(connection, opts=options).get_current_revision()
