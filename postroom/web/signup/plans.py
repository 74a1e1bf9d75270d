"""An operator's plans on the signup channel, side by side, and each behind a lasting link."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.domain.plans.published import landing, offer, offers, places
from postroom.domain.plans.services import Channel
from postroom.web.offers import Way, show_not_offered, show_plan, show_thanks, shown
from postroom.web.signup.access import visitor
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
        "plans": [shown(it, host, _way(request, it.link).plan + suffix) for it in found],
        "places": all_places,
        "chosen": chosen,
    }
    return render(request, "signup/plans.html", page)


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
    return Way(
        plan=reverse("signup:plan", args=facts),
        thanks=reverse("signup:thanks", args=facts),
        back=_all(request),
        back_words="See all plans",
    )
