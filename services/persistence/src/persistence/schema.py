"""The names that tables live under and the revision that this build reads and writes."""

SCHEMA = "persistence"
VERSION_TABLE = "alembic_version"
REVISION = "0002"
"""The newest step in `persistence.migrations.versions`. Later steps keep what this build needs."""


def schema_problem(revision: str | None) -> str | None:
    """Returns why this build cannot work on a schema, or None if it can; a newer schema serves older builds.

    Args:
        revision: What the database says; None if there are no tables.
    """
    if revision is None:
        return f"the database has no tables: run `python -m persistence migrate` (to revision {REVISION})"
    if revision < REVISION:
        return f"the database is at revision {revision}, {REVISION} is needed: run `python -m persistence migrate`"
    return None
