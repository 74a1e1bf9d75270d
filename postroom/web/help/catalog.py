"""The articles, as they lie in the folder ``articles``: read once, and whole or not at all.

Each is a Markdown file with front matter: title, section, order, summary, the related articles, and
the pages of the desk that it is the help for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

ARTICLES = Path(__file__).parent / "articles"
FENCE = "---\n"


@dataclass(frozen=True)
class Section:
    """A section of the knowledge base, or one within another."""

    slug: str
    name: str
    icon: str
    summary: str
    parent: str = ""

    @property
    def url(self) -> str:
        return reverse("help:section", args=[self.slug])


@dataclass(frozen=True)
class Article:
    """A task of the operator, click by click."""

    slug: str
    title: str
    section: str
    order: int
    summary: str
    #: Markdown, without the front matter.
    source: str
    related: tuple[str, ...] = ()
    #: Names of the desk's addresses.
    pages: tuple[str, ...] = ()
    #: Whether many look for it, so that the front page leads to it at once.
    often: bool = False

    @property
    def url(self) -> str:
        return reverse("help:article", args=[self.slug])


@dataclass(frozen=True)
class Catalog:
    """All sections in their order, and all articles in the order of their sections."""

    sections: dict[str, Section]
    articles: dict[str, Article]

    def inside(self, section: Section) -> list[Section]:
        """Will return the sections within one."""
        return [it for it in self.sections.values() if it.parent == section.slug]

    def of(self, section: Section) -> list[Article]:
        """Will return a section's own articles, in their order."""
        return [it for it in self.articles.values() if it.section == section.slug]

    def above(self, section: Section) -> list[Section]:
        """Will return the way down to a section, itself included."""
        parent = self.sections.get(section.parent)
        return [*self.above(parent), section] if parent else [section]

    @cached_property
    def tops(self) -> list[Section]:
        return [it for it in self.sections.values() if not it.parent]

    @cached_property
    def by_page(self) -> dict[str, Article]:
        """The article of each page of the desk."""
        return {page: it for it in self.articles.values() for page in it.pages}


@cache
def catalog() -> Catalog:
    """Will read all articles. Raises ImproperlyConfigured, naming the file that is wrong."""
    listed = yaml.safe_load((ARTICLES / "sections.yaml").read_text("utf-8"))
    sections = {it["slug"]: Section(**it) for it in listed}
    places = {slug: place for place, slug in enumerate(sections)}
    found = list(_read(places))
    found.sort(key=lambda it: (places[it.section], it.order, it.title))
    return Catalog(sections, {it.slug: it for it in found})


def _read(sections: dict[str, int]) -> Iterator[Article]:
    for file in ARTICLES.glob("*.md"):
        _, _, text = file.read_text("utf-8").partition(FENCE)
        front, _, source = text.partition("\n" + FENCE)
        facts: dict[str, Any] = yaml.safe_load(front) or {}
        lists = {name: tuple(facts.get(name, [])) for name in ("related", "pages")}
        try:
            article = Article(slug=file.stem, source=source, **(facts | lists))
        except TypeError as error:
            raise ImproperlyConfigured(f"The front matter of {file.name}: {error}.") from error
        if article.section not in sections:
            raise ImproperlyConfigured(f"{file.name} names the section “{article.section}”.")
        yield article
