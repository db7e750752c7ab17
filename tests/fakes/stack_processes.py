"""Tiny programs that stand in for the parts of the local stack, each a real process."""

import os
import sys
from pathlib import Path

from local_stack.processes.child_process import Command

_SERVE = """
import signal, socket, sys, pathlib
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path(sys.argv[2]).open("a").write(sys.argv[3] + "\\n"), sys.exit(0)))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening", flush=True)
while True:
    listener.accept()[0].close()
"""

_GRPC_SERVE = """
import sys, grpc
from concurrent import futures
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
server = grpc.server(futures.ThreadPoolExecutor(2))
servicer = health.HealthServicer()
servicer.set("", getattr(health_pb2.HealthCheckResponse, sys.argv[2]))
health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
server.add_insecure_port("127.0.0.1:" + sys.argv[1])
server.start()
server.wait_for_termination()
"""

_FAMILY = """
import pathlib, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
signal.pause()
"""


def listener(port: int, farewell: Path, name: str) -> Command:
    """A TCP server that appends its name to the file `farewell` when it is asked to stop."""
    return _python(_SERVE, str(port), str(farewell), name)


def grpc_health_server(port: int, status: str) -> Command:
    """A gRPC server with nothing but the health service, which reports the status."""
    return _python(_GRPC_SERVE, str(port), status)


def family(pid_file: Path) -> Command:
    """A process with a child that writes the child's process id to the file."""
    return _python(_FAMILY, str(pid_file))


def failing(message: str) -> Command:
    """A process that prints the message and ends with status 3."""
    return _python("import sys; print(sys.argv[1]); sys.exit(3)", message)


def task(output: Path) -> Command:
    """A process that writes `done` to the file and ends well."""
    return _python("import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('done')", str(output))


def deaf() -> Command:
    """A process that ignores SIGTERM."""
    return _python(
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
    )


def _python(program: str, *arguments: str) -> Command:
    return Command(argv=(sys.executable, "-c", program, *arguments), environment={"PATH": os.defpath}, stop_seconds=0.5)
