"""The outlines of the states of the US, from npm's atlas; without it there are none."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from postroom.base.gazetteer import state_of

#: Longitude and latitude.
Point = tuple[float, float]
Ring = list[Point]
ATLAS = Path("node_modules") / "us-atlas" / "states-10m.json"


@cache
def outlines() -> dict[str, list[Ring]]:
    """Will return each state's rings by its code."""
    file = Path(settings.NPM_ROOT_PATH) / ATLAS
    if not file.exists():
        return {}
    atlas = json.loads(file.read_text(encoding="utf-8"))
    arcs = [_places(arc, atlas["transform"]) for arc in atlas["arcs"]]
    return {
        state_of(it["properties"]["name"]): [_ring(ring, arcs) for ring in _rings(it)]
        for it in atlas["objects"]["states"]["geometries"]
        if state_of(it["properties"]["name"])
    }


def _places(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Will return an arc's points: each is written as the steps from the one before."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * wide + west, y * high + south))
    return points


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry["arcs"] for ring in polygon]


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Will join arcs to a ring; the number of one that runs backwards is the other's, inverted."""
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points
