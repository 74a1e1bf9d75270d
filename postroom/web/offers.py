"""A plan as visitors see it: its rates and terms in plain words, and where it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.domain.plans.plain_words import Line, Show, rate_in_words, terms_in_words
from postroom.domain.plans.published import Host, Offered, Place
from postroom.domain.plans.services import Channel
from postroom.domain.plans.terms import Terms
from postroom.web.gate import Gate
from postroom.web.lead_form import LeadForm, send
from postroom.web.visitors import VisitorRequest

#: Questions and requests from one connection.
LEAD = Gate("lead", at_most=10, within=timedelta(hours=1))


@dataclass(frozen=True)
class Shown:
    """A plan on a page."""

    offered: Offered
    url: str
    rates: list[str]
    lines: list[Line]
    #: Where somebody signs up for it at once.
    sign_up: str = ""


@dataclass(frozen=True)
class Way:
    """Where a plan's page leads: to itself, to signing up, to its thanks, back to all plans."""

    plan: str
    sign_up: str
    thanks: str
    back: str
    back_words: str


def shown(offered: Offered, host: Host, url: str, sign_up: str = "") -> Shown:
    """Will put a plan into the words of its page."""
    terms, show = offered.terms, host.show
    return Shown(offered, url, rates_in_words(terms, show), terms_in_words(terms, show), sign_up)


def rates_in_words(terms: Terms, show: Show) -> list[str]:
    """Will say the rates, by the month and by the year first."""
    return [rate_in_words(months, amount, show) for months, amount in rates_by_term(terms)]


def rates_by_term(terms: Terms) -> list[tuple[int, int]]:
    """Will return (months, minor units), by the month and by the year first."""
    return sorted(terms.rates.items(), key=lambda it: (it[0] not in {1, 12}, it[0]))


def sign_up_url(operator: str, **chosen: str) -> str:
    """Will return where somebody signs up with an operator, for what is chosen so far."""
    words = urlencode({name: value for name, value in chosen.items() if value})
    return f"{reverse('signup:begin', args=[operator])}?{words}"


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
    came_from = request.GET.get("from", "")
    form = LeadForm(data, offered=offered, places=places, chosen=chosen, came_from=came_from)
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
    status = 422 if form.errors else 200
    return render(request, "web/offer.html", page, status=status)


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
