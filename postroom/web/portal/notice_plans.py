"""Taking another plan instead: chosen, shown with what it does, taken at the next renewal."""

from functools import partial
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render

from postroom.base.refusals import Refused
from postroom.domain.billing.switching import SwitchPreview
from postroom.domain.plan_changes.answering import other_plans, preview_plan, take_plan
from postroom.domain.plan_changes.noticed import Noticed
from postroom.domain.plans.plain_words import rate_in_words, term_in_words
from postroom.web.portal.comparing import beside
from postroom.web.portal.notice_access import NoticeRequest, holder_of_notice, shared
from postroom.web.portal.notice_confirming import SeenForm, answer, confirmation
from postroom.web.refusing import refuse


class PlanForm(SeenForm):
    """A plan, and what was shown of it."""

    plan = forms.IntegerField(
        error_messages={"required": "Choose a plan.", "invalid": "Choose a plan."}
    )


@holder_of_notice
def plans(request: NoticeRequest, notice_id: int) -> HttpResponse:
    """The other plans; one chosen, what it would do; sent, the customer takes it."""
    it = request.noticed(notice_id)
    if it.closed:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    form = PlanForm(asked if request.method == "POST" or "plan" in asked else None)
    if form.is_valid():
        try:
            return answer(request, it, form, confirm=_confirm, act=_take)
        except Refused as refusal:
            refuse(form, refusal)
    return _list(request, it, form)


def _list(request: NoticeRequest, it: Noticed, form: PlanForm) -> HttpResponse:
    subscription = it.notice.subscription
    mine = it.terms if it.has_come else it.facts.new
    beside_mine = partial(
        beside,
        months=subscription.months,
        operator=request.operator,
        plan_id=subscription.plan_id,
    )
    context = shared(request) | {
        "it": it,
        "form": form,
        "cycle": term_in_words(subscription.months),
        "others": [beside_mine(mine, other.offered) for other in other_plans(it.notice)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "portal/notice/plans.html", context, status=status)


def _confirm(request: NoticeRequest, it: Noticed, form: PlanForm, changed: str) -> HttpResponse:
    plan_id = form.cleaned_data["plan"]
    preview = preview_plan(it.notice, plan_id=plan_id, at=request.at, on=it.today)
    facts = {"preview": preview, "rate": _rate(request, preview), "plan_id": plan_id}
    return confirmation(request, it, "plan_confirm", changed, **facts, key=uuid4())


def _take(request: NoticeRequest, it: Noticed, form: PlanForm) -> None:
    typed = form.cleaned_data
    take_plan(
        it.notice,
        plan_id=typed["plan"],
        seen=typed["seen"],
        form=typed["form_key"],
        at=request.at,
        on=it.today,
    )


def _rate(request: NoticeRequest, preview: SwitchPreview) -> str:
    if preview.rate_minor is None:
        return ""
    return rate_in_words(preview.months, preview.rate_minor, request.operator.show)
