"""The settings of services with a database."""

from typing import Annotated

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, PostgresDsn, SecretStr, TypeAdapter

from callwright_common.settings import ServiceSettings


def _postgres_url(value: SecretStr) -> SecretStr:
    try:
        TypeAdapter(PostgresDsn).validate_python(value.get_secret_value())
        conninfo_to_dict(value.get_secret_value())
    except (ValueError, psycopg.Error):
        raise ValueError("must be a URL like postgresql://user:password@host:5432/database") from None
    return value


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
"""A libpq URL, which holds a password."""


class DatabaseServiceSettings(ServiceSettings):
    """What every service with a database needs to know."""

    database_url: PostgresUrl = Field(description="postgresql://user:password@host:port/database")
    database_max_connections: int = Field(10, ge=1, le=200, description="connections to PostgreSQL at most")
    database_wait_seconds: float = Field(2.0, gt=0, le=60, description="how long work waits for a connection")
    database_lock_seconds: float = Field(1.5, gt=0, le=60, description="wait for a row that is locked at most")
    database_statement_seconds: float = Field(5.0, gt=0, le=300, description="after this PostgreSQL ends a statement")
