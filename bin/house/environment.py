"""The Python environment in .venv, filled from the locked requirements."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

from house.places import PYTHON, ROOT, VENV, digest, is_stamped
from house.say import Trouble, run

REQUIREMENTS = ROOT / "requirements"
# What a set of requirements brings along: dev repeats run, so it takes its place.
REPLACES = {"dev": {"run"}}


def prepare(*wanted: str) -> None:
    """This will make .venv hold at least the sets of requirements that are named.

    A set once installed stays, so that `bin/demo` never takes packages away from a
    `bin/test` that is still running.
    """
    # Scripts in .venv hold its path, so an environment that was moved is made anew.
    made_here = is_stamped(VENV / "stamp-made", str(VENV)) and _starts()
    sets = {"installer", *wanted} | (_installed() if made_here else set())
    sets -= {old for new in sets for old in REPLACES.get(new, set())}
    files = [REQUIREMENTS / f"{name}.txt" for name in sorted(sets)]
    stamp = VENV / "stamp-packages"
    content = f"{' '.join(sorted(sets))}\n{digest(*files)}\n"
    if made_here and is_stamped(stamp, content):
        return
    if not made_here:
        _make()
    _install_installer()
    run(
        "Installing the Python packages",
        [PYTHON, "-m", "uv", "pip", "sync", "--python", PYTHON, "--require-hashes", *files],
        log="packages",
        env=_variables(),
    )
    stamp.write_text(content)


def _starts() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _installed() -> set[str]:
    try:
        names = (VENV / "stamp-packages").read_text().splitlines()[0].split()
    except (OSError, IndexError):
        return set()
    return {name for name in names if (REQUIREMENTS / f"{name}.txt").exists()}


def _make() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Trouble(
            f"{sys.executable} has no venv module; install it (Debian: python3-venv)."
        ) from None
    run(
        "Making the Python environment",
        [sys.executable, "-m", "venv", "--clear", VENV],
        log="environment",
        env=_variables(),
    )
    (VENV / "stamp-made").write_text(str(VENV))


def _install_installer() -> None:
    file = REQUIREMENTS / "installer.txt"
    stamp = VENV / "stamp-installer"
    if is_stamped(stamp, digest(file)):
        return
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    run(
        "Fetching the installer",
        [*pip, "--require-hashes", "-r", file],
        log="installer",
        env=_variables(),
    )
    stamp.write_text(digest(file))


def _variables() -> dict[str, str]:
    """This will give the machine's variables, less those that point at another environment."""
    mine = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    # The installer brings certificates of its own; a machine that has some means those.
    here = ssl.get_default_verify_paths()
    if sys.platform == "darwin" or here.cafile or here.capath:
        kept.setdefault("UV_SYSTEM_CERTS", "1")
    return kept
