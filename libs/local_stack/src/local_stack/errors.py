"""What can go wrong with a local stack in a way that its user can mend."""


class LocalStackError(RuntimeError):
    """A problem whose text tells the user what to do; the command shows it without a traceback."""
