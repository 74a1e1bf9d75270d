"""What comes, for each mailbox of an envelope, and the answers that take one click."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.notices.answering import MOST_WORDS, accept, ask
from postroom.domain.plan_changes.answering import stay
from postroom.domain.plan_changes.noticed import Noticed
from postroom.domain.plans.plain_words import rate_in_words
from postroom.web.logos import color_in_force, logo_in_force
from postroom.web.portal.comparing import Found, found
from postroom.web.portal.notice_access import NoticeRequest, holder_of_notice, shared
from postroom.web.portal.notice_forms import AnswerForm
from postroom.web.refusing import refuse


class AskForm(AnswerForm):
    """What a customer asks or objects to."""

    words = forms.CharField(
        max_length=MOST_WORDS,
        label="Your question or objection",
        help_text="It is kept with this notice, and the people who run your mailbox see it.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what you ask or object to."},
    )


@dataclass(frozen=True)
class Mine:
    """One mailbox on the page."""

    it: Noticed
    rate_before: str
    rate_after: str
    #: What they pay now, once the first day is there.
    rate: str
    differences: Found
    #: The key of each form on it.
    key: str


@holder_of_notice
def page(request: NoticeRequest) -> HttpResponse:
    """Your plan now and from the day on, your last month redone, and what you may do."""
    return show(request, AskForm(initial={"form_key": uuid4()}))


@require_POST
@holder_of_notice
def accept_it(request: NoticeRequest, notice_id: int) -> HttpResponse:
    """Keeps that the customer accepts."""
    return _answered(request, notice_id, accept)


@require_POST
@holder_of_notice
def stay_after_all(request: NoticeRequest, notice_id: int) -> HttpResponse:
    """Takes back that the customer leaves, or takes another plan."""
    return _answered(request, notice_id, stay)


def _answered(request: NoticeRequest, notice_id: int, act: Callable[..., object]) -> HttpResponse:
    it, form = request.noticed(notice_id), AnswerForm(request.POST)
    form.is_valid()
    try:
        act(it.notice, form=form.cleaned_data["form_key"], at=request.at, on=it.today)
    except Refused as refusal:
        return show(request, AskForm(initial={"form_key": uuid4()}), refused=str(refusal))
    return back(request, it)


@require_POST
@holder_of_notice
def ask_it(request: NoticeRequest) -> HttpResponse:
    """Keeps what the customer asks or objects to."""
    form, it = AskForm(request.POST), request.opened.noticed[0]
    if form.is_valid():
        try:
            ask(
                it.notice,
                words=form.cleaned_data["words"],
                form=form.cleaned_data["form_key"],
                at=request.at,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return back(request, it)
    return show(request, form)


@holder_of_notice
def color(request: NoticeRequest) -> HttpResponse:
    """The operator's color, as a style sheet."""
    return color_in_force()


@holder_of_notice
def logo(request: NoticeRequest) -> HttpResponse:
    """The operator's logo, as a picture."""
    return logo_in_force()


def show(request: NoticeRequest, form: AskForm, refused: str = "") -> HttpResponse:
    """Will draw the page; with what was refused, as it is now."""
    opened = request.opened
    context = shared(request) | {
        "opened": opened,
        "mine": [_mine(request, it) for it in opened.noticed],
        "several": len(opened.noticed) > 1,
        "form": form,
        "refused": refused,
    }
    status = 422 if refused or form.is_bound else 200
    return render(request, "portal/notice/page.html", context, status=status)


def back(request: NoticeRequest, it: Noticed) -> HttpResponse:
    """Will lead back to the page, to where it says what was answered."""
    here = reverse("notice:page", args=[request.token])
    return redirect(f"{here}#answers-{it.notice.pk}")


def _mine(request: NoticeRequest, it: Noticed) -> Mine:
    facts, show = it.facts, request.operator.show
    before, after = facts.rates
    return Mine(
        it=it,
        rate_before=rate_in_words(facts.months, before, show),
        rate_after=rate_in_words(facts.months, after, show),
        rate=rate_in_words(it.term.months, it.rate_minor, show),
        differences=found(facts.old, facts.new, months=facts.months, show=show),
        key=str(uuid4()),
    )
