"""The `callwright` command as a user meets it when something is wrong."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PORTS = ("GATEWAY_HTTP", "GATEWAY_GRPC", "ORCHESTRATOR", "BUDGET", "PERSISTENCE", "PIPER")
CAMPAIGNS = str(Path(__file__).parents[3] / "campaigns")


def callwright(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a directory of its own, where no `.env` of a developer is."""
    return subprocess.run(
        [sys.executable, "-m", "callwright_cli", *arguments],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_taken_port_ends_the_start_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        finished = callwright(tmp_path, "run", PERSISTENCE_PORT=port, CAMPAIGNS_DIR=CAMPAIGNS)
    assert finished.returncode == 1
    assert f"port {port} is taken" in finished.stderr
    assert "PERSISTENCE_PORT" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_what_is_wrong_is_told_before_anything_starts(tmp_path: Path) -> None:
    for command in ("run", "demo"):
        finished = callwright(tmp_path, command, LLM_PROVIDER="gpt", PIPER_VOICE="anna.onnx", CAMPAIGNS_DIR=CAMPAIGNS)
        assert (finished.returncode, finished.stdout) == (2, "")
        assert finished.stderr.splitlines() == [
            "callwright: setting LLM_PROVIDER: Input should be 'offline', 'openai' or 'ollama', not 'gpt'",
            "callwright: Piper needs the voice file anna.onnx (PIPER_VOICE)",
        ]
    assert list(tmp_path.iterdir()) == []


def test_a_call_needs_to_know_the_ports(tmp_path: Path) -> None:
    finished = callwright(tmp_path, "call", PIPER_PORT="0")
    assert finished.returncode == 1
    assert finished.stderr.startswith("callwright: tell where the system answers: PIPER_PORT is 0")


def test_a_misspelt_setting_in_the_file_ends_the_start_with_the_right_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PERSISTENCE_PRT=s3cret\n")
    finished = callwright(tmp_path, "run", CAMPAIGNS_DIR=CAMPAIGNS)
    assert finished.returncode == 2
    assert finished.stderr == "callwright: .env: PERSISTENCE_PRT is not a setting; did you mean PERSISTENCE_PORT?\n"


def test_a_failure_of_the_system_tells_its_cause(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = {"LOG_DIR": "file/log", "CAMPAIGNS_DIR": CAMPAIGNS, **{f"{name}_PORT": "0" for name in PORTS}}
    finished = callwright(tmp_path, "run", **settings)
    assert finished.returncode == 1
    assert finished.stderr.startswith("callwright: NotADirectoryError: [Errno 20] Not a directory: 'file/log/run/")
    (tmp_path / ".env").write_bytes(b"PIPER_VOICE=J\xf6rg.onnx\n")
    finished = callwright(tmp_path, "call")
    assert (finished.returncode, finished.stderr) == (2, "callwright: .env: is not text in UTF-8\n")


def test_a_setting_that_nothing_reads_is_told_loudly(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=mine\nPIPER_PORT=0\n")
    assert ".env sets COMPOSE_PROJECT_NAME, which nothing reads" in callwright(tmp_path, "call").stdout


def test_an_unknown_persona_or_campaign_ends_before_anything_starts(tmp_path: Path) -> None:
    finished = callwright(tmp_path, "demo", "--persona", "nobody", CAMPAIGNS_DIR=CAMPAIGNS)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "there is no persona nobody; there are qualified, wants-a-human" in finished.stderr
    finished = callwright(tmp_path, "demo", "--campaign", "none", CAMPAIGNS_DIR=CAMPAIGNS)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "there is no campaign none; there are sunline-solar" in finished.stderr


def test_a_call_without_a_running_system_tells_how_to_start_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = str(closed.getsockname()[1])
    finished = callwright(tmp_path, "call", GATEWAY_GRPC_PORT=port, CAMPAIGNS_DIR=CAMPAIGNS)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        f"callwright: the system is not running: nobody serves at 127.0.0.1:{port} (GATEWAY_GRPC_PORT); "
        "start it with `make run` in another terminal\n"
    )


def test_an_interruption_while_the_program_is_loaded_is_told_in_a_word(tmp_path: Path) -> None:
    program = """
import sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "callers.policy":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from callwright_cli.__main__ import main
sys.exit(main(["run"]))
"""
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, "", "callwright: interrupted\n")


def test_an_interruption_of_the_start_ends_everything_quietly(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "callwright_cli", "demo"],
        cwd=tmp_path,
        env={**os.environ, "CAMPAIGNS_DIR": CAMPAIGNS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Starting ")
        # As a terminal does, to everything that it started in its group.
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(60) == 130
    assert rest == "\nStopping …\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
