"""The steps that make and change the tables, run by Alembic through `persistence.migrate`."""
