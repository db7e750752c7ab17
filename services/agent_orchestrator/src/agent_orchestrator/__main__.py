"""Starts the orchestrator: `python -m agent_orchestrator`."""

from functools import partial

from agent_orchestrator.bootstrap import running
from agent_orchestrator.config import OrchestratorSettings
from callwright_common.service import run_service, serve_until
from callwright_common.settings import load_settings


def main() -> None:
    """Reads the settings and serves until SIGTERM.

    Raises:
        SystemExit: with status 2 if a setting or a campaign file is wrong, with 1 if an address is taken.
    """
    settings = load_settings(OrchestratorSettings)
    run_service("agent_orchestrator", settings, partial(serve_until, running(settings)))


if __name__ == "__main__":
    main()
