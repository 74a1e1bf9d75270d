"""What a customer would be told, for the staff to look at first."""

from datetime import date
from typing import Any

from postroom.domain.customers.models import Customer
from postroom.domain.notices.facts import Facts
from postroom.domain.notices.models import Subject
from postroom.domain.notices.writing import Written, write
from postroom.domain.plan_changes.asking import unpack
from postroom.domain.plan_changes.due_notices import facts_of
from postroom.domain.plan_changes.grounds import grounds_for
from postroom.domain.plan_changes.models import Sheet, SheetRow
from postroom.domain.plan_changes.sheets import find_outcomes
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import unpack as unpack_terms
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.queries import open_on


def sample_of(draft: Draft, sheet: Sheet, *, words: str) -> Written | None:
    """Will write what the customer would get whose month changes most; None if it reaches nobody.

    The page that it leads to is there only once the change is scheduled, so it has no link.
    """
    reached = SheetRow.objects.filter(sheet=sheet, first_day__isnull=False)
    row = reached.order_by("-month_change_minor", "pk").first()
    if row is None:
        return None
    plan, new = draft.plan, unpack_terms(draft.terms)
    grounds = grounds_for(plan, new, unpack(sheet.asked), on=sheet.on, besides=draft.replaces)
    find_outcomes(grounds, only=[row.subscription_id])
    told = _read(row.subscription_id)
    due = {
        "subscription_id": row.subscription_id,
        "held_id": row.version_id,
        "months": row.months,
        "worse": row.worse,
        "first_day": row.first_day,
        "mailbox": told.mailbox.number,
        "location": told.mailbox.location.name,
    }
    facts = facts_of(grounds, plan.name, plan.name, [due])[row.subscription_id]
    return _write(plan, Subject.CHANGE, words, told.customer, facts)


def sample_of_message(plan: Plan, *, words: str, on: date) -> Written | None:
    """Will write what a customer of a plan would get as a message; None if nobody is on it."""
    first = open_on(on).filter(plan=plan).order_by("pk").first()
    if first is None:
        return None
    told = _read(first.pk)
    held = terms_of([told.version])[told.version_id]
    facts = Facts(
        mailbox=told.mailbox.number,
        location=told.mailbox.location.name,
        plan=plan.name,
        new_plan=plan.name,
        months=told.months,
        old=held,
        new=held,
        first_day=None,
    )
    return _write(plan, Subject.MESSAGE, words, told.customer, facts)


def _read(pk: int) -> Subscription:
    related: list[Any] = ["customer", "mailbox__location", "version"]
    return Subscription.objects.select_related(*related).get(pk=pk)


def _write(plan: Plan, subject: Subject, words: str, customer: Customer, facts: Facts) -> Written:
    return write(
        plan.operator,
        subject=subject,
        plan=plan,
        words=words,
        customer=customer,
        enclosed=[facts],
        link="",
    )
