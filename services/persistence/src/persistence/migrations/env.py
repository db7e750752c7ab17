"""Alembic's entry: runs the steps on the connection that `persistence.migrate` opened, inside its transaction."""

from alembic import context

from persistence.schema import SCHEMA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE, version_table_schema=SCHEMA
)
with context.begin_transaction():
    context.run_migrations()
