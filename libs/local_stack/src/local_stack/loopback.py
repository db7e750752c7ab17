"""Ports of servers that listen on loopback."""

import socket
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """Returns `count` different TCP ports that nobody listens on at the moment.

    All sockets stay open until the last port is known, so that the operating system cannot hand out one port twice.
    """
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in sockets]
