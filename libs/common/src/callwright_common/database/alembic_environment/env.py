"""Alembic's entry: runs the steps on the connection of `callwright_common.database.migrations`, in its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], **context.config.attributes["options"])
context.run_migrations()
