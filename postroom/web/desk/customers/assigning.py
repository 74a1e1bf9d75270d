"""Giving a customer a mailbox on a plan."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Customer, Mailbox, MailboxState
from postroom.domain.operators.models import Location
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import Plan, Rate
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.subscriptions.actions import MailboxTaken, assign
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.queries import plans_to_assign
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.customers.forms import AssignForm
from postroom.web.refusing import refuse

#: Free numbers that the browser is given to search in; any other may be typed.
SUGGESTED = 200

FREE = [MailboxState.AVAILABLE, MailboxState.RESERVED]


@desk(May.RUN_CUSTOMERS)
def assign_mailbox(request: DeskRequest, customer_id: int) -> HttpResponse:
    """A location first, then a number there, a plan offered there, and the days."""
    customer = get_object_or_404(Customer, pk=customer_id)
    locations = list(Location.objects.all())
    location = _location(request, locations)
    context = {"customer": customer, "locations": locations, "location": location}
    if location is None:
        return render(request, "desk/customers/assign.html", context)
    form = AssignForm(
        request.POST or None,
        offered=plans_to_assign(location, on=request.on),
        operator=request.operator,
        initial={"starts_on": request.on},
    )
    if form.is_valid():
        begun = _assign(request, customer, location, form)
        if begun is not None:
            messages.success(request, _said(request, begun))
            return redirect("desk:customer", request.operator.slug, customer.pk)
    # Available sorts before reserved.
    free = Mailbox.objects.filter(location=location, state__in=FREE).order_by("state", "sort_key")
    context |= {"form": form, "free": free[:SUGGESTED]}
    status = 422 if form.is_bound else 200
    return render(request, "desk/customers/assign.html", context, status=status)


def _location(request: DeskRequest, locations: list[Location]) -> Location | None:
    wanted = request.POST.get("location") or request.GET.get("location", "")
    only = locations[0] if len(locations) == 1 else None
    return next((it for it in locations if str(it.pk) == wanted), only)


def _assign(
    request: DeskRequest, customer: Customer, location: Location, form: AssignForm
) -> Subscription | None:
    """Will assign what was chosen, or put the reason why not on the form."""
    typed = form.cleaned_data
    plan_id, months = form.chosen()
    try:
        mailbox = Mailbox.objects.get(location=location, number=typed["number"])
    except ObjectDoesNotExist:
        form.add_error("number", f"There is no mailbox #{typed['number']} at {location}.")
        return None
    try:
        return assign(
            customer,
            mailbox=mailbox,
            plan=Plan.objects.get(pk=plan_id),
            months=months,
            starts_on=typed["starts_on"],
            billing_day=typed["billing_day"],
            paid_until=typed["paid_until"],
            charge=typed["charge"],
            by=request.user,
            at=request.at,
        )
    except MailboxTaken as refusal:
        # The second half of a double click finds what the first one did.
        his = Subscription.objects.filter(
            customer=customer, mailbox=mailbox, plan=plan_id, months=months, closes_on=None
        ).first()
        if his is None:
            refuse(form, refusal, mailbox="number")
        return his
    except Refused as refusal:
        refuse(form, refusal, months="plan")
        return None


def _said(request: DeskRequest, begun: Subscription) -> str:
    """Will say what he has and what he pays, which for another start day may be another rate."""
    operator = request.operator
    rate = Rate.objects.get(version=begun.version_id, months=begun.months)
    return (
        f"Mailbox {begun.mailbox} on {begun.plan} from {day(begun.starts_on, operator)}:"
        f" {rate_in_words(rate.months, rate.amount_minor, operator.show)}."
        f" The first bill is of {day(begun.next_bill_on, operator)}."
    )
