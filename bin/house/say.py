"""What the house says to the person at the keyboard, always on standard error."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from house.places import LOG, ROOT

SECONDS_BETWEEN_SIGNS_OF_LIFE = 5
# Programs like to follow their reason with a hint or the path of a log.
REASON = re.compile(r"error\b|fatal\b|^E: ", re.IGNORECASE)


class Trouble(SystemExit):
    """This will end the command with its one sentence, as SystemExit does by itself."""


def say(sentence: str) -> None:
    """This will print a line."""
    print(sentence, file=sys.stderr, flush=True)


class Wait:
    """A step that takes a while: dots on a terminal, a line now and then elsewhere."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self.began = time.monotonic()
        self.last_sign = self.began
        self.alive = sys.stderr.isatty()
        print(f"{doing} …", end="" if self.alive else "\n", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def sign_of_life(self) -> None:
        """This will show that the step goes on, if it is time to."""
        now = time.monotonic()
        if self.alive and now - self.last_sign >= 1:
            self.last_sign = now
            print(".", end="", file=sys.stderr, flush=True)
        elif not self.alive and now - self.last_sign >= SECONDS_BETWEEN_SIGNS_OF_LIFE:
            self.last_sign = now
            say(f"  … {self.seconds:.0f} s")

    def over(self, outcome: str = "done") -> None:
        """This will close the step's line."""
        if self.alive:
            say(f" {outcome} ({self.seconds:.1f} s)")
        elif self.seconds >= SECONDS_BETWEEN_SIGNS_OF_LIFE:
            say(f"  {outcome} after {self.seconds:.0f} s")


@contextmanager
def waiting(doing: str) -> Iterator[Wait]:
    """This will show a step from its start to its end, however it ends."""
    wait = Wait(doing)
    try:
        yield wait
    except BaseException:
        wait.over("failed")
        raise
    wait.over()


def wait_for(ready: Callable[[], bool], wait: Wait, *, seconds: float) -> bool:
    """This will ask again and again until the answer is yes or the time is up."""
    while not ready():
        if wait.seconds > seconds:
            return False
        wait.sign_of_life()
        time.sleep(0.1)
    return True


def last_words(log: Path) -> str:
    """This will give the line of a log that most likely says what went wrong."""
    text = log.read_text(errors="replace") if log.exists() else ""
    lines = [line.strip()[:300] for line in reversed(text.splitlines()) if line.strip()]
    reasons = (line for line in lines if REASON.search(line))
    return next(reasons, lines[0] if lines else "it said nothing")


def run(doing: str, argv: Sequence[str | Path], *, log: str, env: Mapping[str, str]) -> None:
    """This will run one program to its end, its own talk going to a log file."""
    LOG.mkdir(parents=True, exist_ok=True)
    path = LOG / f"{log}.log"
    with waiting(doing) as wait, path.open("w") as file:
        program = subprocess.Popen(
            [str(word) for word in argv],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
        try:
            while program.poll() is None:
                wait.sign_of_life()
                time.sleep(0.05)
        finally:
            if program.poll() is None:
                program.terminate()
                program.wait()
        if program.returncode:
            shown = path.relative_to(ROOT)
            raise Trouble(f"{doing} failed ({last_words(path)}); all of it is in {shown}.")
