"""Styles, scripts and icons from npm, and the browser that the tests use."""

import os
import shutil
import subprocess
from pathlib import Path

from house.places import ROOT, digest, is_stamped
from house.say import Trouble, run

OLDEST_NODE = 18
CHROMIUM = Path("/usr/bin/chromium")
NO_CHROMIUM = "The browser tests need Chromium; install it, or name it in CHROMIUM=/path/to/it"


def prepare() -> None:
    """This will fill node_modules from the lock file."""
    stamp = ROOT / "node_modules" / ".stamp"
    content = digest(ROOT / "package-lock.json", ROOT / "package.json")
    if is_stamped(stamp, content):
        return
    if not shutil.which("npm") or _node_version() < OLDEST_NODE:
        raise Trouble(f"The assets need Node {OLDEST_NODE} or newer with npm on the PATH.")
    run(
        "Installing the assets",
        ["npm", "ci", "--ignore-scripts", "--no-progress"],
        log="assets",
        env=os.environ,
    )
    stamp.write_text(content)


def _node_version() -> int:
    try:
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def browser() -> Path:
    """This will give the path of a Chromium, installing Debian's if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise Trouble(f"CHROMIUM names {named}, which is not a program.")
        return Path(named)
    if CHROMIUM.exists():
        return CHROMIUM
    if os.geteuid() != 0:
        raise Trouble(f"{NO_CHROMIUM} (only root can install it).")
    if not shutil.which("apt-get"):
        raise Trouble(f"{NO_CHROMIUM} (this machine has no apt-get).")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("Reading Debian's lists of packages", ["apt-get", "update"], log="apt-update", env=quiet)
    names = ["chromium", "fonts-dejavu-core"]
    run(
        "Installing Chromium for the browser tests",
        ["apt-get", "install", "-y", "--no-install-recommends", *names],
        log="chromium",
        env=quiet,
    )
    return CHROMIUM
