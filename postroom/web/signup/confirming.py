"""The link that confirms an address: reading it changes nothing, since mail scanners open links."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator
from postroom.domain.signups.mails import Letter
from postroom.domain.signups.models import Signup, SignupState
from postroom.domain.signups.queries import signup_of
from postroom.domain.signups.sending import confirm
from postroom.domain.signups.signed_links import Confirmed, read_confirm_token, signup_token
from postroom.web.letters import mail
from postroom.web.signup.access import visitor
from postroom.web.signup.steps import remember, step
from postroom.web.visitors import VisitorRequest


@visitor
def confirm_address(request: VisitorRequest, token: str) -> HttpResponse:
    """Will ask to confirm the address that the link was mailed to, and note it on POST."""
    confirmed = read_confirm_token(token)
    if confirmed is None or confirmed.operator_id != request.host.id:
        raise Http404
    with as_operator(request.host.id):
        signup = signup_of(confirmed)
        if signup is None:
            page = {"operator": request.host}
            return render(request, "signup/no_signup.html", page, status=404)
        if signup.state not in {SignupState.STARTED, SignupState.TO_VERIFY}:
            return redirect(_standing(request, signup))
        return _confirm(request, signup, confirmed)


def _confirm(request: VisitorRequest, signup: Signup, confirmed: Confirmed) -> HttpResponse:
    trouble = ""
    if request.method == "POST":
        try:
            signup = confirm(signup, email=confirmed.email, at=request.at)
        except Refused as refusal:
            trouble = str(refusal)
        else:
            mail(signup, Letter.RECEIVED)
            mail(signup, Letter.TO_STAFF)
            response = redirect(_standing(request, signup))
            remember(response, request, signup_token(signup))
            return response
    page = step(request, 5) | {
        "signup": signup,
        "email": confirmed.email,
        "trouble": trouble,
        "go_on": _standing(request, signup),
    }
    return render(request, "signup/confirm.html", page, status=422 if trouble else 200)


def _standing(request: VisitorRequest, signup: Signup) -> str:
    return reverse("signup:standing", args=[request.host.slug, signup_token(signup)])
