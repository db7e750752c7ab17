"""The ledger in PostgreSQL's tables; the only room that knows SQL."""
