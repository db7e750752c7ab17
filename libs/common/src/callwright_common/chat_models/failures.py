"""How chat models fail: told apart, logged and counted, with nothing of the conversation."""

import re
from typing import Literal

from prometheus_client import CollectorRegistry, Counter

from callwright_common.logs import get_logger

FailureKind = Literal[
    "timeout",
    "connection",
    "protocol",
    "empty",
    "breaker_open",
    "bad_request",
    "unauthorized",
    "forbidden",
    "not_found",
    "rate_limited",
    "quota",
    "refused",
    "server_error",
]
"""How a model failed.

`empty`: it ended well and said nothing that can be spoken. `breaker_open`: it was not asked. From `bad_request` on the
provider answered an error; `quota` means that waiting does not help, `refused` is any other status below 500.
"""

_KINDS: dict[int, FailureKind] = {
    400: "bad_request",
    401: "unauthorized",
    402: "quota",
    403: "forbidden",
    404: "not_found",
    422: "bad_request",
    429: "rate_limited",
}
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "credit_balance_too_low"})
_KNOWN_CODES = _QUOTA_CODES | {
    "rate_limit_exceeded",
    "invalid_api_key",
    "model_not_found",
    "context_length_exceeded",
    "content_filter",
    "invalid_request_error",
    "server_error",
    "unsupported_parameter",
    "unsupported_value",
}
_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}")

_logger = get_logger(__name__)


class ModelError(Exception):
    """The model did not answer as it should; the text tells the kind and nothing of the conversation.

    Attributes:
        kind: How it failed.
        status: The HTTP status, None without one.
        code: The provider's own word for it, empty without one.
        retry_after: When it wants to be asked again, in seconds; None if it does not say.
    """

    def __init__(
        self, kind: FailureKind, *, status: int | None = None, code: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(f"the language model failed: {kind}")
        self.kind = kind
        self.status = status
        self.code = code
        self.retry_after = retry_after


def provider_error(status: int | None, code: object = None, retry_after: str | None = None) -> ModelError:
    """Returns the error that a provider answered.

    Args:
        status: The HTTP status; None for an error in the middle of a stream.
        code: The provider's word for it.
        retry_after: The header of that name.
    """
    word = str(code or "").lower()
    word = word if _CODE.fullmatch(word) else ""
    if word in _QUOTA_CODES:
        kind: FailureKind = "quota"
    elif status is None or status >= 500:
        kind = "server_error"
    else:
        kind = _KINDS.get(status, "refused")
    seconds = float(retry_after) if retry_after and retry_after.strip().isdecimal() else None
    return ModelError(kind, status=status, code=word, retry_after=seconds)


class ModelFailures:
    """Logs and counts the failures of the models of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._failures = Counter(
            "callwright_model_failures_total",
            "Replies that the model did not make, or not to their end",
            ["provider", "kind", "status", "code"],
            registry=registry,
        )

    def note(self, provider: str, error: ModelError, *, after_words: bool) -> None:
        """Notes a reply that failed, possibly after its first words."""
        code = error.code if error.code in _KNOWN_CODES else "other" if error.code else ""
        self._failures.labels(provider, error.kind, error.status or "", code).inc()
        _logger.warning(
            "the language model failed",
            provider=provider,
            kind=error.kind,
            status=error.status,
            code=error.code,
            retry_after=error.retry_after,
            after_words=after_words,
        )
