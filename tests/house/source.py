"""The source as the house's tests read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Function:
    """A function with where it stands and how many lines its code has, without its docstring."""

    where: str
    lines: int
    is_test: bool


def files(*patterns: str) -> list[Path]:
    """Will return the files of the project that match, without what migrations generate."""
    return sorted(
        file
        for pattern in patterns
        for file in ROOT.glob(pattern)
        if not {"__pycache__", "node_modules", ".venv", ".local"} & set(file.parts)
    )


def short(file: Path) -> str:
    """Will name a file from the root of the project."""
    return str(file.relative_to(ROOT))


@cache
def tree(file: Path) -> ast.Module:
    """Will read a file of Python."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def functions(file: Path) -> Iterator[Function]:
    """Will measure each function of a file."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = ast.get_docstring(node) is not None
            docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            lines = (node.end_lineno or 0) - node.lineno + 1 - docstring
            yield Function(
                f"{short(file)}:{node.name}", lines, is_test=node.name.startswith("test_")
            )
