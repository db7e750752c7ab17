"""The local stack: all of Callwright as processes on one machine."""


class LocalStackError(RuntimeError):
    """A problem whose text tells the user what to do; the command shows it without a traceback."""
