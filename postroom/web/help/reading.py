"""Reading: the front page, sections, articles, and searching them."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postroom.domain.knowledge_base.queries import feedback_of
from postroom.domain.knowledge_base.searching import FOUND, UNTIL, Hit, search
from postroom.web.help.access import HelpRequest, reader
from postroom.web.help.catalog import Article, Section, catalog
from postroom.web.help.rendering import rendered

A_PAGE = 10
#: So many articles of a section are on the front page.
FIRST_ONES = 4


@reader
def home(request: HelpRequest) -> HttpResponse:
    """Will show the sections with their first articles, and the search."""
    whole = catalog()
    shelves = []
    for top in whole.tops:
        own, within = whole.of(top), whole.inside(top)
        count = len(own) + sum(len(whole.of(it)) for it in within)
        shelf = {"section": top, "first": own[:FIRST_ONES], "within": within, "count": count}
        shelves.append(shelf)
    often = [it for it in whole.articles.values() if it.often]
    return render(request, "help/home.html", {"shelves": shelves, "often": often} | frame())


@reader
def solutions(request: HelpRequest) -> HttpResponse:
    """Will list every article there is, section by section."""
    return render(request, "help/solutions.html", frame())


@reader
def section(request: HelpRequest, slug: str) -> HttpResponse:
    """Will list the articles of a section and of those within it."""
    here = catalog().sections.get(slug)
    if here is None:
        raise Http404
    whole = catalog()
    page = frame(here) | {
        "trail": whole.above(here)[:-1],
        "own": whole.of(here),
        "within": [{"section": it, "articles": whole.of(it)} for it in whole.inside(here)],
    }
    return render(request, "help/section.html", page)


@reader
def article(request: HelpRequest, slug: str) -> HttpResponse:
    """Will show an article, and what its reader said of it before."""
    here = find(slug)
    whole = catalog()
    page = frame(whole.sections[here.section], here) | {
        "read": rendered(here),
        "related": [whole.articles[it] for it in here.related if it in whole.articles],
        "feedback": feedback_of(request.reader, here.slug),
        "asks_again": "again" in request.GET,
    }
    return render(request, "help/article.html", page)


@reader
def about(request: HelpRequest, page: str) -> HttpResponse:
    """Will go to the article on a page of the desk; to the front page, where there is none."""
    known = catalog().by_page.get(page)
    return redirect(known.url if known else "help:index")


@reader
def search_page(request: HelpRequest) -> HttpResponse:
    """Will show the articles with the words that somebody looks for."""
    typed = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", request.GET.get("q", "")).split())
    number = page_number(request)
    hits = search(typed, limit=A_PAGE, offset=(number - 1) * A_PAGE) if typed else None
    pages = Paginator(range(hits.count if hits else 0), A_PAGE)
    page = frame() | {
        "typed": typed,
        "hits": hits,
        "found": [_shown(it) for it in hits.page if it.slug in catalog().articles] if hits else [],
        "table": {
            "page": pages.get_page(number),
            "paginator": pages,
            "prefixed_page_field": "page",
        },
    }
    return render(request, "help/search.html", page)


def find(slug: str) -> Article:
    """Will return an article. Raises Http404."""
    found = catalog().articles.get(slug)
    if found is None:
        raise Http404
    return found


def frame(section: Section | None = None, article: Article | None = None) -> dict[str, Any]:
    """Will return what is around every page: the navigation, and where in it the reader is."""
    whole = catalog()
    shelves = [
        {"section": it, "articles": whole.of(it), "inside": bool(it.parent)}
        for it in whole.sections.values()
    ]
    trail = whole.above(section) if section else []
    return {"catalog": shelves, "section": section, "article": article, "trail": trail}


def _shown(hit: Hit) -> dict[str, Any]:
    article = catalog().articles[hit.slug]
    return {
        "article": article,
        "section": catalog().sections[article.section],
        "title": _marked(hit.title),
        "excerpt": _marked(hit.excerpt),
    }


def _marked(text: str) -> SafeString:
    """Will mark what was found, and let nothing in the text be HTML."""
    return mark_safe(escape(text).replace(FOUND, "<mark>").replace(UNTIL, "</mark>"))


def page_number(request: HttpRequest) -> int:
    """Will return which page of a list is asked for; the first one, where it says nonsense."""
    said = request.GET.get("page", "")
    return min(max(int(said), 1), 1000) if re.fullmatch(r"[0-9]{1,4}", said) else 1
