"""Correcting an entry of usage: what it should count, and why."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.usage.actions import correct
from postroom.domain.usage.intake import KeyUsedBefore
from postroom.domain.usage.models import UsageEntry
from postroom.domain.usage.queries import with_corrections
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.usage.forms import CorrectionForm
from postroom.web.desk.usage.month_page import month_address
from postroom.web.refusing import refuse

SENT_BEFORE = (
    "This form was sent before with something else, which was recorded."
    " To correct the entry again, send this one again."
)


@desk(May.RUN_CUSTOMERS)
def correct_entry(request: DeskRequest, entry_id: int) -> HttpResponse:
    """An entry with what it counts now, and the form."""
    entry = get_object_or_404(
        UsageEntry.objects.select_related(
            "subscription__customer", "subscription__mailbox__location", "recorded_by"
        ),
        pk=entry_id,
        corrects__isnull=True,
    )
    back = month_address(request.operator.slug, entry.subscription, entry.on)
    form = CorrectionForm(request.POST or None)
    if form.is_valid() and _correct(request, entry, form):
        return redirect(back)
    [counted] = with_corrections([entry])
    context = {
        "form": form,
        "entry": entry,
        "counted": counted,
        "subscription": entry.subscription,
        "customer": entry.subscription.customer,
        "back": back,
    }
    return render(request, "desk/usage/correct.html", context, status=422 if form.is_bound else 200)


def _correct(request: DeskRequest, entry: UsageEntry, form: CorrectionForm) -> bool:
    typed = form.cleaned_data
    try:
        correct(
            entry,
            counts=typed["counts"],
            reason=typed["reason"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
        )
    except KeyUsedBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
        return False
    except Refused as refusal:
        refuse(form, refusal)
        return False
    messages.success(request, f"Corrected. The entry counts {typed['counts']:,} now.")
    return True
