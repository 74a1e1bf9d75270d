"""``manage.py scenario``: bills worked examples by the real run, and undoes it all."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from postroom.scenarios.documents import Malformed
from postroom.scenarios.examples import Scenario
from postroom.scenarios.reading import scenarios_in
from postroom.scenarios.results import result_of


class Command(BaseCommand):
    help = "Bills the worked examples of JSON files, and keeps nothing. See docs/scenarios.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="scenario files")
        parser.add_argument("--only", metavar="ID", help="only the scenario with this id")
        parser.add_argument("--indent", type=int, metavar="N", help="indent the JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scenarios = read(options["files"], only=options["only"])
        except Malformed as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        results = [result_of(scenario) for scenario in scenarios]
        self.stdout.write(json.dumps({"results": results}, indent=options["indent"]))
        if any(result["ok"] is False for result in results):
            sys.exit(1)


def read(files: list[Path], *, only: str | None) -> list[Scenario]:
    """Will read all files before anything is done. Raises Malformed."""
    scenarios = [scenario for file in files for scenario in scenarios_in(file)]
    if only is None:
        return scenarios
    found = [scenario for scenario in scenarios if scenario.name == only]
    if not found:
        raise Malformed(where="--only:", trouble=f"there is no scenario {json.dumps(only)}")
    return found
