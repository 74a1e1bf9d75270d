"""What staff do about an envelope: send it again, and record what became of it elsewhere."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.domain.notices.answering import record_answer
from postroom.domain.notices.by_hand import record_bounce, record_posted, record_told_of
from postroom.domain.notices.models import AnswerKind, Envelope
from postroom.domain.notices.readdressing import resend_to
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.models import Means
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.notices.envelope_page import find, notices_of
from postroom.web.desk.notices.forms import (
    AnsweredForm,
    CameBackForm,
    PostedForm,
    ResendForm,
    ToldForm,
)
from postroom.web.refusing import refuse
from postroom.web.worker import ask_worker


@desk(May.RUN_CUSTOMERS)
def send_again(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """Another address, perhaps, and another round by mail."""
    it = find(envelope_id)
    first = {"email": it.customer.email, "seen": it.customer.revision}
    form = ResendForm(request.POST or None, initial=first)

    def act(typed: dict[str, Any]) -> str:
        again = resend_to(
            it, email=typed["email"], seen=typed["seen"], by=request.user, at=request.at
        )
        operator = request.operator.pk
        ask_worker("deliver_notices_of", once=f"notices {operator}", operator_id=operator)
        return f"It goes to {again.customer.email} in a moment."

    return _act(request, it, form, act, title="Send again", button="Send again")


@desk(May.RUN_CUSTOMERS)
def posted(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """Records that it was posted as a letter."""
    it = find(envelope_id)
    form = PostedForm(
        request.POST or None, initial={"posted_on": request.on, "posted_by": str(request.user)}
    )

    def act(typed: dict[str, Any]) -> str:
        record_posted(it, **typed, by=request.user, at=request.at, on=_today(request, it))
        return "Recorded as posted."

    return _act(request, it, form, act, title="Posted as a letter", button="Record")


@desk(May.RUN_CUSTOMERS)
def told(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """Records that somebody told the customer by phone or in person."""
    it = find(envelope_id)
    form = ToldForm(
        request.POST or None, initial={"told_on": request.on, "told_by": str(request.user)}
    )

    def act(typed: dict[str, Any]) -> str:
        said = typed | {"means": Means(typed["means"])}
        record_told_of(it, **said, by=request.user, at=request.at, on=_today(request, it))
        return "Recorded as told."

    return _act(request, it, form, act, title="Told by phone or in person", button="Record")


@desk(May.RUN_CUSTOMERS)
def came_back(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """Records a bounce that came by mail: what the notice cleared is void."""
    it = find(envelope_id)
    form = CameBackForm(request.POST or None)

    def act(typed: dict[str, Any]) -> str:
        record_bounce(it, reason=typed["reason"], by=request.user, at=request.at)
        return "Recorded. It clears nothing any more: fix the address and send it again."

    return _act(request, it, form, act, title="It came back", button="Record", danger=True)


@desk(May.RUN_CUSTOMERS)
def answered(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """Records an answer that came by letter, by phone or in person."""
    it = find(envelope_id)
    notices = notices_of(it)
    first = {"form_key": uuid4(), "notice": notices[0].pk, "kind": AnswerKind.ASKED}
    form = AnsweredForm(request.POST or None, notices=notices, initial=first)

    def act(typed: dict[str, Any]) -> str:
        record_answer(
            next(one for one in notices if one.pk == typed["notice"]),
            kind=AnswerKind(typed["kind"]),
            words=typed["words"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=_today(request, it),
        )
        return "The answer is kept."

    return _act(request, it, form, act, title="An answer that came otherwise", button="Record")


def _act(
    request: DeskRequest,
    envelope: Envelope,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    **words: Any,
) -> HttpResponse:
    """Will do what a sent form asks and say so, or show the form with what was refused."""
    if form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, said)
            return redirect("desk:envelope", request.operator.slug, envelope.pk)
    context = {"form": form, "envelope": envelope, "customer": envelope.customer} | words
    status = 422 if form.is_bound else 200
    return render(request, "desk/notices/act.html", context, status=status)


def _today(request: DeskRequest, envelope: Envelope) -> Any:
    """Will return today where the customer's mailbox is."""
    place = notices_of(envelope)[0].subscription.mailbox.location
    return local_day(request.at, place.time_zone)
