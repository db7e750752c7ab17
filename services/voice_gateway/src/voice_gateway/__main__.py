"""`python -m voice_gateway` runs the gateway, `… replay-quarantine` sends call events again that were set aside."""

import argparse
import asyncio
from pathlib import Path

from callwright_common.logs import configure_logs, get_logger
from callwright_common.rpc.client import open_channel
from callwright_common.service import run_service
from callwright_common.settings import load_settings
from voice_gateway.config import GatewaySettings, RecordsSettings
from voice_gateway.media.pipecat_logs import redirect_pipecat_logs
from voice_gateway.persistence_client import PersistenceClient
from voice_gateway.records.quarantine import Quarantine, ReplayRunningError
from voice_gateway.records.replay import ReplayCounts, replay

_logger = get_logger(__name__)


def main() -> None:
    """Does what the command line says; the service runs until SIGTERM or SIGINT.

    Raises:
        SystemExit: with status 2 if a setting or a campaign file is wrong, with 1 if the work fails.
    """
    parser = argparse.ArgumentParser(prog="python -m voice_gateway", description="Settings are environment variables.")
    commands = parser.add_subparsers(dest="command", metavar="replay-quarantine")
    replaying = commands.add_parser(
        "replay-quarantine", help="send call events again that were set aside, instead of serving"
    )
    replaying.add_argument("--data-dir", type=Path, help="folder of the gateway's spool (DATA_DIR)")
    replaying.add_argument("--persistence-address", help="host:port of the persistence service (PERSISTENCE_ADDRESS)")
    arguments = vars(parser.parse_args())
    if arguments.pop("command"):
        given = {name: value for name, value in arguments.items() if value is not None}
        _replay(load_settings(RecordsSettings).model_copy(update=given))
    else:
        _serve()


def _serve() -> None:
    settings = load_settings(GatewaySettings)
    redirect_pipecat_logs()
    # Imported this late because Pipecat writes a banner to its log as soon as it is imported.
    from voice_gateway.bootstrap import serve  # noqa: PLC0415

    run_service("voice_gateway", settings, lambda stop: serve(settings, stop))


def _replay(settings: RecordsSettings) -> None:
    configure_logs("voice_gateway", "INFO")
    quarantine = Quarantine(settings.spool_path, settings.spool_max_bytes)
    try:
        counts = asyncio.run(_send(quarantine, settings.persistence_address))
    except FileNotFoundError:
        _logger.critical("no gateway keeps its call events in this folder", data_dir=str(settings.data_dir.absolute()))
        raise SystemExit(1) from None
    except ReplayRunningError:
        _logger.critical("another process replays this quarantine")
        raise SystemExit(1) from None
    except OSError as error:
        _logger.critical(
            "the quarantine cannot be used", file=error.filename or str(settings.data_dir), problem=error.strerror
        )
        raise SystemExit(1) from None
    _logger.info(
        "the quarantine was replayed",
        stored=counts.stored,
        still_refused=counts.refused,
        not_sent=counts.not_sent,
        damaged_bytes=counts.damaged_bytes,
    )
    if counts.not_sent:
        raise SystemExit(1)


async def _send(quarantine: Quarantine, address: str) -> ReplayCounts:
    async with open_channel(address) as channel:
        return await replay(quarantine, PersistenceClient(channel))


if __name__ == "__main__":
    main()
