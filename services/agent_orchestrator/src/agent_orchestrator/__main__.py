"""`python -m agent_orchestrator` runs the service."""

from functools import partial

from agent_orchestrator.bootstrap import running
from agent_orchestrator.config import OrchestratorSettings
from callwright_common.service import run_service, serve_until
from callwright_common.settings import load_settings

if __name__ == "__main__":
    settings = load_settings(OrchestratorSettings)
    run_service("agent_orchestrator", settings, partial(serve_until, running(settings)))
