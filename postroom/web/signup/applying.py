"""The steps behind a signup's link: who somebody is, what they agree to, and how it stands."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.base.refusals import Refused
from postroom.domain.plans.plain_words import in_words
from postroom.domain.plans.published import Offered
from postroom.domain.plans.services import Service
from postroom.domain.signups.agreement import Agreement, agreement, tax_in_words
from postroom.domain.signups.choosing import OfferChangedMeanwhile
from postroom.domain.signups.filling import fill_in, is_filled_in
from postroom.domain.signups.mails import Letter
from postroom.domain.signups.models import Signup, SignupState
from postroom.domain.signups.sending import NumberLapsed, answer, send, still_offered
from postroom.domain.signups.signed_links import confirm_path
from postroom.domain.subscriptions.signed_links import my_plan_token
from postroom.web.gate import Gate, at_gate, visitor_address
from postroom.web.letters import mail
from postroom.web.refusing import refuse
from postroom.web.signup.access import ApplicantRequest, applicant
from postroom.web.signup.forms import AgreeForm, AnswerForm, WhoForm, typed_before
from postroom.web.signup.steps import remember, step

#: A browser has worked for it already when the number was put on hold.
TYPING = Gate("signup step", at_most=60, within=timedelta(hours=1), proof=False)
SENDING = Gate("signup mail", at_most=10, within=timedelta(hours=1), proof=False)


@at_gate(SENDING)
@applicant
def standing(request: ApplicantRequest) -> HttpResponse:
    """Will lead to the step that is due, or say how a signup stands; POST mails the link again."""
    signup = request.signup
    if signup.state == SignupState.STARTED:
        return redirect(_due(request))
    if signup.state == SignupState.ASKED:
        return redirect(_url(request, "answer"))
    if request.method == "POST" and signup.state == SignupState.TO_VERIFY:
        if request.turned_away:
            messages.error(request, request.turned_away)
        else:
            mail(signup, Letter.CONFIRM)
            messages.success(request, f"The link is on its way to {signup.email}.")
        return redirect(_url(request, "standing"))
    page = step(request, 5) | {
        "signup": signup,
        "lapsed": signup.state == SignupState.TO_VERIFY and signup.mailbox is None,
        "choose_again": _choose_again(request),
        "change": _url(request, "who"),
        # The demo has no mail server.
        "link": confirm_path(signup) if settings.DEMO else "",
        "my_plan": _my_plan(request),
    }
    response = render(request, "signup/standing.html", page)
    remember(response, request, request.token)
    return response


@at_gate(TYPING)
@applicant
def who(request: ApplicantRequest) -> HttpResponse:
    """Will take who somebody is; what was typed before stands there."""
    if request.signup.state not in {SignupState.STARTED, SignupState.TO_VERIFY}:
        return redirect(_url(request, "standing"))
    form = WhoForm(request.POST or None, initial=typed_before(request.signup))
    if request.method == "POST" and _filled_in(request, form):
        return redirect(_url(request, "check"))
    form.fields["recipients"].help_text = _recipients_allowed(request)
    page = step(request, 3) | _facts(request) | {"form": form}
    return render(request, "signup/who.html", page, status=422 if form.errors else 200)


@at_gate(SENDING)
@applicant
def check(request: ApplicantRequest) -> HttpResponse:
    """Will show all of it with what is agreed to, and send it."""
    signup = request.signup
    if signup.state not in {SignupState.STARTED, SignupState.TO_VERIFY}:
        return redirect(_url(request, "standing"))
    if signup.mailbox is None or not is_filled_in(signup):
        return redirect(_due(request))
    offered = still_offered(signup)
    form = AgreeForm(_as_offered(request, offered), initial={"version": signup.version_id})
    to_agree = _agreement(signup, offered) if offered else None
    if request.method == "POST" and to_agree and _sent(request, form, to_agree):
        return redirect(_url(request, "standing"))
    changed = offered is not None and offered.version_id != signup.version_id
    page = step(request, 4) | _facts(request)
    page |= {"form": form, "agreement": to_agree, "changed": changed, "who": _url(request, "who")}
    return render(request, "signup/check.html", page, status=422 if form.errors else 200)


@at_gate(TYPING)
@applicant
def reply(request: ApplicantRequest) -> HttpResponse:
    """Will take the answer to what staff asked for, and what was to be mended."""
    signup = request.signup
    if signup.state != SignupState.ASKED:
        return redirect(_url(request, "standing"))
    form = AnswerForm(request.POST or None, initial=typed_before(signup))
    if request.method == "POST" and _filled_in(request, form):
        answer(signup, words=form.cleaned_data["reply"], at=request.at)
        return redirect(_url(request, "standing"))
    page = step(request, 5) | {"form": form, "signup": signup}
    return render(request, "signup/answer.html", page, status=422 if form.errors else 200)


def _recipients_allowed(request: ApplicantRequest) -> str:
    offered = still_offered(request.signup)
    if offered is None:
        return ""
    allowance = offered.terms.allowance(Service.RECIPIENTS)
    said = in_words(Service.RECIPIENTS, allowance, request.host.show)
    return f"Beside you. {offered.name}: {said}."


def _filled_in(request: ApplicantRequest, form: WhoForm) -> bool:
    """Will keep who somebody is, or put on the form what is wrong with it."""
    if request.turned_away:
        form.add_error(None, request.turned_away)
    if not form.is_valid():
        return False
    try:
        fill_in(request.signup, form.who(), at=request.at)
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _sent(request: ApplicantRequest, form: AgreeForm, to_agree: Agreement) -> bool:
    if request.turned_away:
        form.add_error(None, request.turned_away)
    if not form.is_valid():
        return False
    try:
        sent = send(
            request.signup,
            version_id=int(request.POST.get("version") or 0),
            words=to_agree.as_text(),
            agreed_from=visitor_address(request),
            at=request.at,
        )
    except (NumberLapsed, OfferChangedMeanwhile) as refusal:
        form.add_error(None, str(refusal))
        return False
    mail(sent, Letter.CONFIRM)
    return True


def _as_offered(request: ApplicantRequest, offered: Offered | None) -> Any:
    """Will return what was sent, beside the version whose terms the page now shows."""
    if request.method != "POST":
        return None
    sent = request.POST.copy()
    if offered and sent.get("version") != str(offered.version_id):
        # Yes to other terms is no yes to these.
        sent.pop("agree", None)
        sent["version"] = str(offered.version_id)
    return sent


def _agreement(signup: Signup, offered: Offered) -> Agreement:
    assert signup.mailbox is not None, "the number is chosen first"
    return agreement(
        offered.terms,
        plan=offered.name,
        number=offered.number,
        months=signup.months,
        place=signup.location.name,
        mailbox=signup.mailbox.number,
        tax=tax_in_words(signup.location, signup.operator.locale),
        show=signup.operator.show,
    )


def _facts(request: ApplicantRequest) -> dict[str, Any]:
    return {"signup": request.signup, "choose_again": _choose_again(request)}


def _choose_again(request: ApplicantRequest) -> str:
    """Will return where the plan and the number are chosen once more, with all that is known."""
    signup = request.signup
    chosen = {
        "location": signup.location.slug,
        "plan": signup.plan.link,
        "months": signup.months,
        "from": signup.source,
        "signup": request.token,
    }
    return f"{reverse('signup:begin', args=[request.host.slug])}?{urlencode(chosen)}"


def _my_plan(request: ApplicantRequest) -> str:
    subscription = request.signup.subscription
    if subscription is None:
        return ""
    return reverse("portal:my_plan", args=[my_plan_token(subscription, request.at)])


def _due(request: ApplicantRequest) -> str:
    if request.signup.mailbox is None:
        return _choose_again(request)
    return _url(request, "check" if is_filled_in(request.signup) else "who")


def _url(request: ApplicantRequest, view: str) -> str:
    return reverse(f"signup:{view}", args=[request.host.slug, request.token])
