"""The first steps of signing up: where, which plan, which number. The address bar holds them."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.plans.published import Offered, Place, landing, offer, offers, places
from postroom.domain.signups.choosing import (
    DRAWS,
    Choice,
    OfferChangedMeanwhile,
    choose_again,
    free_numbers,
    start,
)
from postroom.domain.signups.models import IN_HAND, Signup, SignupState, Source
from postroom.domain.signups.queries import signup_of
from postroom.domain.signups.signed_links import read_signup_token, token_of
from postroom.web.gate import Gate, at_gate, visitor_key
from postroom.web.offers import rates_by_term, shown
from postroom.web.signup.access import visitor
from postroom.web.signup.forms import NumberForm
from postroom.web.signup.steps import begun_here, remember, step
from postroom.web.visitors import VisitorRequest

#: Enough for a family that shares a connection, too little to put all numbers on hold.
STARTING = Gate("sign up", at_most=20, within=timedelta(hours=1))


@dataclass(frozen=True)
class Chosen:
    """What the address bar says of somebody's choice, as far as it is to be had."""

    source: Source
    places: list[Place]
    place: Place | None
    offered: Offered | None
    months: int | None
    #: What somebody changes who has begun already.
    signup: Signup | None
    token: str


@at_gate(STARTING)
@visitor
def begin(request: VisitorRequest) -> HttpResponse:
    """Will show the step that is due: the location, the plan and term, or the number."""
    moved = _landed(request)
    if moved is not None:
        return moved
    chosen = _chosen(request)
    if chosen.place is None:
        return _choose_place(request, chosen)
    if chosen.offered is None or chosen.months not in chosen.offered.terms.rates:
        return _choose_plan(request, chosen)
    choice = Choice(chosen.source, chosen.offered, chosen.place, chosen.months or 1)
    return _choose_number(request, chosen, choice)


def _chosen(request: VisitorRequest) -> Chosen:
    asked = request.GET
    source = Source(asked["from"]) if asked.get("from") in Source.values else Source.SIGNUP
    token = asked.get("signup", "") or begun_here(request)
    link = _link(request)
    found = offer(request.host.id, source.channel, link) if link else None
    at = places(request.host.id, source.channel, plan_id=found.id if found else None)
    wanted = asked.get("location", "")
    place = next((it for it in at if it.slug == wanted), at[0] if len(at) == 1 else None)
    typed = asked.get("months", "")
    months = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else None
    if found and months is None and len(found.terms.rates) == 1:
        [months] = found.terms.rates
    return Chosen(source, at, place, found, months, _begun(request, token), token)


def _begun(request: VisitorRequest, token: str) -> Signup | None:
    """Will return the signup that is to be changed, while it still may be."""
    holder = read_signup_token(token) if token else None
    if holder is None or holder.operator_id != request.host.id:
        return None
    with as_operator(holder.operator_id):
        signup = signup_of(holder)
    # Who comes back without a link changes what they are at, and begins anew once that is sent.
    changeable = IN_HAND if "signup" in request.GET else [SignupState.STARTED]
    return signup if signup and signup.state in changeable else None


def _landed(request: VisitorRequest) -> HttpResponseRedirect | None:
    """Will lead an old link on to what took the plan's place, with all else that was chosen."""
    link = _link(request)
    channel = Source.LEAD_GEN.channel if _from_website(request) else Source.SIGNUP.channel
    landed = landing(request.host.id, channel, link) if link else None
    if landed is None or landed == link:
        return None
    return redirect(f"{request.path}?{_with(request, plan=landed, landed='1')}")


def _link(request: HttpRequest) -> str:
    """Will return the plan's link in the address bar: letters and digits, or nothing."""
    link = request.GET.get("plan", "")
    return link if link.isascii() and link.isalnum() else ""


def _from_website(request: HttpRequest) -> bool:
    return request.GET.get("from") == Source.LEAD_GEN


def _choose_place(request: VisitorRequest, chosen: Chosen) -> HttpResponse:
    words = request.GET.get("q", "").strip().lower()
    found = [it for it in chosen.places if words in f"{it.name} {it.city} {_address(it)}".lower()]
    page = step(request, 1) | {
        "places": [(it, f"?{_with(request, location=it.slug, q=None)}") for it in found],
        "offered": chosen.offered,
        "many": len(chosen.places) > 6,
        "words": request.GET.get("q", ""),
        "kept": [(it, request.GET[it]) for it in ("plan", "months", "from") if it in request.GET],
    }
    return render(request, "signup/choose_place.html", page)


def _address(place: Place) -> str:
    return f"{place.street} {place.state} {place.postal_code}"


def _choose_plan(request: VisitorRequest, chosen: Chosen) -> HttpResponse:
    assert chosen.place is not None, "the location is chosen first"
    found = offers(request.host.id, chosen.source.channel, location_id=chosen.place.id)
    plans = [
        (shown(it, request.host, ""), _ways_to_pay(request, it, chosen.place.slug)) for it in found
    ]
    page = step(request, 1) | {
        "place": chosen.place,
        "plans": plans,
        "several_places": len(chosen.places) > 1,
        "elsewhere": f"?{_with(request, location=None, plan=None, months=None)}",
        "landed": "landed" in request.GET,
        "gone": "plan" in request.GET and chosen.offered is None,
    }
    return render(request, "signup/choose_plan.html", page)


def _ways_to_pay(request: VisitorRequest, offered: Offered, place: str) -> list[tuple[str, str]]:
    """Will return each term of a plan: what it costs, and where it leads."""
    here = {"plan": offered.link, "location": place, "landed": None}
    return [
        (
            rate_in_words(months, amount, request.host.show),
            f"?{_with(request, months=months, **here)}",
        )
        for months, amount in rates_by_term(offered.terms)
    ]


def _choose_number(request: VisitorRequest, chosen: Chosen, choice: Choice) -> HttpResponse:
    typed = request.GET.get("draw", "1")
    draw = int(typed) if typed in {str(it) for it in range(1, DRAWS + 1)} else 1
    day = local_day(request.at, request.host.time_zone)
    seed = f"{visitor_key(request)} {day}"
    numbers = free_numbers(request.host.id, choice.place.id, seed=seed, draw=draw)
    form = NumberForm(
        request.POST or None,
        numbers=numbers,
        mine=_mine(chosen, choice),
        initial={"version": choice.offered.version_id},
    )
    if request.method == "POST":
        begun = _start(request, chosen, choice, form)
        if begun is not None:
            return begun
    page = step(request, 2) | {
        "form": form,
        "choice": choice,
        "rate": rate_in_words(
            choice.months, choice.offered.terms.rates[choice.months], request.host.show
        ),
        "others": f"?{_with(request, draw=draw % DRAWS + 1)}",
        "none_free": not form.fields["number"].choices,  # type: ignore[attr-defined]
        "other_plan": f"?{_with(request, plan=None, months=None, draw=None, landed=None)}",
        "landed": "landed" in request.GET,
        "ask": reverse("signup:plan", args=[request.host.slug, choice.offered.link]),
    }
    return render(request, "signup/choose_number.html", page, status=422 if form.errors else 200)


def _mine(chosen: Chosen, choice: Choice) -> str:
    """Will return the number that is on hold for somebody who only changes the plan."""
    signup = chosen.signup
    if signup is None or signup.mailbox is None or signup.location_id != choice.place.id:
        return ""
    return str(signup.mailbox.number)


def _start(
    request: VisitorRequest, chosen: Chosen, choice: Choice, form: NumberForm
) -> HttpResponse | None:
    """Will put the number on hold, or put on the form why not."""
    if request.turned_away:
        form.add_error(None, request.turned_away)
    if not form.is_valid():
        return None
    try:
        if form.cleaned_data["version"] != choice.offered.version_id:
            raise OfferChangedMeanwhile()
        token = _kept(request, chosen, choice, form)
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return None
    response = redirect("signup:standing", request.host.slug, token)
    remember(response, request, token)
    return response


def _kept(request: VisitorRequest, chosen: Chosen, choice: Choice, form: NumberForm) -> str:
    number = form.cleaned_data["wanted"]
    if chosen.signup is not None:
        with as_operator(request.host.id):
            choose_again(chosen.signup, choice, number=number, at=request.at)
        return chosen.token
    begun = start(
        request.host.id, choice, number=number, form=form.cleaned_data["form_key"], at=request.at
    )
    return token_of(request.host.id, begun)


def _with(request: HttpRequest, **changes: object) -> str:
    """Will return what the address bar says, changed; None takes a word away."""
    kept = {name: value for name, value in request.GET.items() if name not in changes}
    kept |= {name: str(value) for name, value in changes.items() if value is not None}
    return urlencode(kept)
