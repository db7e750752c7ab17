"""Versions of a service's tables, and the way from one to another: Alembic's steps in one transaction under a lock."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential

VERSION_TABLE = "alembic_version"
_LOCK_TIMEOUT = "15s"
_CONNECT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one service.

    Attributes:
        name: The PostgreSQL schema that holds them; two services may share a database.
        revision: The newest step, which this build needs. Revisions are numbers of four digits, compared as texts;
            later steps keep what earlier builds need.
        lock_key: The advisory lock that keeps two migrations of this schema apart.
    """

    name: str
    revision: str
    lock_key: int

    @property
    def steps(self) -> str:
        """The package whose `versions` are the steps."""
        return f"{self.name}.migrations"

    def problem(self, revision: str | None) -> str | None:
        """Returns why this build cannot work on a database, or None if it can; newer tables serve older builds.

        Args:
            revision: What the database says; None if there are no tables.
        """
        if revision is None:
            return f"the database has no tables: run `python -m {self.name} migrate`"
        if revision < self.revision:
            return (
                f"the tables are at revision {revision}, {self.revision} is needed: run `python -m {self.name} migrate`"
            )
        return None


def migrate(schema: Schema, database_url: str, target: str = "head") -> tuple[str | None, str | None]:
    """Runs the steps between the database's revision and the target. Those who do so at once wait for each other.

    Args:
        schema: Whose tables; the service's package holds the steps.
        database_url: A libpq URL of a user who may create a schema.
        target: `head`, `base` (nothing left), `down` (one step back) or a revision.

    Returns:
        The revision before and after; None is a database without the tables.

    Raises:
        LookupError: There is no such revision.
        sqlalchemy.exc.DBAPIError: The database could not be reached for 30 seconds, or a step failed; nothing changed.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("alembic_environment")).replace("%", "%%"))
    config.set_main_option("version_locations", str(files(schema.steps) / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(
        "postgresql+psycopg://",
        # Behind a pooler a prepared statement would outlive the connection and meet the next one's of the same name.
        creator=lambda: psycopg.connect(database_url, connect_timeout=5, prepare_threshold=None),
        poolclass=NullPool,
    )
    with _connect(engine) as connection, connection.begin():
        # A migration that waits for a table blocks everybody who comes after it, so it does not wait for long.
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": schema.lock_key})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema.name}"))
        options = {"version_table": VERSION_TABLE, "version_table_schema": schema.name}
        config.attributes.update(connection=connection, options=options)
        before = _revision(connection, options)
        _move(config, before, target)
        return before, _revision(connection, options)


@retry(
    retry=retry_if_exception_type(OperationalError),
    wait=wait_exponential(multiplier=0.2, max=2),
    stop=stop_after_delay(_CONNECT_SECONDS),
    reraise=True,
)
def _connect(engine: Engine) -> Connection:
    return engine.connect()


def _move(config: Config, current: str | None, target: str) -> None:
    scripts = ScriptDirectory.from_config(config)
    passed = [script.revision for script in scripts.iterate_revisions(current or "base", "base")]
    known = {"head", "base", "down", *(script.revision for script in scripts.walk_revisions())}
    if target not in known:
        raise LookupError(f"there is no revision {target}")
    if target == "down":
        command.downgrade(config, passed[1] if len(passed) > 1 else "base")
    elif target == "base" or target in passed:
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)


def _revision(connection: Connection, options: dict[str, str]) -> str | None:
    return MigrationContext.configure(connection, opts=options).get_current_revision()
