"""A private PostgreSQL cluster: made once, started when needed, found again by every command.

It listens on a free port of the loopback interface only and asks for a password that was
made up for it: a Unix socket's path may be too long for the system, and the URL of one is
not understood by everything that reads DATABASE_URL.
"""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from house.binaries import Binaries
from house.owner import Owner
from house.places import write_private
from house.postmaster import Postmaster
from house.say import Trouble, Wait, last_words, wait_for, waiting

ROLE = "postroom"
MINUTES_FOR_RECOVERY = 10
SETTINGS = """
# Postroom's own cluster. Nothing here trades safety for speed: fsync stays on.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 256MB
max_connections = 100
jit = off
"""
ENTRANCE = "host all all 127.0.0.1/32 scram-sha-256\n"
# Sorted by code point: the same order on every machine, whatever locales it has.
LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"


@dataclass(frozen=True)
class Cluster:
    """A folder with data, the programs it was made with, and the account they run under."""

    home: Path
    binaries: Binaries
    owner: Owner
    # Port and password: ours alone, so they are not kept in a folder of another account.
    access: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def postmaster(self) -> Postmaster:
        return Postmaster(self.data)

    def url(self, database: str) -> str:
        """This will give the URL of a database for the product's own role."""
        access = json.loads(self.access.read_text())
        return (
            f"postgres://{ROLE}:{access['password']}@127.0.0.1:{access['port']}/{quote(database)}"
        )

    def ensure_running(self) -> bool:
        """This will make and start the cluster if it must, and say whether it did."""
        if self.data.exists() and self.access.exists():
            if self.postmaster.is_ready():
                return False
        else:
            self._make()
        self._start()
        return True

    def stop(self) -> bool:
        """This will stop the server, and say whether there was one."""
        if not self.postmaster.is_running():
            return False
        with waiting("Stopping PostgreSQL") as wait:
            self._pg_ctl(wait, "stop", "-m", "fast", "-t", "120")
        return True

    def remove(self) -> None:
        """This will stop the server and delete all its data."""
        # One that is about to die by itself cannot be stopped any more.
        with suppress(Trouble):
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self.access.unlink(missing_ok=True)

    def _make(self) -> None:
        """This will make a cluster under another name and move it into place when it is whole."""
        fresh = self.home / "data.new"
        for leftover in (fresh, self.data):
            shutil.rmtree(leftover, ignore_errors=True)
        password = secrets.token_hex(24)
        with waiting(f"Making a database cluster (PostgreSQL {self.binaries.major})") as wait:
            initdb: list[str | Path] = [
                self.binaries.folder / "initdb",
                "-D",
                fresh,
                "-U",
                "postgres",
                "-E",
                "UTF8",
            ]
            # No password is set for the superuser, so nobody can sign in as one.
            entrance = ["--auth-local=reject", "--auth-host=reject"]
            self._run(wait, *initdb, f"--locale={LOCALE}", *entrance)
            with (fresh / "postgresql.conf").open("a") as file:
                file.write(SETTINGS)
            (fresh / "pg_hba.conf").write_text(ENTRANCE)
            role = f"CREATE ROLE {ROLE} LOGIN CREATEROLE CREATEDB PASSWORD '{password}'\n"
            single: list[str | Path] = [
                self.binaries.folder / "postgres",
                "--single",
                "-j",
                "-D",
                fresh,
                "postgres",
            ]
            self._run(wait, *single, words=role)
        write_private(self.access, json.dumps({"port": _free_port(), "password": password}))
        fresh.rename(self.data)

    def _start(self) -> None:
        seconds = 60 * MINUTES_FOR_RECOVERY
        with waiting(f"Starting PostgreSQL {self.binaries.major}") as wait:
            if self.postmaster.is_running():
                # Somebody's start was cut short, and the server is recovering on its own.
                if not wait_for(self.postmaster.is_settled, wait, seconds=seconds):
                    raise Trouble(f"PostgreSQL does not get ready; its log is {self.log}.")
                if self.postmaster.is_ready():
                    return
            # What a killed server leaves behind takes a moment to go.
            wait_for(lambda: not self.postmaster.has_orphans(), wait, seconds=60)
            self.postmaster.forget_stranger()
            self._choose_port()
            port = json.loads(self.access.read_text())["port"]
            options = ["-w", "-t", str(seconds), "-l", str(self.log), "-o", f"-p {port}"]
            while True:
                try:
                    self._pg_ctl(wait, "start", *options)
                    return
                except Trouble as trouble:
                    if "shared memory block" not in str(trouble) or wait.seconds > 60:
                        raise
                    time.sleep(1)

    def _choose_port(self) -> None:
        """This will keep the port of last time unless something else has taken it since."""
        access = json.loads(self.access.read_text())
        if not _is_free(access["port"]):
            access["port"] = _free_port()
            write_private(self.access, json.dumps(access))

    def _pg_ctl(self, wait: Wait, *words: str) -> None:
        self._run(wait, self.binaries.folder / "pg_ctl", "-D", self.data, *words, log=self.log)

    def _run(self, wait: Wait, *argv: str | Path, words: str = "", log: Path | None = None) -> None:
        """This will run one of PostgreSQL's programs, with signs of life while it works."""
        talk = self.home / "talk.log"
        with talk.open("w") as file:
            program = self.owner.popen(
                argv, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.STDOUT
            )
            assert program.stdin
            program.stdin.write(words)
            program.stdin.close()
            wait_for(lambda: program.poll() is not None, wait, seconds=float("inf"))
        if program.returncode:
            log = log if log and log.exists() else talk
            raise Trouble(f"{wait.doing} failed ({last_words(log)}); all of it is in {log}.")


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        # Connections of a server just gone linger; they do not keep the next one out.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
