"""The plans of an operator as a table for its own site: a page that any site may frame."""

from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from postroom.domain.plans.published import Host, Offered, Place, host, offers, places
from postroom.domain.plans.services import Channel
from postroom.web.directory.access import anybody
from postroom.web.offers import Shown, shown, sign_up_url
from postroom.web.visitors import VisitorRequest

#: What the operator's own site shows is what its signup URL offers.
HERE = Channel.SIGNUP
#: How those who came this way are known.
FROM = "embed"


@csp_replace({"frame-ancestors": ["*"]})
@xframe_options_exempt
@anybody
def embed(request: VisitorRequest, operator: str) -> HttpResponse:
    """Will show the plans side by side, perhaps those at one location; links open outside."""
    known = host(operator)
    if known is None:
        raise Http404
    wanted = request.GET.get("location", "")
    place = next((it for it in places(known.id, HERE) if wanted and it.slug == wanted), None)
    if wanted and place is None:
        raise Http404
    offered = offers(known.id, HERE, location_id=place.id if place else None)
    page = {
        "operator": known,
        "place": place,
        "plans": [_shown(known, it, place) for it in offered],
    }
    return render(request, "directory/embed.html", page)


def _shown(known: Host, offered: Offered, place: Place | None) -> Shown:
    """Will put a plan into words, with its page and the way to sign up for it there."""
    chosen = {"location": place.slug} if place else {}
    page = reverse("signup:plan", args=[known.slug, offered.link])
    query = urlencode({**chosen, "from": FROM})
    sign_up = sign_up_url(known.slug, plan=offered.link, **chosen, **{"from": FROM})
    return shown(offered, known, f"{page}?{query}", sign_up)
