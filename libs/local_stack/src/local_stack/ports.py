"""The ports that a stack takes, held from the moment they are chosen.

The default ports lie among those that the kernel gives to outgoing connections. A socket that is bound to a port keeps
the kernel from doing so, also between two lives of a service, and does not keep a server from listening there.
"""

import errno
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from local_stack import LocalStackError
from local_stack.loopback import LOOPBACK
from local_stack.stack_settings import StackSettings

_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.2
_OUTGOING_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


@contextmanager
def ports_held(
    settings: StackSettings, *, evade: bool, sleep: Callable[[float], None] = time.sleep
) -> Iterator[StackSettings]:
    """Yields the settings with a port of its own in place of every 0, and holds all ports.

    Args:
        settings: Name the wanted ports.
        evade: Whether free ports are taken in place of those that are in use or that nobody chose, so that stacks which
            start at the same time do not meet at the default ports.
        sleep: Waits for a connection to end.

    Raises:
        LocalStackError: Wanted ports are in use and may not be evaded.
    """
    names = [name for name in StackSettings.model_fields if name.endswith("_port")]
    wanted = {name: getattr(settings, name) for name in names if not evade or name in settings.model_fields_set}
    hosts = {"gateway_http_port": settings.listen_host.strip("[]")}
    chosen: dict[str, int] = {}
    problems: list[str] = []
    with ExitStack() as held:
        # The free ones come last: they must not be ports that are wanted.
        for name in sorted(names, key=lambda name: not wanted.get(name)):
            host, port = hosts.get(name, LOOPBACK), wanted.get(name, 0)
            try:
                if port and not evade:
                    _claim(held.enter_context(socket.socket(socket.AF_UNIX)), port)
                holder = _held(host, port, evade=evade, sleep=sleep)
            except OSError as error:
                problems.append(_problem(name, host, port, error))
                continue
            held.callback(holder.close)
            chosen[name] = holder.getsockname()[1]
            if sys.platform != "linux":
                holder.close()  # elsewhere nobody can listen on a port that is bound
        if problems:
            raise LocalStackError("\n".join(problems))
        yield settings.model_copy(update=chosen)


def _held(host: str, port: int, *, evade: bool, sleep: Callable[[float], None]) -> socket.socket:
    """Returns a socket bound to a port; waits a moment for an outgoing connection that holds it."""
    waited = 0.0
    while True:
        try:
            return _bound(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not port:
                raise
            if evade:
                return _bound(host, 0)
            if waited >= _PATIENCE_SECONDS or _connections(port, listening=True):
                raise
        sleep(_LOOK_SECONDS)
        waited += _LOOK_SECONDS


def _claim(claim: socket.socket, port: int) -> None:
    """Claims a port among the stacks that start on this machine and among the settings of one.

    Raises:
        OSError: It is claimed already; until a server listens, sockets of several stacks could hold one port.
    """
    if sys.platform == "linux":
        claim.bind(f"\0callwright-port-{port}")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    holder = socket.socket(family, kind, protocol)
    try:
        # A free port must not be one that another stack holds.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(port != 0))
        holder.bind(address)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    except OSError:
        holder.close()
        raise
    return holder


def _problem(name: str, host: str, port: int, error: OSError) -> str:
    setting = name.upper()
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"setting LISTEN_HOST: must be an address or name of this machine, not {host!r}"
    if error.errno != errno.EADDRINUSE:
        return f"port {port} cannot be used ({error.strerror}): choose another one with {setting}"
    other = f"choose another port with {setting} in the environment or in .env"
    listeners = _connections(port, listening=True)
    if listeners:
        return f"port {port} is taken by a program that listens there{listeners[0]}: end it, or {other}"
    outgoing = _connections(port, listening=False)
    if not outgoing:
        return f"port {port} is taken by another setting or another start of Callwright: end that, or {other}"
    given = f", not one of {'-'.join(_OUTGOING_RANGE.read_text().split())}" if _OUTGOING_RANGE.exists() else ""
    return f"port {port} is taken by an outgoing connection{outgoing[0]}: try again in a minute, or {other}{given}"


def _connections(port: int, *, listening: bool) -> list[str]:
    """Returns whose the connections from a port are, as far as that is known."""
    try:
        found = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return []
    return [
        _program(one.pid)
        for one in found
        if one.laddr and one.laddr.port == port and (one.status == psutil.CONN_LISTEN) is listening
    ]


def _program(pid: int | None) -> str:
    try:
        return f" ({psutil.Process(pid).name()}, process {pid})" if pid else ""
    except psutil.Error:
        return ""
