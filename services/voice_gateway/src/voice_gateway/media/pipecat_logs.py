"""Pipecat's log, which goes through loguru, in the house's form."""

from typing import TYPE_CHECKING

from loguru import logger

from callwright_common.logs import get_logger

if TYPE_CHECKING:
    from loguru import Message

_logger = get_logger("pipecat")


def redirect_pipecat_logs() -> None:
    """Sends warnings of libraries that log through loguru to the JSON log, by place and never with their text.

    Their texts may hold what callers and agents say.
    """
    logger.remove()
    logger.add(_forward, level="WARNING")


def silence_pipecat() -> None:
    """Turns Pipecat's own log off: it writes what callers and agents say."""
    logger.disable("pipecat")


def _forward(message: "Message") -> None:
    record = message.record
    place = f"{record['name']}:{record['function']}:{record['line']}"
    _logger.log(record["level"].no, "a library reports a problem", place=place)
