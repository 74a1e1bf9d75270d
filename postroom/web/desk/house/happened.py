"""The latest events of an operator, in words and with what they happened to."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.urls import reverse

from postroom.domain.billing.models import Invoice
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import is_about_money, sentence
from postroom.domain.operators.models import Location
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription
from postroom.web.desk.access import DeskRequest

#: Taken to have enough left once those that say nothing new are dropped.
TAKEN, SHOWN = 40, 8


class Subject(NamedTuple):
    """What an event happened to, and its page."""

    name: str
    url: str


class Happened(NamedTuple):
    event: Event
    said: str
    subject: Subject | None = None


def latest(request: DeskRequest) -> list[Happened]:
    """Will return the latest events, newest first, in at most eight queries."""
    sees_money = request.staff.sees_money
    events = [
        event
        for event in Event.objects.order_by("-at", "-id")[:TAKEN]
        # The customer's own event says that a subscription began.
        if event.act != "subscription.began" and (sees_money or not is_about_money(event.act))
    ][:SHOWN]
    subjects = _subjects(events, request.operator.slug)
    return [
        Happened(
            event,
            sentence(event, request.operator.locale, sees_money=sees_money),
            subjects.get((event.subject_kind, event.subject_id)),
        )
        for event in events
    ]


def _subjects(events: Iterable[Event], slug: str) -> dict[tuple[str, int], Subject]:
    """Will name what the events are about, one query for each kind that is there."""
    wanted: dict[str, set[int]] = {}
    for event in events:
        wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    return {
        (kind, pk): subject
        for kind, ids in wanted.items()
        if kind in FINDERS
        for pk, subject in FINDERS[kind](ids, slug).items()
    }


def _customers(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(it.name, reverse("desk:customer", args=[slug, it.pk]))
        for it in Customer.objects.filter(pk__in=ids).only("pk", "name")
    }


def _changes(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(f"Change of {it.plan.name}", reverse("desk:change", args=[slug, it.pk]))
        for it in PlanChange.objects.filter(pk__in=ids).select_related("plan")
    }


def _invoices(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(
            f"{it} of {it.customer_name}", reverse("desk:invoice", args=[slug, it.number])
        )
        for it in Invoice.objects.filter(pk__in=ids)
    }


def _plans(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(it.name, reverse("desk:plan", args=[slug, it.pk]))
        for it in Plan.objects.filter(pk__in=ids).only("pk", "name")
    }


def _subscriptions(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(it.customer.name, reverse("desk:customer", args=[slug, it.customer_id]))
        for it in Subscription.objects.filter(pk__in=ids).select_related("customer")
    }


def _locations(ids: set[int], slug: str) -> dict[int, Subject]:
    return {it.pk: Subject(it.name, "") for it in Location.objects.filter(pk__in=ids)}


def _mailboxes(ids: set[int], slug: str) -> dict[int, Subject]:
    return {
        it.pk: Subject(f"{it}, {it.location.name}", "")
        for it in Mailbox.objects.filter(pk__in=ids).select_related("location")
    }


FINDERS: dict[str, Callable[[set[int], str], dict[int, Subject]]] = {
    "planchange": _changes,
    "customer": _customers,
    "invoice": _invoices,
    "plan": _plans,
    "subscription": _subscriptions,
    "location": _locations,
    "mailbox": _mailboxes,
}
