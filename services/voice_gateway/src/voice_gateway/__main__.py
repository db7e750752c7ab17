"""Runs the voice gateway: `python -m voice_gateway`."""

from callwright_common.service import run_service
from callwright_common.settings import load_settings
from voice_gateway.config import GatewaySettings
from voice_gateway.media.pipecat_logs import redirect_pipecat_logs


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    settings = load_settings(GatewaySettings)
    redirect_pipecat_logs()
    # Imported this late because Pipecat writes a banner to its log as soon as it is imported.
    from voice_gateway.bootstrap import serve  # noqa: PLC0415

    run_service("voice_gateway", settings, lambda stop: serve(settings, stop))


if __name__ == "__main__":
    main()
