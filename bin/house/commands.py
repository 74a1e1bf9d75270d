"""The commands in bin, each in the order in which it happens."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

from house import assets, ci, database, engine, environment, product, serving
from house.places import PYTHON, ROOT, set_up_alone
from house.say import Trouble, say

# These commands of manage.py look at the assets; the others get by without npm.
NEEDS_ASSETS = {"collectstatic", "runserver", "test"}


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence."""

    def error(self, message: str) -> NoReturn:
        raise Trouble(f"{self.prog}: {message}.")


def main(name: str, words: list[str]) -> int:
    """This will run a command and turn every trouble into one sentence."""
    try:
        serving.listen_to_signals()
        return COMMANDS[name](words)
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except serving.Stopped:
        say("Stopped.")
        return 130
    except OSError as error:
        say(f"The system says no: {error}.")
        return 1


def set_up(*sets: str, with_assets: bool = True) -> str:
    """This will bring environment, assets and database up, and give the database's URL."""
    environment.prepare(*sets)
    if with_assets:
        assets.prepare()
    return database.prepare()


def alone() -> None:
    say("Another command of this clone is setting up; waiting for it.")


def demo(words: list[str]) -> int:
    """This will bring up the demo and serve it."""
    parser = Parser(prog="bin/demo", description="Serves Postroom with its demo on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the port to serve on (8000)")
    parser.add_argument("--reset", action="store_true", help="delete the demo and load it anew")
    parser.add_argument("--stop", action="store_true", help="stop the clone's PostgreSQL and end")
    asked = parser.parse_args(words)
    if asked.stop:
        with set_up_alone(alone):
            stopped = [cluster.stop() for cluster in engine.known_clusters()]
        say("PostgreSQL is stopped." if any(stopped) else "There was no PostgreSQL to stop.")
        return 0
    if not 0 < asked.port < 65536:
        raise Trouble(f"{asked.port} is not a port; choose one from 1 to 65535.")
    serving.check_port(asked.port)
    with set_up_alone(alone):
        environment.prepare("run")
        assets.prepare()
        if asked.reset:
            database.drop()
        env = product.variables(database.prepare(), BASE_URL=_base_url(asked.port))
        product.migrate(env)
        product.manage("Loading the demo", ["demo"], env)
        product.collect_static(env)
    return _serve(asked.port, env)


def _base_url(port: int) -> str:
    """This will give the address that links in mails and on the list of accounts begin with."""
    return f"http://{serving.HOST}:{port}"


def _serve(port: int, env: dict[str, str]) -> int:
    serving.check_port(port)
    web = serving.start_web(port, env)
    try:
        serving.wait_until_it_answers(web, port)
    except BaseException:
        serving.end(web)
        raise
    worker = serving.start_worker(env)
    try:
        _welcome(port, env)
    except BaseException:
        serving.end(web, worker)
        raise
    serving.watch(
        web,
        worker,
        restart_worker=lambda: serving.start_worker(env),
        keep_database=_keeper(),
    )
    return 0


def _keeper() -> Callable[[], None]:
    """This will give what starts our own cluster again should it die under the demo."""
    if os.environ.get("DATABASE_URL"):
        return lambda: None
    cluster = engine.main_cluster()

    def keep() -> None:
        if cluster.postmaster.is_running():
            return
        if cluster.postmaster.was_stopped():
            raise Trouble("PostgreSQL was stopped, and with it the demo ends.")
        with set_up_alone(alone):
            cluster.ensure_running()

    return keep


def _welcome(port: int, env: dict[str, str]) -> None:
    say("")
    accounts = [str(PYTHON), "manage.py", "demo", "--accounts"]
    subprocess.run(accounts, cwd=ROOT, env=env, stdout=sys.stderr, check=False)
    say(f"\nPostroom answers at http://{serving.HOST}:{port}/ until you press Ctrl-C.")
    if not env.get("EMAIL_URL"):
        say("Its mails are not sent: they are written to .local/log/web.log.")
    if not os.environ.get("DATABASE_URL"):
        say("Its PostgreSQL stays up for the next start; bin/demo --stop ends that too.")


def dev(words: list[str]) -> int:
    """This will serve the demo's database with reload."""
    parser = Parser(prog="bin/dev", description="Serves Postroom with reload, for working on it.")
    parser.add_argument("--port", type=int, default=8000, help="the port to serve on (8000)")
    asked = parser.parse_args(words)
    serving.check_port(asked.port)
    with set_up_alone(alone):
        env = product.variables(set_up("dev"), DEBUG="1", DEMO="1", BASE_URL=_base_url(asked.port))
        product.migrate(env)
        product.manage("Loading the demo", ["demo"], env)
    return become(["manage.py", "runserver", f"{serving.HOST}:{asked.port}"], env)


def manage(words: list[str]) -> int:
    """This will run manage.py in our place: its output and exit code are all there is."""
    with set_up_alone(alone):
        env = product.variables(
            set_up("run", with_assets=bool(NEEDS_ASSETS.intersection(words[:1])))
        )
        if words[:1] != ["migrate"]:
            product.migrate(env, trust_stamp=True)
    # The caller's folder stays: file names among the words are meant from there.
    return become([str(ROOT / "manage.py"), *words], env, stay=True)


def test(words: list[str]) -> int:
    """This will run pytest in our place."""
    env = set_up_tests()
    return become(["-m", "pytest", *(words or ci.PYTEST_WORDS)], env)


def set_up_tests() -> dict[str, str]:
    """This will set up what the tests need, and give their variables."""
    with set_up_alone(alone):
        url = set_up("dev")
        return product.variables(url, CHROMIUM=str(assets.browser()))


def bench(words: list[str]) -> int:
    """This will run the benchmark in our place, on databases of its own beside the demo's."""
    with set_up_alone(alone):
        environment.prepare("run")
        env = product.variables(database.prepare())
    return become(["-m", "bench", *words], env)


def become(words: list[str], env: dict[str, str], *, stay: bool = False) -> NoReturn:
    """This will let another program take over this process."""
    if not stay:
        os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), *words], env)


COMMANDS = {"demo": demo, "dev": dev, "manage": manage, "test": test, "bench": bench, "ci": ci.main}
