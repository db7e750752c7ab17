"""Network addresses as `host:port` texts."""

import re

_HOST = r"\[[0-9A-Fa-f:.]+\]|\w[\w.-]*"
_ADDRESS = re.compile(f"({_HOST}|):([0-9]{{1,5}})", re.ASCII)
SERVER_ADDRESS = f"^({_HOST}):[0-9]{{1,5}}$"
"""The form of the address that a server is reached at."""


def parse_address(text: str) -> tuple[str, int]:
    """Splits `host:port`; IPv6 hosts stand in brackets, and no host is all that the machine has.

    Raises:
        ValueError: if it is none, or the port is not between 0 and 65535.
    """
    parts = _ADDRESS.fullmatch(text)
    if parts is None or int(parts[2]) > 65_535:
        raise ValueError("must be host:port")
    return parts[1].strip("[]") or "0.0.0.0", int(parts[2])  # noqa: S104
