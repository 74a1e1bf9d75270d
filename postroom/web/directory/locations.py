"""The lead-gen website's search: its front page, and a page for each state."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from postroom.domain.plans.directory import Listing, Page, State, Wanted, cities, search, states
from postroom.domain.plans.searching import Kind
from postroom.web.directory.access import anybody
from postroom.web.directory.locations_in_words import Row, row
from postroom.web.directory.maps import Map, map_around, map_of_state
from postroom.web.directory.search_form import SearchForm
from postroom.web.visitors import VisitorRequest

A_PAGE = 30
#: So many are on a map; they are read along with the first pages of the list.
ON_A_MAP = 240
#: So many are shown of those that are too far away.
NEAREST = 3


@anybody
def index(request: VisitorRequest) -> HttpResponse:
    """Will list a page of the locations that somebody looks for."""
    form = SearchForm(request.GET)
    page = _searched(request, form)
    if not page["rows"] or not request.GET:
        page["states"] = states()
    return render(request, "directory/index.html", page)


@anybody
def state(request: VisitorRequest, state: str) -> HttpResponse:
    """Will list a state's cities and locations."""
    found = next((it for it in states() if it.slug == state), None)
    if found is None:
        raise Http404
    page = _searched(request, SearchForm(request.GET, state=found))
    page |= {"state": found, "cities": cities(found)}
    return render(request, "directory/state.html", page)


def _searched(request: VisitorRequest, form: SearchForm) -> dict[str, Any]:
    sought = form.sought
    number = _page_number(request)
    wanted = form.wanted(sought)
    shown, mapped, count = _read(wanted, (number - 1) * A_PAGE)
    nearest = Page()
    if not count and sought.spot:
        nearest = search(form.wanted(sought, near=False), limit=NEAREST)
    pages = Paginator(range(count), A_PAGE)
    return {
        "form": form,
        "sought": sought,
        "within": wanted.within,
        "rows": [row(it) for it in shown],
        "map": _map(wanted, [row(it) for it in mapped]),
        "nearest": [row(it) for it in nearest.listings],
        "count": count,
        "is_unknown": sought.kind == Kind.NAME and not count and not form.is_narrowed,
        "canonical": settings.BASE_URL + _canonical(form, number),
        "is_indexed": not form.is_narrowed and not form.cleaned_data.get("within"),
        "table": {
            "page": pages.get_page(number),
            "paginator": pages,
            "prefixed_page_field": "page",
        },
    }


def _read(wanted: Wanted, first: int) -> tuple[list[Listing], list[Listing], int]:
    """Will return a page's locations, those on the map, and how many there are.

    Behind the last page comes the first one.
    """
    if first >= ON_A_MAP or not (wanted.state or wanted.sought.state or wanted.sought.spot):
        found = search(wanted, limit=A_PAGE, offset=first)
        if not found.found and first:
            found = search(wanted, limit=A_PAGE)
        return found.listings, found.listings, found.found
    found = search(wanted, limit=ON_A_MAP)
    first = first if first < found.found else 0
    return found.listings[first : first + A_PAGE], found.listings, found.found


def _map(wanted: Wanted, rows: list[Row]) -> Map | None:
    """Will draw where they are, for a state or a place; all of the country is left out."""
    sought, code = wanted.sought, wanted.state.code if wanted.state else wanted.sought.state
    if not rows or not (code or sought.spot):
        return None
    if sought.spot:
        return map_around(sought.spot, wanted.within, rows) if wanted.within else None
    return map_of_state(code, rows)


def state_url(state: State) -> str:
    return reverse("directory:state", args=[state.slug])


def _page_number(request: VisitorRequest) -> int:
    typed = request.GET.get("page", "")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def _canonical(form: SearchForm, number: int) -> str:
    """Will return the one address of a list, whatever its order: a state's own page for a state."""
    sought = form.sought
    query: dict[str, str | int] = {"page": number} if number > 1 else {}
    if form.state is not None or sought.kind == Kind.STATE:
        slug = form.state.slug if form.state else sought.state.lower()
        path = reverse("directory:state", args=[slug])
    else:
        path = reverse("directory:index")
        if sought.kind != Kind.NOTHING:
            q = sought.name if sought.kind == Kind.SPOT else sought.typed
            query = {"q": q, **query}
    return f"{path}?{urlencode(query)}" if query else path
