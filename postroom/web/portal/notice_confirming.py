"""Answers of a customer that are shown first with what they do, and given once that was seen."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.plan_changes.noticed import Noticed
from postroom.web.portal.notice_access import NoticeRequest, shared
from postroom.web.portal.notice_forms import AnswerForm
from postroom.web.portal.notice_page import back


class SeenForm(AnswerForm):
    """What was chosen, and what was shown of it."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


F = TypeVar("F", bound=SeenForm)


def answer(
    request: NoticeRequest,
    it: Noticed,
    form: F,
    *,
    confirm: Callable[[NoticeRequest, Noticed, F, str], HttpResponse],
    act: Callable[[NoticeRequest, Noticed, F], object],
) -> HttpResponse:
    """Will show what an answer does; sent with what was shown, give it. Raises Refused.

    Where it does something else by now, that is shown and said.
    """
    if request.method != "POST" or not form.cleaned_data["seen"]:
        return confirm(request, it, form, "")
    try:
        act(request, it, form)
    except ChangedSinceSeen as refusal:
        return confirm(request, it, form, str(refusal))
    return back(request, it)


def confirmation(
    request: NoticeRequest, it: Noticed, name: str, changed: str, **facts: object
) -> HttpResponse:
    """Will draw what an answer does; ``changed`` says what is otherwise than it was seen."""
    context = shared(request) | facts | {"it": it, "changed": changed}
    return render(request, f"portal/notice/{name}.html", context, status=409 if changed else 200)
