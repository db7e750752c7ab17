"""The unprivileged account for servers that refuse to run as root, and what this account can read."""

import os
import pwd
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local_stack import LocalStackError

_BECOME_USER = Path(__file__).with_name("become_user.py").resolve()
_CANDIDATES = ("postgres", "nobody", "daemon")


@dataclass(frozen=True)
class ServerAccount:
    """A user and group that a child process runs as."""

    user: str
    uid: int
    gid: int

    def as_this_user(self, argv: Sequence[str]) -> tuple[str, ...]:
        """Returns the command that runs another one as this user, when root starts it."""
        return (sys.executable, "-I", "-S", str(_BECOME_USER), self.user, *argv)

    def can_traverse(self, directory: Path) -> bool:
        """Returns whether the account may enter the directory and all its parents, by their permission bits."""
        resolved = directory.resolve()
        return all(self._may_enter(each) for each in (resolved, *resolved.parents))

    def _may_enter(self, directory: Path) -> bool:
        status = directory.stat()
        for_others = stat.S_IXGRP if status.st_gid == self.gid else stat.S_IXOTH
        return bool(status.st_mode & (stat.S_IXUSR if status.st_uid == self.uid else for_others))


def unprivileged_account() -> ServerAccount | None:
    """Returns the account to drop to when this process is root, otherwise None.

    Raises:
        LocalStackError: This process is root and the system has none of the usual unprivileged accounts.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(user=name, uid=entry.pw_uid, gid=entry.pw_gid)
    names = ", ".join(_CANDIDATES)
    raise LocalStackError(
        f"PostgreSQL does not run as root and none of the accounts {names} exists: start as another user"
    )
