"""Leaving instead: the last day used, what it comes to until then, and then the act."""

from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render

from postroom.base.refusals import Refused
from postroom.domain.plan_changes.answering import leave, preview_leaving
from postroom.domain.plan_changes.noticed import Noticed
from postroom.web.portal.notice_access import NoticeRequest, holder_of_notice, shared
from postroom.web.portal.notice_confirming import SeenForm, answer, confirmation
from postroom.web.refusing import refuse

#: Days that anybody can mean; a year beyond them is a slip of the keys.
FARTHEST = timedelta(days=3_660)


class LeaveForm(SeenForm):
    """The last day used, and what was shown of it."""

    closes_on = forms.DateField(
        label="Last day used",
        help_text="The day itself counts: the mailbox is yours until its end.",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choose the last day on which you use the mailbox.",
            "invalid": "Enter a day such as 2026-12-31.",
        },
    )

    def __init__(self, *args: object, today: date, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.today = today

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        if day - self.today > FARTHEST:
            raise forms.ValidationError("Check the year: that day is out of reach.")
        return day


@holder_of_notice
def leaving(request: NoticeRequest, notice_id: int) -> HttpResponse:
    """The last day used; entered, what it comes to; sent, the customer leaves."""
    it = request.noticed(notice_id)
    if it.closed:
        raise Http404
    form = _form(request, it)
    if form.is_valid():
        try:
            return answer(request, it, form, confirm=_confirm, act=_leave)
        except Refused as refusal:
            refuse(form, refusal)
    context = shared(request) | {"it": it, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "portal/notice/leave.html", context, status=status)


def _form(request: NoticeRequest, it: Noticed) -> LeaveForm:
    """Will bind what was sent, or the day in the address; else propose the last day before."""
    asked = request.POST if request.method == "POST" else request.GET
    first = request.method != "POST" and ("closes_on" not in asked or "edit" in asked)
    usual = it.notice.subscription.closes_on or max(
        it.today, it.notice.first_day - timedelta(days=1)
    )
    day = asked.get("closes_on") or usual
    return LeaveForm(None if first else asked, today=it.today, initial={"closes_on": day})


def _confirm(request: NoticeRequest, it: Noticed, form: LeaveForm, changed: str) -> HttpResponse:
    closes_on = form.cleaned_data["closes_on"]
    preview = preview_leaving(it.notice, closes_on=closes_on, at=request.at, on=it.today)
    facts = {"preview": preview, "subscription": it.notice.subscription, "key": uuid4()}
    return confirmation(request, it, "leave_confirm", changed, **facts)


def _leave(request: NoticeRequest, it: Noticed, form: LeaveForm) -> None:
    typed = form.cleaned_data
    leave(
        it.notice,
        closes_on=typed["closes_on"],
        seen=typed["seen"],
        form=typed["form_key"],
        at=request.at,
        on=it.today,
    )
