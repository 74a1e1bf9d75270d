"""The standing proof: whether everything agrees, what differs, and the nights before."""

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.proof.acts import MOST
from postroom.domain.proof.models import Check, Difference, Proof
from postroom.domain.proof.queries import (
    differences_by_check,
    differences_of,
    is_stuck,
    last_proof,
    nights,
    proof_under_way,
)
from postroom.domain.proof.steps import STEPS
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import count, day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.proof.starting import is_waiting, start_proof
from postroom.web.worker import worker_is_there

PER_PAGE = 20
#: How many nights are shown.
NIGHTS = 30


class DifferenceTable(tables.Table):  # type: ignore[misc]
    sentence = tables.Column("What")
    stored = tables.Column("Stored", default="–")
    right = tables.Column("Right", default="–")

    class Meta:
        orderable = False
        empty_text = "No differences"

    caption = "What differs"
    empty_sentence = "Everything agrees."
    empty_icon = "circle-check"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def render_sentence(self, record: Difference) -> SafeString:
        return format_html(
            '<div class="proof-says">{}</div><div class="text-secondary small">{}{}</div>',
            record.sentence,
            record.get_kind_display(),
            self._links(record),
        )

    def _links(self, record: Difference) -> SafeString:
        """Will link to the document and the customer that it is about."""
        links = SafeString("")
        if record.invoice is not None:
            url = reverse("desk:invoice", args=[self.operator.slug, record.invoice.number])
            links += format_html(
                ' · <a class="text-decoration-underline" href="{}">{}</a>', url, record.invoice
            )
        customer = record.customer
        if customer is not None:
            url = reverse("desk:customer", args=[self.operator.slug, customer.pk])
            links += format_html(
                ' · <a class="text-decoration-underline" href="{}">{}</a>', url, customer.name
            )
        if record.subscription is not None:
            links += format_html(", mailbox {}", record.subscription.mailbox)
        return links


@dataclass(frozen=True)
class Checked:
    """A check, how much it looked at and how much of that differs."""

    name: str
    proves: str
    looked_at: int
    differences: int


@desk(May.SEE_MONEY, to_write=May.RUN_BILLING)
def proof(request: DeskRequest) -> HttpResponse:
    """The last proof, and the one under way; sending the form asks for one now."""
    if request.method == "POST":
        if start_proof(request):
            messages.success(request, "Checking is asked for.")
        else:
            messages.info(request, "Checking was asked for and waits for a worker.")
        return redirect("desk:proof", request.operator.slug)
    shown = last_proof()
    context = _now(request) | _shown(request, shown) | {"may_run": request.may("run_billing")}
    return render(request, "desk/proof/proof.html", context)


@desk(May.SEE_MONEY)
def proof_of_a_night(request: DeskRequest, proof_id: int) -> HttpResponse:
    """What an earlier proof came to."""
    finished = Proof.objects.filter(finished_at__isnull=False).select_related("started_by")
    shown = get_object_or_404(finished, pk=proof_id)
    return render(request, "desk/proof/night.html", _shown(request, shown))


def _now(request: DeskRequest) -> dict[str, object]:
    """Will tell what goes on."""
    under_way, waiting = proof_under_way(), is_waiting(request)
    stuck = under_way is not None and is_stuck(under_way, at=request.at)
    return {
        "under_way": under_way,
        "step": _step(under_way) if under_way else None,
        "waiting": waiting,
        "stuck": stuck,
        "goes_on": waiting or (under_way is not None and not stuck),
        "no_worker": waiting and not worker_is_there(request.at),
    }


def _step(under_way: Proof) -> dict[str, object]:
    """Will tell at which of the checks a proof is."""
    names = [step.name.value for step in STEPS]
    place = names.index(under_way.check_name)
    looked_at = count(under_way.looked_at.get(under_way.check_name, 0), "row")
    label = Check(under_way.check_name).label
    return {"place": place, "of": len(names), "says": f"{label}: {looked_at} looked at"}


def _shown(request: DeskRequest, shown: Proof | None) -> dict[str, object]:
    """Will return what a proof came to, check by check, beside the nights before."""
    if shown is None:
        return {"proof": None}
    table = DifferenceTable(differences_of(shown), operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    by_check = differences_by_check(shown)
    return {
        "proof": shown,
        "table": table,
        "kept": MOST,
        "checks": [
            Checked(
                step.name.label,
                step.proves,
                shown.looked_at.get(step.name.value, 0),
                by_check.get(step.name.value, 0),
            )
            for step in STEPS
        ],
        "nights": [_night(it, request.operator) for it in nights(NIGHTS)],
    }


def _night(it: Proof, operator: Operator) -> dict[str, object]:
    agrees = it.differences == 0
    said = "everything agrees" if agrees else count(it.differences, "difference")
    return {"proof": it, "agrees": agrees, "says": f"{day(it.on, operator)}: {said}"}
