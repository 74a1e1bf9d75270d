"""Postroom itself as the house runs it: its variables, its manage.py and its static files."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from house.places import LOCAL, PYTHON, ROOT, VENV, digest, is_stamped, write_private
from house.say import run

STATIC = LOCAL / "static"
SECRET_KEY = LOCAL / "secret-key"
MIGRATED = LOCAL / "stamp-migrated"


def variables(url: str, **more: str) -> dict[str, str]:
    """This will give the variables for a Postroom on this machine; what is set already wins."""
    if not SECRET_KEY.exists():
        write_private(SECRET_KEY, secrets.token_urlsafe(50))
    defaults = {
        "SECRET_KEY": SECRET_KEY.read_text(),
        "DEBUG": "0",
        "DEMO": "1",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "STATIC_ROOT": str(STATIC),
        **more,
    }
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    mine = {"DATABASE_URL": url, "PATH": path, "VIRTUAL_ENV": str(VENV)}
    return {**defaults, **os.environ, **mine}


def manage(doing: str, words: Sequence[str], env: dict[str, str]) -> None:
    """This will run one command of manage.py as a step of ours."""
    run(doing, [PYTHON, "manage.py", *words], log=words[0], env=env)


def migrate(env: dict[str, str], *, trust_stamp: bool = False) -> None:
    """This will bring a database's tables up to date; a trusted stamp says they are already."""
    sources = sorted(ROOT.glob("postroom/**/migrations/*.py")) + sorted(
        ROOT.glob("postroom/**/sql/*.sql")
    )
    content = digest(env["DATABASE_URL"], *sources)
    if trust_stamp and is_stamped(MIGRATED, content):
        return
    manage("Bringing the database's tables up to date", ["migrate"], env)
    MIGRATED.write_text(content)


def collect_static(env: dict[str, str]) -> None:
    """This will gather the static files to be served, unless they are as they were."""
    stamp = LOCAL / "stamp-static"
    content = digest(*_static_sources(), str(STATIC.exists()))
    if is_stamped(stamp, content):
        return
    manage("Gathering the static files", ["collectstatic", "--noinput", "--clear"], env)
    stamp.write_text(digest(*_static_sources(), str(STATIC.exists())))


def _static_sources() -> list[str | Path]:
    files = [path for path in ROOT.glob("postroom/**/static/**/*") if path.is_file()]
    locks = [ROOT / "package-lock.json", VENV / "stamp-packages", ROOT / "postroom" / "settings.py"]
    listed: list[str | Path] = []
    for path in [*sorted(files), *(path for path in locks if path.exists())]:
        listed += [str(path.relative_to(ROOT)), path]
    return listed
