"""What can go wrong with the ledger."""

from callwright_common.errors import AlreadyExistsError, FailedPreconditionError, NotFoundError


class ReservationNotFoundError(NotFoundError):
    """No reservation has this id."""

    def __init__(self) -> None:
        super().__init__("RESERVATION_NOT_FOUND", "there is no such reservation")


class IdempotencyConflictError(AlreadyExistsError):
    """The id was used before with another content."""

    def __init__(self) -> None:
        super().__init__("IDEMPOTENCY_CONFLICT", "the id was used before with another content")


class ReservationNotLiveError(FailedPreconditionError):
    """The reservation was denied, settled or released, or its lease is over."""

    def __init__(self) -> None:
        super().__init__("RESERVATION_NOT_LIVE", "the reservation holds no money any more")
