"""Starts the orchestrator: `python -m agent_orchestrator`."""

from agent_orchestrator.bootstrap import serve
from agent_orchestrator.config import OrchestratorSettings
from callwright_common.service import run_service
from callwright_common.settings import load_settings


def main() -> None:
    """Reads the settings and serves until SIGTERM."""
    settings = load_settings(OrchestratorSettings)
    run_service("agent_orchestrator", settings, lambda stop: serve(settings, stop))


if __name__ == "__main__":
    main()
