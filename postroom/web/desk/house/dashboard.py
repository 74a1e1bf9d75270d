"""The numbers an operator looks for."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render

from postroom.domain.billing.receivables import receivables
from postroom.domain.customers.models import Customer, Mailbox, MailboxState
from postroom.domain.customers.numbers import short_locations
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.looking import stage_of, stuck_notices, under_way
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.signups.queries import waiting_signups
from postroom.domain.subscriptions.models import Lead
from postroom.domain.subscriptions.plan_summaries import plan_summaries
from postroom.domain.subscriptions.queries import active_customers, renewing
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.house.happened import latest

DAYS = 7
BARS = 8
#: So many changes are listed.
CHANGES = 8


@desk(May.SEE_MAIL)
def dashboard(request: DeskRequest) -> HttpResponse:
    """Customers, mailboxes and renewals; for those who see money, value, plans and leads."""
    states = dict(Mailbox.objects.order_by().values_list("state").annotate(Count("pk")))
    reserved = states.get(MailboxState.RESERVED, 0)
    context = {
        "active": active_customers(on=request.on),
        "available": states.get(MailboxState.AVAILABLE, 0),
        "reserved": reserved,
        "short": short_locations(),
        "any_mailboxes": bool(states),
        "renewing": renewing(on=request.on, days=DAYS),
        "days": DAYS,
        "without_email": Customer.objects.filter(email="").count(),
        "happened": latest(request),
        "sees_money": request.staff.sees_money,
        "may_run": request.may("run_customers"),
    }
    if request.staff.sees_money:
        context |= _money(request)
    return render(request, "desk/house/dashboard.html", context)


def _money(request: DeskRequest) -> dict[str, object]:
    plans = plan_summaries(request.operator, on=request.on)
    with_customers = sorted(
        (it for it in plans if it.customers), key=lambda it: it.customers, reverse=True
    )
    return {
        "any_plans": bool(plans),
        "monthly_minor": sum(plan.monthly_minor for plan in plans),
        "bars": with_customers[:BARS],
        "most": with_customers[0].customers if with_customers else 0,
        "other_plans": len(with_customers[BARS:]),
        "changes": _changes(request),
        "receivables": receivables(on=request.on),
        "signups": waiting_signups(),
        "leads": Lead.objects.filter(handled_at__isnull=True).count(),
    }


def _changes(request: DeskRequest) -> list[tuple[PlanChange, str, int]]:
    """Will return the changes under way: how far each is, and how many notices are stuck."""
    found = list(under_way(on=request.on)[:CHANGES])
    stuck = stuck_notices(found)
    return [
        (it, stage_of(it, on=request.on).value, stuck.get(it.announcement_id, 0)) for it in found
    ]
