"""The `callwright` command: keeps the local stack up, or places simulated calls on it."""

import signal
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status; an interruption is no failure that needs a traceback."""
    try:
        # Takes over a second, in which Ctrl-C may be pressed already.
        from callwright_cli.command import run_command  # noqa: PLC0415

        return run_command(arguments)
    except KeyboardInterrupt:
        print("callwright: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


if __name__ == "__main__":
    raise SystemExit(main())
