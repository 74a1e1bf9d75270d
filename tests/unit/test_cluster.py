"""The house's word about a server: when it runs, and when a pid file only looks like it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "bin"))

from house.places import digest, is_stamped, write_private  # noqa: E402
from house.postmaster import Postmaster  # noqa: E402
from house.say import last_words  # noqa: E402


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def server(data: Path) -> Iterator[int]:
    """A program with the command line that pg_ctl gives a server."""
    waiter = [sys.executable, "-c", "print(flush=True); input()", "-D", str(data)]
    pipe = subprocess.PIPE
    with subprocess.Popen(waiter, stdin=pipe, stdout=pipe) as program:
        # Its line says that it has begun: a moment earlier it has no command line yet.
        assert program.stdout
        program.stdout.readline()
        yield program.pid
        program.kill()


def write_pid_file(data: Path, pid: int, *, of: Path | None = None, word: str = "ready") -> None:
    lines = [str(pid), str(of or data), "1700000000", "5432", "", "127.0.0.1", "1 1", word]
    (data / "postmaster.pid").write_text("\n".join(lines))


def test_no_pid_file_means_stopped_in_order(data: Path) -> None:
    assert Postmaster(data).was_stopped()
    assert not Postmaster(data).is_running()


def test_a_live_server_is_ready_when_it_says_so(data: Path, server: int) -> None:
    write_pid_file(data, server, word="starting")
    assert Postmaster(data).is_running()
    assert not Postmaster(data).is_ready()
    write_pid_file(data, server)
    assert Postmaster(data).is_ready()
    assert Postmaster(data).pid() == server


def test_another_program_under_the_old_number_is_not_the_server(data: Path) -> None:
    write_pid_file(data, os.getpid())
    assert not Postmaster(data).is_running()
    Postmaster(data).forget_stranger()
    assert Postmaster(data).was_stopped()


def test_a_copied_folder_does_not_take_the_original_for_its_own(data: Path, server: int) -> None:
    copy = data / "copy"
    copy.mkdir()
    write_pid_file(copy, server, of=data)
    assert not Postmaster(copy).is_running()


def test_a_live_server_keeps_its_pid_file(data: Path, server: int) -> None:
    write_pid_file(data, server)
    Postmaster(data).forget_stranger()
    assert Postmaster(data).is_running()


def test_a_private_file_is_private(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    write_private(secret, "x")
    assert secret.stat().st_mode & 0o777 == 0o600
    assert is_stamped(secret, "x")


def test_a_digest_keeps_its_parts_apart(tmp_path: Path) -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_the_reason_is_found_above_the_hint(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("fine\nnpm ERROR no such thing\nA log is in /x\n")
    assert last_words(log) == "npm ERROR no such thing"


def test_commands_refuse_in_one_sentence() -> None:
    answer = subprocess.run(
        [ROOT / "bin" / "demo", "--port", "99999"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr == "99999 is not a port; choose one from 1 to 65535.\n"


def test_only_postgresql_will_do() -> None:
    env = {**os.environ, "DATABASE_URL": "sqlite:///x"}
    refused = "from house import database; database.prepare()"
    answer = subprocess.run(
        [sys.executable, "-c", refused],
        cwd=ROOT / "bin",
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("DATABASE_URL must begin with postgres://")
