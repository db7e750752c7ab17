"""Network addresses as `host:port` texts."""


def parse_address(text: str) -> tuple[str, int]:
    """Splits `host:port`; IPv6 hosts stand in brackets.

    Raises:
        ValueError: if the port is missing or not between 0 and 65535.
    """
    host, separator, port = text.rpartition(":")
    if not separator or not port.isdigit() or int(port) > 65_535:
        raise ValueError("an address must be host:port")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104
