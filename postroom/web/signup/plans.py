"""An operator's plans on the signup channel, side by side, and each behind a lasting link."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.domain.plans.published import Offered, landing, offer, offers, places
from postroom.domain.plans.services import Channel
from postroom.web.gate import at_gate
from postroom.web.offers import (
    LEAD,
    Shown,
    Way,
    show_not_offered,
    show_plan,
    show_thanks,
    shown,
    sign_up_url,
)
from postroom.web.signup.access import visitor
from postroom.web.signup.steps import begun_before
from postroom.web.visitors import VisitorRequest

HERE = Channel.SIGNUP


@visitor
def plans(request: VisitorRequest) -> HttpResponse:
    """Will list and compare the plans, all of them or those at one location."""
    host = request.host
    all_places = places(host.id, HERE)
    wanted = request.GET.get("location", "")
    chosen = next((it for it in all_places if it.slug == wanted), None)
    found = offers(host.id, HERE, location_id=chosen.id if chosen else None)
    suffix = f"?location={chosen.slug}" if chosen else ""
    page = {
        "operator": host,
        "home": _all(request),
        "plans": [_shown(request, it, suffix) for it in found],
        "places": all_places,
        "chosen": chosen,
        "go_on": begun_before(request),
    }
    return render(request, "signup/plans.html", page)


def _shown(request: VisitorRequest, offered: Offered, suffix: str) -> Shown:
    way = _way(request, offered.link)
    return shown(offered, request.host, way.plan + suffix, way.sign_up)


@at_gate(LEAD)
@visitor
def plan(request: VisitorRequest, link: str) -> HttpResponse:
    """Will show a plan and take a request for it; an old link lands on what took its place."""
    host = request.host
    offered = offer(host.id, HERE, link)
    if offered is None:
        landed = landing(host.id, HERE, link)
        if landed is None:
            return show_not_offered(request, back=_all(request), back_words="See all plans")
        if request.method != "POST":
            return redirect(_way(request, landed).plan + "?landed")
        # What was typed on the old page is kept, beside the terms of what took its place.
        offered = offer(host.id, HERE, landed)
        assert offered is not None, "a link lands on what is seen at that very instant"
    at = places(host.id, HERE, plan_id=offered.id)
    wanted = request.GET.get("location", "")
    return show_plan(
        request,
        offered=offered,
        places=at,
        chosen=next((it for it in at if it.slug == wanted), None),
        source=HERE,
        way=_way(request, offered.link),
    )


@visitor
def thanks(request: VisitorRequest, link: str) -> HttpResponse:
    """Will say that the request has arrived."""
    return show_thanks(request, offer(request.host.id, HERE, link), _way(request, link))


def _all(request: VisitorRequest) -> str:
    return reverse("signup:plans", args=[request.host.slug])


def _way(request: VisitorRequest, link: str) -> Way:
    facts = [request.host.slug, link]
    chosen = {"plan": link, "location": request.GET.get("location", ""), "from": _from(request)}
    return Way(
        plan=reverse("signup:plan", args=facts),
        sign_up=sign_up_url(request.host.slug, **chosen),
        thanks=reverse("signup:thanks", args=facts),
        back=_all(request),
        back_words="See all plans",
    )


def _from(request: VisitorRequest) -> str:
    return "embed" if request.GET.get("from") == "embed" else ""
