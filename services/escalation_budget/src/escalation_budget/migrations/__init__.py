"""The versions of the database schema, and the command that moves between them."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential

SCHEMA = "escalation_budget"
REQUIRED_REVISION = "0001"
"""The oldest schema that this code works with. Revisions are numbers of four digits, so that they compare as texts."""

_LOCK_KEY = 0x0E5C_B0D6_E700_0001
_CONNECT_SECONDS = 30


def migrate(database_url: str, revision: str = "head") -> None:
    """Brings the schema to a revision, forwards or backwards, in one transaction.

    Processes that do this at the same time wait for each other.

    Args:
        database_url: postgresql://…; the user must be allowed to create a schema.
        revision: `head`, `base` (an empty schema) or a revision's number.

    Raises:
        OperationalError: The database did not answer for 30 seconds.
    """
    engine = create_engine(_sqlalchemy_url(database_url))
    try:
        with as_file(files(__name__)) as folder:
            config = Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            with _connect(engine) as connection, connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                config.attributes["connection"] = connection
                _move(config, connection, revision)
    finally:
        engine.dispose()


@retry(
    retry=retry_if_exception_type(OperationalError),
    wait=wait_exponential(multiplier=0.2, max=2),
    stop=stop_after_delay(_CONNECT_SECONDS),
    reraise=True,
)
def _connect(engine: Engine) -> Connection:
    return engine.connect()


def _move(config: Config, connection: Connection, revision: str) -> None:
    current = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA}).get_current_revision()
    backwards = revision == "base" or (revision != "head" and current is not None and revision < current)
    (command.downgrade if backwards else command.upgrade)(config, revision)


def _sqlalchemy_url(database_url: str) -> URL:
    return make_url(database_url).set(drivername="postgresql+psycopg")
