"""Taking another plan or billing cycle: chosen, shown with its bill to the cent, and then done."""

from uuid import uuid4

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.choosing import (
    Choice,
    choose,
    plans_to_choose,
    preview_choice,
    stay_open,
    take_back_choice,
)
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.plans.published import Offered
from postroom.domain.subscriptions.models import SwitchTiming
from postroom.domain.subscriptions.pending import renewals_of
from postroom.ui.templatetags.ui import day
from postroom.web.offers import rates_by_term
from postroom.web.portal.access import CustomerRequest, acting_customer
from postroom.web.portal.notice_confirming import SeenForm
from postroom.web.refusing import refuse


class ChoiceForm(SeenForm):
    """The length of a term, when it starts, and what was shown of it."""

    plan = forms.IntegerField(widget=forms.HiddenInput)
    months = forms.TypedChoiceField(
        label="How you pay",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how you pay.",
            "invalid_choice": "That is not offered any more. Choose again.",
        },
    )
    timing = forms.ChoiceField(
        label="From when",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose from when."},
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        offered: Offered,
        renewal: str,
        operator: Operator,
        **options: object,
    ) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        rates = rates_by_term(offered.terms)
        self.fields["months"].choices = [  # type: ignore[attr-defined]
            (months, rate_in_words(months, amount, operator.show)) for months, amount in rates
        ]
        self.fields["timing"].choices = [  # type: ignore[attr-defined]
            (SwitchTiming.NEXT_TERM.value, f"From your next renewal, on {renewal}"),
            (SwitchTiming.NOW.value, "From today: the rest of what you paid is credited"),
        ]

    def choice(self) -> Choice:
        typed = self.cleaned_data
        return Choice(typed["plan"], typed["months"], SwitchTiming(typed["timing"]))


@acting_customer
def switch_plan(request: CustomerRequest) -> HttpResponse:
    """The choice; chosen, what it does and bills; sent with what was shown, the act."""
    asked = request.POST if request.method == "POST" else request.GET
    offered = next(
        (it for it in plans_to_choose(request.subscription) if str(it.id) == asked.get("plan")),
        None,
    )
    if offered is None:
        page = {"operator": request.operator, "token": request.token}
        return render(request, "portal/plan_gone.html", page, status=404)
    form = _form(request, offered, asked)
    if form.is_valid():
        try:
            if request.method == "POST" and form.cleaned_data["seen"]:
                return _act(request, form)
            return _confirm(request, form)
        except Refused as refusal:
            refuse(form, refusal)
    page = {
        "operator": request.operator,
        "token": request.token,
        "form": form,
        "choices": [form["months"], form["timing"]],
        "offered": offered,
        "subscription": request.subscription,
        "is_mine": offered.id == request.subscription.plan_id,
    }
    return render(request, "portal/switch.html", page, status=422 if form.is_bound else 200)


def _form(request: CustomerRequest, offered: Offered, asked: QueryDict) -> ChoiceForm:
    """Will bind what was chosen; else propose the customer's own cycle, at the next renewal."""
    subscription = request.subscription
    first = request.method != "POST" and ("timing" not in asked or "edit" in asked)
    renewal = renewals_of([subscription.pk])[subscription.pk]
    rates = offered.terms.rates
    usual = subscription.months if subscription.months in rates else min(rates)
    return ChoiceForm(
        None if first else asked,
        offered=offered,
        renewal=day(renewal, request.operator),
        operator=request.operator,
        initial={
            "plan": offered.id,
            "months": asked.get("months") or usual,
            "timing": asked.get("timing") or SwitchTiming.NEXT_TERM.value,
        },
    )


def _confirm(request: CustomerRequest, form: ChoiceForm, changed: str = "") -> HttpResponse:
    choice, subscription = form.choice(), request.subscription
    shown = preview_choice(subscription, choice=choice, at=request.at, on=request.on)
    preview = shown.preview
    page = {
        "operator": request.operator,
        "token": request.token,
        "subscription": subscription,
        "choice": choice,
        "shown": shown,
        "preview": preview,
        "now": choice.timing == SwitchTiming.NOW,
        "rate": rate_in_words(preview.months, preview.rate_minor, request.operator.show)
        if preview.rate_minor is not None
        else "",
        "settled": [it for it in preview.bills if not it.by_switch],
        "its_bills": [it for it in preview.bills if it.by_switch],
        "changed": changed,
        "key": uuid4(),
    }
    status = 409 if changed else 200
    return render(request, "portal/switch_confirm.html", page, status=status)


def _act(request: CustomerRequest, form: ChoiceForm) -> HttpResponse:
    typed = form.cleaned_data
    try:
        choose(
            request.subscription,
            choice=form.choice(),
            seen=typed["seen"],
            form=typed["form_key"],
            at=request.at,
            on=request.on,
        )
    except ChangedSinceSeen as refusal:
        return _confirm(request, form, changed=str(refusal))
    return _back(request)


@require_POST
@acting_customer
def take_back(request: CustomerRequest) -> HttpResponse:
    """Forgets the switch that waits, whichever it was when the page was shown."""
    number = request.POST.get("switch", "")
    try:
        take_back_choice(
            request.subscription, switch_id=int(number) if number.isdecimal() else 0, at=request.at
        )
    except Refused:
        # Taken back before, or replaced: the page says what is so now.
        return _back(request)
    return _back(request)


@require_POST
@acting_customer
def stay(request: CustomerRequest) -> HttpResponse:
    """Takes back that the customer leaves."""
    stay_open(request.subscription, at=request.at, on=request.on)
    return _back(request)


def _back(request: CustomerRequest) -> HttpResponse:
    return redirect(reverse("portal:my_plan", args=[request.token]))
