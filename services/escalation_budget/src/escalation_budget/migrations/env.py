"""Runs migrations on the connection that `migrate` opened; Alembic executes this file."""

from alembic import context

from escalation_budget.migrations import SCHEMA

context.configure(connection=context.config.attributes["connection"], version_table_schema=SCHEMA)
context.run_migrations()
