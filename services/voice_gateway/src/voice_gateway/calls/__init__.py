"""The calls that this gateway carries, from their first message to their last record."""
