"""A location of the lead-gen website, with its plans, and its photos."""

from datetime import time

from babel.dates import format_time
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response

from postroom.base.gazetteer import Spot
from postroom.domain.operators.hours import DAYS, day_of
from postroom.domain.plans.details import Details, content_of_photo, details, nearby, photo
from postroom.domain.plans.directory import State
from postroom.domain.plans.published import Host, Offered, Place, offers
from postroom.domain.plans.services import Channel
from postroom.web.directory.access import GuestRequest, guest, photographed
from postroom.web.directory.locations_in_words import Row, row
from postroom.web.directory.maps import Map, map_around
from postroom.web.directory.structured import block, location_facts, price_range
from postroom.web.offers import shown, sign_up_url

#: For how long a browser need not ask for a photo again, in seconds: a week.
KEPT = 7 * 24 * 60 * 60


@guest
def location(request: GuestRequest) -> HttpResponse:
    """Will show a location with its plans."""
    host, place = request.host, request.place
    known = details(host.id, place)
    offered = offers(host.id, Channel.LEAD_GEN, location_id=place.id)
    here = [host.slug, place.slug]
    urls = [reverse("directory:plan", args=[*here, it.link]) for it in offered]
    photos = [(it, reverse("directory:photo", args=[*here, it.id])) for it in known.photos]
    canonical = settings.BASE_URL + reverse("directory:location", args=here)
    facts = location_facts(
        host,
        place,
        known,
        [(it, settings.BASE_URL + url) for it, url in zip(offered, urls, strict=True)],
        url=canonical,
        images=[settings.BASE_URL + url for _, url in photos],
    )
    around = [row(it) for it in nearby(place, known)]
    page = {
        "operator": host,
        "home": reverse("directory:index"),
        "place": place,
        "state": State(place.country, place.state, 0),
        "known": known,
        "hours": _hours(host, known, day_of(request.at, known.time_zone)),
        "is_open": known.is_open(at=request.at),
        "photos": photos,
        "price_range": price_range(host, offered),
        "nearby": around,
        "map": _map(place, known, around),
        "plans": [
            shown(it, host, url, _sign_up(request, it))
            for it, url in zip(offered, urls, strict=True)
        ],
        "facts": block(facts),
        "canonical": canonical,
        "is_indexed": True,
    }
    return render(request, "directory/location.html", page)


@photographed
def location_photo(request: GuestRequest, photo_id: int) -> HttpResponse:
    """Will send a photo, unless the browser has it."""
    found = photo(request.host.id, request.place.id, photo_id)
    if found is None:
        raise Http404
    digest, kind = found
    etag = f'"{digest}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None and known.status_code == 304:
        answer: HttpResponse = known
    else:
        content = content_of_photo(request.host.id, photo_id)
        answer = HttpResponse(content, content_type=f"image/{kind}")
    answer["ETag"] = etag
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    return answer


def _map(place: Place, known: Details, around: list[Row]) -> Map | None:
    """Will draw where it is, and what is nearby."""
    if known.latitude is None or known.longitude is None:
        return None
    spot = Spot(place.city, place.state, known.latitude, known.longitude)
    return map_around(spot, None, around, here=place.name)


def _sign_up(request: GuestRequest, offered: Offered) -> str:
    chosen = {"plan": offered.link, "location": request.place.slug, "from": Channel.LEAD_GEN.value}
    return sign_up_url(request.host.slug, **chosen)


def _hours(host: Host, known: Details, today: str) -> list[tuple[str, str, bool]]:
    """Will return each day with its hours in words, and whether it is today; nothing if unsaid."""
    if not known.hours:
        return []
    return [(name, _span(host, known.hours.get(day)), day == today) for day, name in DAYS.items()]


def _span(host: Host, span: list[str] | None) -> str:
    if not span:
        return "Closed"
    return "–".join(_clock(host, it) for it in span)


def _clock(host: Host, text: str) -> str:
    return format_time(time.fromisoformat(text), format="short", locale=host.locale)
