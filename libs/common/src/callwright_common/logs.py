"""JSON logs: one static sentence and its fields per line, with the call's id, and nothing that a caller said.

Fields whose key starts with `pii_` are masked: only their length is shown. What libraries log through the standard
library comes out in the same form.
"""

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict

_LONG_DIGITS = re.compile(r"\d(?:[ ().-]?\d){6,}")
_UNMASKED_KEYS = frozenset(
    {"timestamp", "call_id", "turn_id", "event_id", "reservation_id", "booking_id", "slot_id", "level", "trace_id"}
)


def mask_personal_data(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replaces the values of `pii_` keys by their length and every run of seven or more digits by `#`."""
    for key, value in event.items():
        if key.startswith("pii_"):
            event[key] = f"<{len(str(value))} characters>"
        elif isinstance(value, str) and key not in _UNMASKED_KEYS:
            event[key] = _LONG_DIGITS.sub("#", value)
    return event


def _exception_without_text(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Shows an exception as its types and places: its text may hold what a caller said."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        frames = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_qualname}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["error_at"] = frames[-6:]
    return event


def configure_logs(service: str, level: str, stream: TextIO | None = None) -> None:
    """Sends the logs of this process to `stream`, standard output by default, as JSON lines with the service's name."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        lambda _logger, _method, event: {**event, "service": service},
        _exception_without_text,
        mask_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These libraries write what is said, or a line per request, at their lower levels.
    for name in ("httpx", "httpcore", "openai", "urllib3", "faster_whisper", "uvicorn.access", "websockets", "twilio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # The pool logs every attempt to connect; the service itself tells when the database goes and comes.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Returns the logger of a module. Bind `call_id` with `structlog.contextvars.bound_contextvars`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
