"""The life of a service process: event loop, logs, signals."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

import uvloop

from callwright_common.campaign import CampaignError
from callwright_common.logs import configure_logs, get_logger
from callwright_common.settings import ServiceSettings

Serve = Callable[[asyncio.Event], Awaitable[None]]

_logger = get_logger(__name__)


def run_service(name: str, settings: ServiceSettings, serve: Serve) -> None:
    """Runs a service until SIGTERM or SIGINT.

    Args:
        name: Shown on every log line.
        settings: Tell the log level.
        serve: Builds and runs the service; it returns once the event it is given was set and it has stopped gracefully.

    Raises:
        SystemExit: with status 2 if a campaign file is wrong, with 1 if the service cannot listen on its address.
    """
    configure_logs(name, settings.log_level)
    try:
        uvloop.run(_until_signalled(serve))
    except CampaignError as error:
        # Its text names the file, the field and the problem.
        _logger.critical("the service cannot start", problem=str(error))
        raise SystemExit(2) from None
    except OSError as error:
        # The text of an address that is taken names the address alone.
        _logger.critical("the service cannot start", problem=str(error))
        raise SystemExit(1) from None


async def _until_signalled(serve: Serve) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(stop)
    _logger.info("the service has stopped")
