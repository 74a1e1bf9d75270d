"""The lead-gen website's locations: where they are and from what price."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.plans.published import Listing, directory, offers, states
from postroom.domain.plans.services import Channel
from postroom.web.directory.access import GuestRequest, anybody, guest
from postroom.web.offers import shown
from postroom.web.visitors import VisitorRequest

A_PAGE = 30
ORDERS = [("state", "State, then city"), ("city", "City"), ("price", "Price, lowest first")]


class Filter(forms.Form):
    """Which locations, in what order."""

    state = forms.ChoiceField(required=False)
    by = forms.ChoiceField(required=False, label="Order", choices=ORDERS)

    def __init__(self, data: Any, *, known: list[str]) -> None:
        super().__init__(data)
        self.fields["state"].choices = [("", "All states"), *((it, it) for it in known)]  # type: ignore[attr-defined]


@anybody
def index(request: VisitorRequest) -> HttpResponse:
    """Will list a page of the locations, with the entry price of each."""
    wanted = Filter(request.GET, known=states())
    wanted.is_valid()
    typed = request.GET.get("page", "")
    number = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    choice = {
        "state": wanted.cleaned_data.get("state", ""),
        "sort": wanted.cleaned_data.get("by") or "state",
        "limit": A_PAGE,
    }
    found = directory(**choice, offset=(number - 1) * A_PAGE)
    if not found.found and number > 1:
        number, found = 1, directory(**choice, offset=0)
    pages = Paginator(range(found.found), A_PAGE)
    page = {
        "form": wanted,
        "rows": [(it, _entry(it), _url(it)) for it in found.listings],
        "table": {
            "page": pages.get_page(number),
            "paginator": pages,
            "prefixed_page_field": "page",
        },
    }
    return render(request, "directory/index.html", page)


@guest
def location(request: GuestRequest) -> HttpResponse:
    """Will show a location with its plans."""
    host, place = request.host, request.place
    page = {
        "operator": host,
        "home": reverse("directory:index"),
        "place": place,
        "plans": [
            shown(it, host, reverse("directory:plan", args=[host.slug, place.slug, it.link]))
            for it in offers(host.id, Channel.LEAD_GEN, location_id=place.id)
        ],
    }
    return render(request, "directory/location.html", page)


def _entry(listing: Listing) -> str:
    return rate_in_words(listing.months, listing.amount_minor, listing.host.show)


def _url(listing: Listing) -> str:
    return reverse("directory:location", args=[listing.host.slug, listing.place.slug])
