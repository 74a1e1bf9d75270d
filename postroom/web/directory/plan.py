"""A plan at a location of the lead-gen website, and the form that asks for it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from postroom.domain.plans.published import landing, offer
from postroom.domain.plans.services import Channel
from postroom.web.directory.access import GuestRequest, guest
from postroom.web.gate import at_gate
from postroom.web.offers import LEAD, Way, show_not_offered, show_plan, show_thanks, sign_up_url

HERE = Channel.LEAD_GEN


@at_gate(LEAD)
@guest
def plan(request: GuestRequest, link: str) -> HttpResponse:
    """Will show a plan and take a request for it; an old link lands on what took its place."""
    host, place = request.host, request.place
    offered = offer(host.id, HERE, link, location_id=place.id)
    if offered is None:
        landed = landing(host.id, HERE, link)
        # What took its place may be offered elsewhere only.
        offered = offer(host.id, HERE, landed, location_id=place.id) if landed else None
        if offered is None:
            way = _way(request, link)
            return show_not_offered(request, back=way.back, back_words=way.back_words)
        if request.method != "POST":
            return redirect(_way(request, offered.link).plan + "?landed")
    return show_plan(
        request,
        offered=offered,
        places=[place],
        chosen=place,
        source=HERE,
        way=_way(request, offered.link),
    )


@guest
def thanks(request: GuestRequest, link: str) -> HttpResponse:
    """Will say that the request has arrived."""
    offered = offer(request.host.id, HERE, link, location_id=request.place.id)
    return show_thanks(request, offered, _way(request, link))


def _way(request: GuestRequest, link: str) -> Way:
    here = [request.host.slug, request.place.slug]
    return Way(
        plan=reverse("directory:plan", args=[*here, link]),
        sign_up=sign_up_url(
            request.host.slug, plan=link, location=request.place.slug, **{"from": HERE.value}
        ),
        thanks=reverse("directory:thanks", args=[*here, link]),
        back=reverse("directory:location", args=here),
        back_words="See all plans here",
    )
