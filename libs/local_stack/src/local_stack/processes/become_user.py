"""A script that becomes a user and then a program: `become_user.py user program argument…`.

It is run by its path and without site packages, and therefore imports the standard library alone. `subprocess` could
change the user itself, but by fork(), and a fork of a process with gRPC's threads crashes now and then; without a
change of user it takes vfork(), which runs no fork handlers.
"""

import os
import pwd
import sys

if __name__ == "__main__":
    user, *argv = sys.argv[1:]
    entry = pwd.getpwnam(user)
    os.chdir("/")
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.execv(argv[0], argv)  # noqa: S606 - the program is one of ours
