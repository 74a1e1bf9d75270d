"""Where the house keeps things, and the lock on its door."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def digest(*parts: str | bytes | Path) -> str:
    """This will give one short name to all that is passed; a path stands for its content."""
    total = hashlib.sha256()
    for part in parts:
        piece = part.read_bytes() if isinstance(part, Path) else part
        piece = piece.encode() if isinstance(piece, str) else piece
        total.update(len(piece).to_bytes(8, "big") + piece)
    return total.hexdigest()[:32]


def is_stamped(stamp: Path, content: str) -> bool:
    """This will tell whether the work behind a stamp was done for this very content."""
    try:
        return stamp.read_text() == content
    except OSError:
        return False


def write_private(path: Path, content: str) -> None:
    """This will write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)


@contextmanager
def set_up_alone(when_busy: Callable[[], None]) -> Iterator[None]:
    """This will keep two commands of one clone from setting up at the same moment."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            when_busy()
            fcntl.flock(door, fcntl.LOCK_EX)
        yield
