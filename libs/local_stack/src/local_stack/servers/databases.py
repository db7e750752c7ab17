"""A database of its own for each service that has one."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import errors, sql

from local_stack import LocalStackError

_CONNECT_SECONDS = 10


def ensure_database(server_url: str, name: str) -> None:
    """Creates a database where there is none, by way of any database of a user who may create some.

    Raises:
        LocalStackError: the server cannot be reached, or its user may not create databases.
    """
    try:
        with psycopg.connect(server_url, autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except errors.DuplicateDatabase:
        return
    except psycopg.Error as error:
        raise LocalStackError(f"PostgreSQL (POSTGRES_URL, if it is yours): {error}") from error


def database_url(server_url: str, name: str) -> str:
    """Returns the URL of a database on the server of another database's URL."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
