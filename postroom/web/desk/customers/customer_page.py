"""One customer: added, looked at, changed."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.queries import latest_invoices
from postroom.domain.billing.receivables import receivables
from postroom.domain.customers.actions import (
    CustomerChangedMeanwhile,
    Details,
    add_customer,
    change_customer,
)
from postroom.domain.customers.models import Customer
from postroom.domain.customers.queries import recipients_of
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import is_about_money, sentence
from postroom.domain.notices.finding import letters_to
from postroom.domain.operators.permissions import May
from postroom.domain.signups.queries import signup_by
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.customers.forms import CustomerForm
from postroom.web.desk.house.happened import Happened
from postroom.web.desk.subscriptions.rented import rented_by
from postroom.web.refusing import refuse

#: Events that the page shows.
LATEST = 30


@desk(May.RUN_CUSTOMERS)
def new(request: DeskRequest) -> HttpResponse:
    """A customer who is not there yet."""
    if request.method != "POST":
        form = CustomerForm(initial={"form_key": uuid4(), "country": "US", "kind": "person"})
        return render(request, "desk/customers/new.html", {"form": form})
    form = CustomerForm(request.POST)
    if form.is_valid():
        try:
            customer = add_customer(
                request.operator,
                details=form.details(),
                by=request.user,
                at=request.at,
                form=form.cleaned_data["form_key"],
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{customer.name} is added. Next: assign a mailbox.")
            return redirect("desk:customer", request.operator.slug, customer.pk)
    return render(request, "desk/customers/new.html", {"form": form}, status=422)


@desk(May.SEE_MAIL)
def customer(request: DeskRequest, customer_id: int) -> HttpResponse:
    """What is known of a customer, what he rents and what happened."""
    the_customer = get_object_or_404(Customer, pk=customer_id)
    rented = rented_by(request, the_customer)
    context = {
        "customer": the_customer,
        "subscriptions": sorted(rented, key=lambda it: it.closed),
        "invoices": latest_invoices(the_customer) if request.staff.sees_money else [],
        "happened": _happened(request, the_customer, [it.subscription.pk for it in rented]),
        "recipients": recipients_of(the_customer),
        "signup": signup_by(the_customer) if request.staff.sees_money else None,
        "may_run": request.may("run_customers"),
        "sees_money": request.staff.sees_money,
        "may_bill": request.may("run_billing"),
    }
    if request.staff.sees_money:
        context["letters"] = letters_to(the_customer)
        context["account"] = receivables(on=request.on, customers=[the_customer.pk])
    return render(request, "desk/customers/customer.html", context)


@desk(May.RUN_CUSTOMERS)
def edit(request: DeskRequest, customer_id: int) -> HttpResponse:
    """The customer's details, to change."""
    the_customer = get_object_or_404(Customer, pk=customer_id)
    context: dict[str, object] = {"customer": the_customer}
    if request.method != "POST":
        form = CustomerForm(initial=_details(the_customer) | {"seen": the_customer.revision})
        return render(request, "desk/customers/edit.html", context | {"form": form})
    form = CustomerForm(request.POST)
    since = None
    if form.is_valid():
        try:
            change_customer(
                the_customer,
                details=form.details(),
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=request.at,
            )
        except CustomerChangedMeanwhile as refusal:
            form, since = _again(request, the_customer, refusal)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("desk:customer", request.operator.slug, the_customer.pk)
    context |= {"form": form, "since": since}
    return render(request, "desk/customers/edit.html", context, status=422)


def _again(
    request: DeskRequest, customer: Customer, refusal: CustomerChangedMeanwhile
) -> tuple[CustomerForm, list[tuple[str, str, str]]]:
    """Will return the form with what was typed, as of now, and how that differs from the saved."""
    customer.refresh_from_db()
    data = request.POST.copy()
    data["seen"] = str(customer.revision)
    form = CustomerForm(data)
    form.is_valid()
    refuse(form, refusal)
    return form, form.differences(customer)


def _details(customer: Customer) -> dict[str, object]:
    return {field: getattr(customer, field) for field in Details.__dataclass_fields__}


def _happened(request: DeskRequest, customer: Customer, subscriptions: list[int]) -> list[Happened]:
    """Will list the events of a customer and his subscriptions in words, newest first."""
    own = Event.objects.filter(subject_kind="customer", subject_id=customer.pk)
    rented = Event.objects.filter(subject_kind="subscription", subject_id__in=subscriptions)
    # The customer's own event says that he joined.
    latest = [*own[:LATEST], *rented.exclude(act="subscription.began")[:LATEST]]
    if request.staff.sees_money:
        its = Invoice.objects.filter(customer=customer).values("pk")
        adjusted = Event.objects.filter(subject_kind="invoice", subject_id__in=its)
        latest += adjusted.filter(act__in=["invoice.adjusted", "payment.put_towards"])[:LATEST]
    sees_money = request.staff.sees_money
    return [
        Happened(event, sentence(event, request.operator.locale, sees_money=sees_money))
        for event in sorted(latest, key=lambda it: (it.at, it.pk), reverse=True)[:LATEST]
        if sees_money or not is_about_money(event.act)
    ]
