"""A plan as visitors see it: its rates and terms in plain words, and where it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render

from postroom.domain.plans.plain_words import Line, Show, rate_in_words, terms_in_words
from postroom.domain.plans.published import Host, Offered, Place
from postroom.domain.plans.services import Channel
from postroom.domain.plans.terms import Terms
from postroom.web.lead_form import LeadForm, send
from postroom.web.visitors import VisitorRequest


@dataclass(frozen=True)
class Shown:
    """A plan on a page."""

    offered: Offered
    url: str
    rates: list[str]
    lines: list[Line]


@dataclass(frozen=True)
class Way:
    """Where a plan's page leads: to itself, to its thanks, and back to all plans."""

    plan: str
    thanks: str
    back: str
    back_words: str


def shown(offered: Offered, host: Host, url: str) -> Shown:
    """Will put a plan into the words of its page."""
    terms = offered.terms
    return Shown(offered, url, rates_in_words(terms, host.show), terms_in_words(terms, host.show))


def rates_in_words(terms: Terms, show: Show) -> list[str]:
    """Will say the rates, by the month and by the year first."""
    months = sorted(terms.rates, key=lambda it: (it not in {1, 12}, it))
    return [rate_in_words(it, terms.rates[it], show) for it in months]


def show_plan(
    request: VisitorRequest,
    *,
    offered: Offered,
    places: Sequence[Place],
    chosen: Place | None,
    source: Channel,
    way: Way,
) -> HttpResponse:
    """Will show a plan with the form that asks for it, or send that form."""
    data = request.POST if request.method == "POST" else None
    form = LeadForm(data, offered=offered, places=places, chosen=chosen)
    if data is not None and send(request, form, source):
        return redirect(way.thanks)
    page = {
        "operator": request.host,
        "home": way.back,
        "plan": shown(offered, request.host, way.plan),
        "places": places,
        "form": form,
        "way": way,
        "landed": "landed" in request.GET,
    }
    return render(request, "web/offer.html", page)


def show_thanks(request: VisitorRequest, offered: Offered | None, way: Way) -> HttpResponse:
    """Will say that a request has arrived."""
    page = {"operator": request.host, "home": way.back, "offered": offered, "way": way}
    return render(request, "web/asked.html", page)


def show_not_offered(request: VisitorRequest, *, back: str, back_words: str) -> HttpResponse:
    """Will say that there is no such plan to be had; the same whether there ever was one."""
    page = {
        "operator": request.host,
        "home": back,
        "back_words": back_words,
        "message": request.POST.get("message", ""),
    }
    return render(request, "web/not_offered.html", page, status=404)
