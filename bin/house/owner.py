"""The account that PostgreSQL runs under: it refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from house.say import Trouble


@dataclass(frozen=True)
class Owner:
    """An account, and whether we have to change to it."""

    uid: int
    gid: int
    is_me: bool

    def popen(self, argv: Sequence[str | Path], **how: int | object) -> "subprocess.Popen[str]":
        """This will start a program under the account, away from our terminal and variables."""
        change = {} if self.is_me else {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [str(word) for word in argv],
            cwd="/",
            env=_variables(),
            text=True,
            start_new_session=True,
            umask=0o077,
            **change,
            **how,
        )

    def can(self, *argv: str | Path) -> bool:
        """This will tell whether the account can run a program to a good end."""
        devnull = subprocess.DEVNULL
        try:
            return self.popen(argv, stdin=devnull, stdout=devnull, stderr=devnull).wait() == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """This will tell whether the account reaches a folder."""
        return self.can("/bin/sh", "-c", 'cd "$1"', "sh", folder)

    def take(self, path: Path) -> None:
        """This will make the account the owner of a path."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def owner() -> Owner:
    """This will choose the account: ourselves, or an unprivileged one when we are root."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), is_me=True)
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(account.pw_uid, account.pw_gid, is_me=False)
    raise Trouble("PostgreSQL does not run as root, and there is no account postgres or nobody.")


def _variables() -> dict[str, str]:
    """This will give PostgreSQL a clean slate: a stray PGDATA or LC_ALL would lead it astray."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in kept if name in os.environ}
