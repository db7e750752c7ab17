"""The errors that services answer with.

Every error has a status code, a `reason` from a closed set of UPPER_SNAKE_CASE words that programs may branch on, and a
static message for people. Messages never contain what a caller said or who the caller is.
"""

import re
from enum import StrEnum

DOMAIN = "callwright"
_CAUSES = ("field", "sqlstate", "cause")
_INDEX = re.compile(r"\[\d+\]")


class StatusCode(StrEnum):
    """What kind of error it is, by the names of gRPC's status codes; only the edges know gRPC itself."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    ABORTED = "ABORTED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    UNAVAILABLE = "UNAVAILABLE"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    UNIMPLEMENTED = "UNIMPLEMENTED"
    INTERNAL = "INTERNAL"


class ServiceError(Exception):
    """An error with a meaning for the client."""

    code: StatusCode = StatusCode.INTERNAL

    def __init__(self, reason: str, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata = metadata

    @property
    def cause(self) -> str:
        """What a metric tells besides the reason, of a closed set: an SQLSTATE, a field's path without indexes."""
        return _INDEX.sub("[]", next((self.metadata[key] for key in _CAUSES if key in self.metadata), ""))


class InvalidArgumentError(ServiceError):
    """The request cannot be right, whatever the state of the system."""

    code = StatusCode.INVALID_ARGUMENT

    def __init__(self, field: str, problem: str) -> None:
        super().__init__("INVALID_FIELD", f"{field}: {problem}", field=field)


class NotFoundError(ServiceError):
    """What the request names does not exist."""

    code = StatusCode.NOT_FOUND


class AlreadyExistsError(ServiceError):
    """The id was used before with another content."""

    code = StatusCode.ALREADY_EXISTS


class FailedPreconditionError(ServiceError):
    """The request does not fit the present state and will not until something changes."""

    code = StatusCode.FAILED_PRECONDITION


class AbortedError(ServiceError):
    """Somebody else was faster; read again and try again."""

    code = StatusCode.ABORTED


class ResourceExhaustedError(ServiceError):
    """A limit is reached."""

    code = StatusCode.RESOURCE_EXHAUSTED


class UnavailableError(ServiceError):
    """A dependency is down or late; the same request may succeed later."""

    code = StatusCode.UNAVAILABLE


class DeadlineExceededError(ServiceError):
    """The time that the client allowed is over."""

    code = StatusCode.DEADLINE_EXCEEDED


class UnimplementedError(ServiceError):
    """The method is part of the contract and this build does not have it."""

    code = StatusCode.UNIMPLEMENTED
