"""The database that a command works on: DATABASE_URL's, or one in the clone's own cluster."""

import os
import subprocess
from pathlib import Path

from house import engine, product
from house.binaries import OLDEST
from house.places import PYTHON, ROOT
from house.say import Trouble, say

NAME = "postroom_demo"
SCHEMES = ("postgres://", "postgresql://")
SERVER = Path(__file__).with_name("server.py")


def prepare() -> str:
    """This will see that the database is there, and give its URL."""
    url = os.environ.get("DATABASE_URL")
    if url and not url.startswith(SCHEMES):
        raise Trouble("DATABASE_URL must begin with postgres://: Postroom runs on PostgreSQL only.")
    if not url:
        cluster = engine.main_cluster()
        cluster.ensure_running()
        url = cluster.url(NAME)
    make(url)
    return url


def make(url: str) -> None:
    """This will create a database unless it exists, on a server that is new enough."""
    version = int(_ask("version", url))
    if version < OLDEST:
        raise Trouble(
            f"DATABASE_URL names a PostgreSQL {version}; Postroom needs {OLDEST} or newer."
        )


def drop() -> None:
    """This will delete the demo's database, and nothing that is not ours."""
    if os.environ.get("DATABASE_URL"):
        raise Trouble(
            "DATABASE_URL is set, and --reset only deletes the clone's own database: "
            "drop that one yourself, or unset DATABASE_URL."
        )
    cluster = engine.main_cluster()
    cluster.ensure_running()
    say("Deleting the demo's database to start over.")
    product.MIGRATED.unlink(missing_ok=True)
    _ask("drop", cluster.url(NAME))


def _ask(question: str, url: str) -> str:
    answer = subprocess.run(
        [PYTHON, SERVER, question],
        env={**os.environ, "DATABASE_URL": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        reason = answer.stderr.strip().splitlines() or ["it said nothing"]
        raise Trouble(f"The database is out of reach: {reason[-1]}")
    return answer.stdout.strip()
