"""Runs the voice gateway: `python -m voice_gateway`."""

import sys

from callwright_common.campaign import CampaignError
from callwright_common.service import run_service
from callwright_common.settings import load_settings
from voice_gateway.config import GatewaySettings
from voice_gateway.pipecat_logs import redirect_pipecat_logs


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    settings = load_settings(GatewaySettings)
    redirect_pipecat_logs()
    # Imported this late because Pipecat writes a banner to its log as soon as it is imported.
    from voice_gateway.bootstrap import serve  # noqa: PLC0415

    try:
        run_service("voice_gateway", settings, lambda stop: serve(settings, stop))
    except CampaignError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
