"""Logs are JSON lines without anything a caller said or any number he can be reached at."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from callwright_common.logs import configure_logs, get_logger

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Returns what a process with configured logs has written so far."""
    root = logging.getLogger()
    stream = io.StringIO()
    handlers, level = root.handlers[:], root.level

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    configure_logs("example", "INFO", stream)
    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_has_service_level_time_and_the_bound_call(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(call_id="0193-call"):
        get_logger("x").info("turn answered", words=7)
    (line,) = lines()
    assert {
        "service": "example",
        "level": "info",
        "event": "turn answered",
        "call_id": "0193-call",
        "words": 7,
    }.items() <= (line.items())
    assert line["timestamp"].endswith("Z")


def test_personal_data_is_masked(lines: Lines) -> None:
    get_logger("x").info("caller spoke", pii_text="I am Dana", note="call +1 202 555 0123 back")
    (line,) = lines()
    assert line["pii_text"] == "<9 characters>"
    assert line["note"] == "call +# back"


def test_an_exception_shows_its_place_and_not_its_text(lines: Lines) -> None:
    def speak() -> None:
        raise ValueError("the caller said hello")

    try:
        speak()
    except ValueError:
        get_logger("x").exception("turn failed")
    (line,) = lines()
    assert "hello" not in json.dumps(line)
    assert line["error_type"] == "ValueError"
    assert any("speak" in place for place in line["error_at"])


def test_libraries_come_out_in_the_same_form(lines: Lines) -> None:
    logging.getLogger("some.library").warning("number %s", "202-555-0123")
    logging.getLogger("httpx").info("request")
    (line,) = lines()
    assert line["event"] == "number #"
    assert line["service"] == "example"
