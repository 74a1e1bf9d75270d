"""What postmaster.pid says about a server, and whether it is still true."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """The server of one data folder, as far as its pid file and the system know."""

    data: Path

    def is_running(self) -> bool:
        """This will tell whether a server lives on this data, ready or not."""
        lines = self._lines()
        return len(lines) > 1 and Path(lines[1]) == self.data and self._is_ours(lines[0])

    def is_ready(self) -> bool:
        """This will tell whether it takes connections."""
        lines = self._lines()
        return self.is_running() and len(lines) > 7 and lines[7].strip() == "ready"

    def was_stopped(self) -> bool:
        """This will tell whether it ended in order: one that was killed leaves its pid file."""
        return not self._lines()

    def pid(self) -> int | None:
        """This will give the running server's number."""
        return int(self._lines()[0]) if self.is_running() else None

    def is_settled(self) -> bool:
        """This will tell whether waiting is over: it is ready, or it is gone."""
        return self.is_ready() or not self.is_running()

    def forget_stranger(self) -> None:
        """This will delete a pid file whose number now belongs to some other program.

        PostgreSQL itself would take that program for a running server and not start. A copy
        of a folder with a running server has such a file too.
        """
        if self._lines() and not self.is_running() and not self.has_orphans():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def has_orphans(self) -> bool:
        """This will tell whether a process works in this data folder, as far as one sees."""
        here = str(self.data.resolve())
        return any(
            _folder_of(entry) == here for entry in PROC.glob("[0-9]*") if entry.name.isdigit()
        )

    def _lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _is_ours(self, pid: str) -> bool:
        """This will compare the program's command line: a number alone may be anyone's."""
        try:
            line = (PROC / pid.strip() / "cmdline").read_text().replace("\0", " ")
        except OSError:
            if PROC.joinpath("self").exists():
                return False
            asked = ["ps", "-p", pid.strip(), "-o", "command="]
            line = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        return f"-D {self.data} " in f"{line} "


def _folder_of(process: Path) -> str | None:
    try:
        return os.readlink(process / "cwd")
    except OSError:
        return None
