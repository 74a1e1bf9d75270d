"""The articles hold together: what they name is there, and each has been walked."""

import pytest

from postroom.settings import ROOT
from postroom.web.help.catalog import Article, catalog
from postroom.web.help.rendering import PICTURES, desk_words, links, pictures
from tests.web.test_every_url import DESK

WALKS = ROOT / "tests" / "stories" / "walks"
EACH = pytest.mark.parametrize("article", catalog().articles.values(), ids=lambda it: it.slug)


@EACH
def test_what_an_article_names_is_there(article: Article) -> None:
    others = set(catalog().articles) - {article.slug}
    assert {*article.related, *links(article)} <= others
    assert [it for it in pictures(article) if not (PICTURES / it).exists()] == []
    assert all(it.startswith(article.slug) for it in pictures(article))


@EACH
def test_an_article_can_be_read_in_a_few_minutes(article: Article) -> None:
    words = len(article.source.split())
    assert 60 <= words <= 900
    assert article.summary.endswith(".") and len(article.summary) <= 120
    assert 1 <= len(article.related) <= 4


@EACH
def test_an_article_is_walked(article: Article) -> None:
    walks = "".join(it.read_text("utf-8") for it in WALKS.glob("test_*.py"))
    assert walks.count(f'.article("{article.slug}")') == 1
    assert desk_words(article), "it names something of the desk"


def test_no_picture_is_left_over() -> None:
    used = {name for it in catalog().articles.values() for name in pictures(it)}
    assert {it.name for it in PICTURES.glob("*")} - used == set()
    seen = {it.stem for it in (WALKS / "seen").glob("*.json")}
    assert seen == {it.slug for it in catalog().articles.values() if pictures(it)}


def test_every_section_has_articles() -> None:
    assert [it.slug for it in catalog().sections.values() if not catalog().of(it)] == []


def test_a_page_has_one_article() -> None:
    named = [name for it in catalog().articles.values() for name in it.pages]
    assert len(named) == len(set(named))
    assert set(named) <= {str(it.name) for it in DESK}
