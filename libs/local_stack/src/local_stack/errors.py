"""What can go wrong with the local stack."""


class LocalStackError(RuntimeError):
    """A problem whose text tells the user what to do; the command shows it without a traceback."""
