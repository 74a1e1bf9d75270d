"""Docs say what is: every variable, links that lead somewhere, decisions of one shape."""

import re

import pytest

from tests.house.source import ROOT, files, short

PAGES = files("*.md", "docs/**/*.md")
DECISIONS = files("docs/decisions/*.md")
PARTS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]


def test_every_variable_is_on_the_page_on_running() -> None:
    settings = (ROOT / "postroom" / "settings.py").read_text(encoding="utf-8")
    variables = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings))
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert variables == listed


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_links_lead_somewhere(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text)
    broken = [it for it in targets if not (page.parent / it).exists()]  # type: ignore[attr-defined]
    assert broken == []


@pytest.mark.parametrize("decision", DECISIONS, ids=short)
def test_a_decision_names_what_enforces_it(decision: object) -> None:
    text = decision.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert re.match(r"# \d{4} \S", text)
    assert re.findall(r"^\*\*(.+?)\.?\*\*", text, re.MULTILINE) == PARTS
    named = re.findall(r"`(tests/[^`*]+)`", text)
    assert [it for it in named if not (ROOT / it).exists()] == []
