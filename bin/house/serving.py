"""Serving the demo: the web server and the worker, until somebody says stop."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from types import FrameType

from house.places import LOG, PYTHON, ROOT
from house.say import Trouble, Wait, last_words, say, wait_for, waiting

HOST = "127.0.0.1"
SECONDS_TO_ANSWER = 60
SECONDS_TO_END = 10
WORKER_RESTARTS = 5


class Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C or asked us to end."""


def listen_to_signals() -> None:
    """This will turn the polite signals into an orderly end."""

    def stop(number: int, frame: FrameType | None) -> None:
        for later in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(later, signal.SIG_IGN)
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # What nohup or a shell's & has switched off stays off.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def check_port(port: int) -> None:
    """This will refuse a port that something else listens on."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except PermissionError:
            raise Trouble(f"Port {port} is not ours to use; choose one with --port N.") from None
        except OSError:
            raise Trouble(f"Port {port} is taken; choose another one with --port N.") from None


def start(name: str, words: list[str], env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """This will start a program of ours out of Ctrl-C's reach: we end it ourselves."""
    LOG.mkdir(parents=True, exist_ok=True)
    with (LOG / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [PYTHON, *words],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def start_web(port: int, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """This will start gunicorn."""
    words = ["-m", "gunicorn", "postroom.wsgi", "--bind", f"{HOST}:{port}", "--no-control-socket"]
    words += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    return start("web", words, env)


def start_worker(env: dict[str, str]) -> "subprocess.Popen[bytes]":
    """This will start the worker that does the due jobs."""
    return start("worker", ["manage.py", "procrastinate", "worker"], env)


def wait_until_it_answers(web: "subprocess.Popen[bytes]", port: int) -> None:
    """This will wait for the first answer that is not an error of the server."""
    log = LOG / "web.log"
    with waiting("Starting the web server") as wait:
        wait_for(
            lambda: web.poll() is not None or _status(port) > 0, wait, seconds=SECONDS_TO_ANSWER
        )
        status = _status(port) if web.poll() is None else 0
        if web.poll() is not None:
            problem = f"stopped at once ({last_words(log)})"
        elif not status:
            problem = f"does not answer within {SECONDS_TO_ANSWER} s"
        elif status >= http.client.INTERNAL_SERVER_ERROR:
            problem = f"answers with error {status}"
        else:
            return
        raise Trouble(f"The web server {problem}; its log is {log.relative_to(ROOT)}.")


def _status(port: int) -> int:
    line = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    try:
        line.request("GET", "/")
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def watch(
    web: "subprocess.Popen[bytes]",
    worker: "subprocess.Popen[bytes]",
    *,
    restart_worker: Callable[[], "subprocess.Popen[bytes]"],
    keep_database: Callable[[], object],
) -> None:
    """This will stay until a signal comes, bringing back what falls over meanwhile."""
    restarts = 0
    try:
        while True:
            time.sleep(1)
            keep_database()
            if web.poll() is not None:
                raise Trouble("The web server has ended; its log is .local/log/web.log.")
            if worker.poll() is not None:
                restarts += 1
                if restarts > WORKER_RESTARTS:
                    raise Trouble("The worker keeps ending; its log is .local/log/worker.log.")
                say("The worker has ended; starting it again.")
                time.sleep(restarts)
                worker = restart_worker()
    finally:
        end(web, worker)


def end(*programs: "subprocess.Popen[bytes]") -> None:
    """This will end programs politely, then firmly."""
    for program in programs:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGTERM)
    wait = Wait("Stopping")
    wait_for(lambda: all(p.poll() is not None for p in programs), wait, seconds=SECONDS_TO_END)
    for program in programs:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
    wait.over()
