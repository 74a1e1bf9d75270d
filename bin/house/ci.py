"""Everything that must be true of a change, in the order of bin/ci."""

import os
import subprocess
import time
from collections.abc import Callable

from house import assets, database, engine, environment, product, smoke
from house.cluster import Cluster
from house.places import PYTHON, ROOT, VENV, set_up_alone
from house.say import Trouble, say

PYTEST_WORDS = ["-n", "2", "--dist", "loadfile"]
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as check; check()"

# Words are run by the environment's Python; a function does the step itself.
Step = list[str] | Callable[[], object]
STEPS: dict[str, Step] = {
    "environment": lambda: environment.prepare("dev"),
    "assets": assets.prepare,
    "database": database.prepare,
    "browser": assets.browser,
    "format": ["-m", "ruff", "format", "--check"],
    "lint": ["-m", "ruff", "check"],
    "types": ["-m", "mypy"],
    "floors": ["-c", LINT_IMPORTS],
    "templates": ["-m", "djlint", "postroom", "--lint", "--quiet"],
    "tables": ["manage.py", "migrate", "--verbosity", "0"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "django": ["manage.py", "check", "--fail-level", "WARNING"],
    "the other PostgreSQL": smoke.test,
    "tests": ["-m", "pytest", *PYTEST_WORDS],
}


def main(words: list[str]) -> int:
    """This will take the steps one by one and stop at the first that fails."""
    if words:
        raise Trouble("bin/ci takes no arguments: it always checks everything.")
    began = time.monotonic()
    running_before = _running()
    try:
        for name, step in STEPS.items():
            if not _take(name, step):
                say(f"bin/ci stopped at the step “{name}”: the steps before it are in order.")
                return 1
    finally:
        _tidy(running_before)
    say(f"bin/ci is through all {len(STEPS)} steps in {time.monotonic() - began:.0f} s.")
    return 0


def _take(name: str, step: Step) -> bool:
    """This will do one step and say how it went and how long it took."""
    say(f"\n── {name}")
    began = time.monotonic()
    try:
        passed = _run(step) if isinstance(step, list) else _do(step)
    except Trouble as trouble:
        say(str(trouble))
        passed = False
    say(f"── {name}: {'in order' if passed else 'FAILED'} ({time.monotonic() - began:.1f} s)")
    return passed


def _run(words: list[str]) -> bool:
    env = product.variables(database.prepare(), CHROMIUM=str(assets.browser()))
    program = subprocess.run(
        [PYTHON, *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False
    )
    return program.returncode == 0


def _do(step: Callable[[], object]) -> bool:
    with set_up_alone(lambda: None):
        step()
    return True


def _running() -> bool:
    return any(cluster.postmaster.is_running() for cluster in _clusters())


def _clusters() -> list[Cluster]:
    return engine.known_clusters() if (VENV / "stamp-packages").exists() else []


def _tidy(running_before: bool) -> None:
    """This will leave the machine as it was found: nobody comes back for CI's database."""
    if running_before:
        return
    for cluster in _clusters():
        outside = ROOT not in cluster.home.parents
        if os.environ.get("CI") and outside:
            cluster.remove()
        else:
            cluster.stop()
