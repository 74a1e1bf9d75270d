"""One run: how far it is, what it wrote, what it set aside, what people should look at."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.domain.billing.models import BillingRun
from postroom.domain.billing.queries import set_aside_by
from postroom.domain.billing.running import FINDINGS, ask_to_stop
from postroom.domain.billing.sentences import SetAsideWords, set_aside_in_words
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Subscription
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.billing.progress import progress
from postroom.web.desk.billing.starting import start_billing, start_dry_run
from postroom.web.worker import worker_is_there


@dataclass(frozen=True)
class Aside:
    """A subscription that was set aside, in words."""

    subscription: Subscription
    words: SetAsideWords
    billed_since: bool = False


@desk(May.SEE_MONEY)
def billing_run(request: DeskRequest, run_id: int) -> HttpResponse:
    """A run as it stands; while it goes on the page looks again by itself."""
    run = get_object_or_404(BillingRun.objects.select_related("started_by"), pk=run_id)
    rented = _subscriptions(run)
    standing = progress(request, run)
    context = {
        "run": run,
        "progress": standing,
        "aside": _aside(run, rented),
        "odd": _odd(run, rented, request.operator),
        "most": FINDINGS,
        "no_worker": standing.state == "waiting" and not worker_is_there(request.at),
        "may_run": request.may("run_billing"),
    }
    return render(request, "desk/billing/run.html", context)


@require_POST
@desk(May.RUN_BILLING)
def billing_run_stop(request: DeskRequest, run_id: int) -> HttpResponse:
    """Stops a run after the page that it is at."""
    run = get_object_or_404(BillingRun, pk=run_id)
    ask_to_stop(run, at=request.at)
    return redirect("desk:billing_run", request.operator.slug, run.pk)


@require_POST
@desk(May.RUN_BILLING)
def billing_run_resume(request: DeskRequest, run_id: int) -> HttpResponse:
    """Goes on with a run; a dry run, which keeps nothing, is done anew."""
    run = get_object_or_404(BillingRun, pk=run_id)
    if run.dry:
        run = start_dry_run(request, run.on)
    elif start_billing(request, run.on):
        messages.success(request, "Going on is asked for.")
    else:
        messages.info(request, "Going on was asked for and waits for a worker.")
    return redirect("desk:billing_run", request.operator.slug, run.pk)


def _subscriptions(run: BillingRun) -> dict[int, Subscription]:
    """Will return the subscriptions that a run's findings name, in one query."""
    found = Subscription.objects.filter(pk__in={it["subscription_id"] for it in run.findings})
    return {it.pk: it for it in found.select_related("customer", "mailbox__location")}


def _aside(run: BillingRun, rented: dict[int, Subscription]) -> list[Aside]:
    if not run.dry:
        return [
            Aside(it.subscription, set_aside_in_words(it.reason), billed)
            for it, billed in set_aside_by(run, most=FINDINGS)
        ]
    return [
        Aside(rented[it["subscription_id"]], set_aside_in_words(it["reason"]))
        for it in run.findings
        if it["finding"] == "set_aside" and it["subscription_id"] in rented
    ]


def _odd(
    run: BillingRun, rented: dict[int, Subscription], operator: Operator
) -> list[tuple[Subscription, str]]:
    """Will say what people should look at, each with whose it is."""
    return [
        (rented[it["subscription_id"]], ODD[it["finding"]](it, operator))
        for it in run.findings
        if it["finding"] in ODD and it["subscription_id"] in rented
    ]


def _much_higher(it: dict[str, Any], operator: Operator) -> str:
    besides, rate = operator.show(it["minor"]), operator.show(it["rate_minor"])
    return f"{besides} of extras and charges, at a rate of {rate}."


def _not_offered(it: dict[str, Any], operator: Operator) -> str:
    service = Service(it["service"]).label
    return f"{it['used']:,} used of {service}, which their plan does not offer: it bears no fee."


ODD = {"much_higher": _much_higher, "not_offered": _not_offered}
