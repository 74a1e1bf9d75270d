"""Lock files say what is installed, to the bit, and nothing of where it came from."""

import json
import re

import pytest

from tests.house.source import ROOT, files

LOCKS = files("requirements/*.txt")
PINNED = re.compile(r"^[A-Za-z0-9._\[\]-]+==\S+")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda it: it.name)
def test_every_python_package_has_its_hash(lock: object) -> None:
    text = lock.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert "://" not in text
    whole = text.replace("\\\n", " ").splitlines()
    packages = [line for line in whole if line.strip() and not line.lstrip().startswith("#")]
    assert packages
    assert [it for it in packages if not PINNED.match(it) or "--hash=sha256:" not in it] == []


def test_every_browser_package_has_its_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: it for name, it in lock["packages"].items() if name}
    assert packages
    assert [name for name, it in packages.items() if "integrity" not in it] == []
    assert [name for name, it in packages.items() if "resolved" in it] == []
