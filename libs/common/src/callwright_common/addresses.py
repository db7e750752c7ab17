"""Network addresses as `host:port` texts."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

_HOST = r"\[[0-9A-Fa-f:.]+\]|\w[\w.-]*"
_ADDRESS = re.compile(f"({_HOST}|):([0-9]{{1,5}})", re.ASCII)
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
SERVER_ADDRESS = f"^({_HOST}):{_PORT}$"
"""The form of the address that a server is reached at."""
WEB_URL = rf"^(https?://([^/?#@\s]*@)?(\[[0-9A-Fa-f:.]+\]|[^/?#@:\[\]\s]+)(:{_PORT}?)?([/?#]\S*)?)?$"
"""The form of a web server's URL, or of none."""


def parse_address(text: str) -> tuple[str, int]:
    """Splits `host:port`; IPv6 hosts stand in brackets, and no host is all that the machine has.

    Raises:
        ValueError: if it is none, or the port is not between 0 and 65535.
    """
    parts = _ADDRESS.fullmatch(text)
    if parts is None or int(parts[2]) > 65_535:
        raise ValueError("must be host:port")
    if re.fullmatch(r"\[.*\]|[0-9.]+", parts[1]):
        try:
            ip_address(parts[1].strip("[]"))
        except ValueError:
            raise ValueError("must be host:port") from None
    return parts[1].strip("[]") or "0.0.0.0", int(parts[2])  # noqa: S104


def family_of(host: str) -> socket.AddressFamily:
    """Returns the kind of socket that listens on a host."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@contextmanager
def listening(setting: str, listen: str) -> Iterator[None]:
    """Lets a server begin to listen in its body.

    Raises:
        OSError: if it cannot; the text names the setting, the address and the cause.
    """
    try:
        yield
    except OSError as error:
        raise OSError(f"setting {setting}: cannot listen on {listen}: {error.strerror or error}") from None
