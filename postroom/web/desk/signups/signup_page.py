"""One signup: what somebody wants, who they are, what they agreed to, and the decision."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import Rate
from postroom.domain.signups.deciding import approve, ask, preview_approval, refuse_signup
from postroom.domain.signups.mails import Letter
from postroom.domain.signups.models import UNDECIDED, Signup
from postroom.domain.signups.queries import find_signups, others_with_address
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.signups.forms import ApproveForm, WordsForm
from postroom.web.letters import mail
from postroom.web.refusing import refuse


@desk(May.SEE_MONEY)
def signup(request: DeskRequest, signup_id: int) -> HttpResponse:
    """All of it; with the first bill as it would be written, for the days that are typed."""
    the_signup = get_object_or_404(find_signups(), pk=signup_id)
    today = _today(request, the_signup)
    typed = request.GET if "starts_on" in request.GET else {"starts_on": today.isoformat()}
    form = ApproveForm(typed)
    return _page(request, the_signup, form=form, today=today)


@require_POST
@desk(May.SEE_MONEY, to_write=May.RUN_CUSTOMERS)
def approve_signup(request: DeskRequest, signup_id: int) -> HttpResponse:
    """Makes them a customer with the mailbox, and bills what is due."""
    the_signup = get_object_or_404(find_signups(), pk=signup_id)
    today, form = _today(request, the_signup), ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, the_signup, form=form, today=today, status=422)
    try:
        approved = approve(
            the_signup,
            **form.cleaned_data,
            by=request.user,
            at=request.at,
            on=today,
            seen=request.POST.get("seen", ""),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        the_signup.refresh_from_db()
        return _page(request, the_signup, form=form, today=today, status=409)
    mail(approved, Letter.APPROVED)
    messages.success(request, f"{approved.name} is approved, and is told so.")
    return redirect("desk:customer", request.operator.slug, approved.customer_id)


@desk(May.SEE_MONEY, to_write=May.RUN_CUSTOMERS)
def ask_more(request: DeskRequest, signup_id: int) -> HttpResponse:
    """Asks for more; they answer by their link."""
    return _tell(request, signup_id, act=ask, letter=Letter.ASKED, template="ask")


@desk(May.SEE_MONEY, to_write=May.RUN_CUSTOMERS)
def turn_away(request: DeskRequest, signup_id: int) -> HttpResponse:
    """Refuses it, and gives the number back."""
    return _tell(request, signup_id, act=refuse_signup, letter=Letter.REFUSED, template="refuse")


def _tell(
    request: DeskRequest, signup_id: int, *, act: Any, letter: Letter, template: str
) -> HttpResponse:
    """Will show the form for what they are told, or do the act and have it mailed."""
    the_signup = get_object_or_404(find_signups(), pk=signup_id)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            told = act(the_signup, words=form.cleaned_data["words"], by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            mail(told, letter)
            messages.success(request, f"{told.name} is told by mail.")
            return redirect("desk:signup", request.operator.slug, told.pk)
    context = {"form": form, "signup": the_signup}
    status = 422 if form.is_bound else 200
    return render(request, f"desk/signups/{template}.html", context, status=status)


def _page(
    request: DeskRequest, the_signup: Signup, *, form: ApproveForm, today: date, status: int = 200
) -> HttpResponse:
    undecided = the_signup.state in UNDECIDED
    preview = None
    if undecided and request.may("run_customers") and form.is_valid():
        try:
            preview = preview_approval(
                the_signup, **form.cleaned_data, by=request.user, at=request.at, on=today
            )
        except Refused as refusal:
            refuse(form, refusal)
    rate = Rate.objects.filter(version=the_signup.version_id, months=the_signup.months).first()
    context = {
        "signup": the_signup,
        "form": form,
        "undecided": undecided,
        "preview": preview,
        "rate_minor": rate.amount_minor if rate else None,
        "others": others_with_address(the_signup) if the_signup.email else [],
        "may_run": request.may("run_customers"),
    }
    return render(request, "desk/signups/signup.html", context, status=status)


def _today(request: DeskRequest, the_signup: Signup) -> date:
    return local_day(request.at, the_signup.location.time_zone)
