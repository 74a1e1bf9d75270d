"""The short test of the PostgreSQL that everything else does not run on."""

import os
import signal

from house import database, engine, product
from house.cluster import Cluster
from house.say import Trouble, say, wait_for, waiting

NAME = "postroom_smoke"


def test() -> None:
    """This will migrate on the other PostgreSQL, kill it, and see that nothing is lost."""
    if os.environ.get("DATABASE_URL"):
        say("DATABASE_URL is set: this run is about that server alone.")
        return
    cluster = engine.other_cluster(engine.main_cluster())
    if cluster is None:
        say("There is only one PostgreSQL on this machine: nothing to do.")
        return
    try:
        _migrate(cluster)
        _kill(cluster)
        if not cluster.ensure_running():
            raise Trouble("PostgreSQL was killed, and still it runs.")
        env = product.variables(cluster.url(NAME))
        product.manage("Looking for the tables after the kill", ["migrate", "--check"], env)
    finally:
        cluster.remove()


def _migrate(cluster: Cluster) -> None:
    cluster.ensure_running()
    url = cluster.url(NAME)
    database.make(url)
    env = product.variables(url)
    product.manage("Migrating on it", ["migrate"], env)
    product.manage("Checking it", ["check", "--database", "default"], env)


def _kill(cluster: Cluster) -> None:
    pid = cluster.postmaster.pid()
    if pid is None:
        raise Trouble("PostgreSQL has ended on its own during the test.")
    with waiting("Killing it without warning") as wait:
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not cluster.postmaster.is_running(), wait, seconds=60)
