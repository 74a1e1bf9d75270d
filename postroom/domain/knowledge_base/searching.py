"""Searching the articles: by PostgreSQL's full text, with what was found marked."""

import re
from dataclasses import dataclass
from pathlib import Path

from postroom.base.sql import rows

SQL = Path(__file__).parent / "sql"
#: Between these stands what was found. No article holds them, nor does what people type.
FOUND, UNTIL = "\x02", "\x03"
MARKS = f"StartSel={FOUND}, StopSel={UNTIL}"
#: How a title and an excerpt are cut, as PostgreSQL's ts_headline takes it.
WHOLE = f"HighlightAll=true, {MARKS}"
EXCERPT = f'MaxFragments=2, MinWords=10, MaxWords=26, FragmentDelimiter=" … ", {MARKS}'
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """An article that was found, its title and an excerpt with the words between the marks."""

    slug: str
    title: str
    excerpt: str


@dataclass(frozen=True)
class Hits:
    """A page of what was found, and how much there is; or what has words that begin like these."""

    page: list[Hit]
    count: int
    only_alike: bool = False


def search(typed: str, *, limit: int, offset: int = 0) -> Hits:
    """Will find the articles with all the words typed, or else with any that begin like one."""
    words = typed[:LONGEST]
    found = _ask(words, limit, offset)
    if found.page or (offset and _ask(words, 1, 0).page):
        return found
    beginnings = " | ".join(f"{word}:*" for word in re.findall(r"\w+", words))
    return _ask(beginnings, limit, offset, by_beginnings=True) if beginnings else found


def _ask(words: str, limit: int, offset: int, by_beginnings: bool = False) -> Hits:
    facts = {
        "words": words,
        "by_beginnings": by_beginnings,
        "whole": WHOLE,
        "excerpt": EXCERPT,
        "limit": limit,
        "offset": offset,
    }
    found = rows(SQL / "search.sql", facts)
    hits = [Hit(it["slug"], it["title"], it["excerpt"]) for it in found]
    return Hits(hits, found[0]["count"] if found else 0, by_beginnings)
