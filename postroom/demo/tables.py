"""The published tables beside the demo: real plans and locations."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from postroom.base.sheets import Sheet
from postroom.domain.plan_changes.importing.reading import read

DATA = Path(__file__).parent / "data"


def published(wanted: Mapping[tuple[str, str], Mapping[str, str]]) -> Sheet:
    """Will return the rows of ``plans.csv`` of these providers and plans, with more cells each."""
    sheet = read((DATA / "plans.csv").read_bytes())
    lines = [
        replace(line, cells={**line.cells, **wanted[key]})
        for line in sheet.lines
        if (key := (line.cells["provider"], line.cells["plan"])) in wanted
    ]
    return Sheet(sheet.columns, lines)
