"""Writing to everybody on a plan while nothing changes."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.notices.models import Announcement
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.notes import write_to_all
from postroom.domain.plan_changes.samples import sample_of_message
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.queries import open_on
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.plans.sampling import mail_sample_to
from postroom.web.refusing import refuse


class WriteForm(forms.Form):
    words = forms.CharField(
        label="What they should know",
        max_length=Announcement._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Each line becomes a paragraph. Their name and your letterhead are added.",
    )


@desk(May.RUN_PLANS)
def write_to_its_customers(request: DeskRequest, plan_id: int) -> HttpResponse:
    """The message, who gets it, a sample of it, and the button that sends it."""
    plan = get_object_or_404(Plan.objects.select_related("operator"), pk=plan_id)
    form = WriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if "sample" in request.POST:
            mail_sample_to(request, sample_of_message(plan, words=words, on=request.on))
        else:
            try:
                written = write_to_all(plan, words=words, by=request.user, at=request.at)
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, "It is being written, and goes out within minutes.")
                return redirect("desk:envelopes", request.operator.slug, written.pk)
    on_it = open_on(request.on).filter(plan=plan)
    people = on_it.values("customer").distinct()
    context = {
        "plan": plan,
        "form": form,
        "customers": people.count(),
        "by_letter": people.filter(customer__email="").count(),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/plans/write.html", context, status=status)
