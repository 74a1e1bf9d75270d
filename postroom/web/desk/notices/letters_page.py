"""The letters of an announcement that were posted together."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from postroom.domain.notices.letters_posted import MOST, Posted, record_all_posted, to_post
from postroom.domain.operators.permissions import May
from postroom.ui.templatetags.ui import count
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.notices.envelope_list import announced
from postroom.web.desk.notices.forms import PostedForm


class AllPostedForm(PostedForm):
    """That the letters up to one were posted, those that this page listed."""

    last = forms.IntegerField(widget=forms.HiddenInput)


@desk(May.RUN_CUSTOMERS)
def letters_posted(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """Records, for letters that went to the post office together, when and by whom."""
    announcement = announced(announcement_id)
    form = AllPostedForm(
        request.POST or None, initial={"posted_on": request.on, "posted_by": str(request.user)}
    )
    done: Posted | None = None
    if form.is_valid():
        done = record_all_posted(announcement, **form.cleaned_data, by=request.user, at=request.at)
        if done.recorded:
            messages.success(request, f"{count(done.recorded, 'letter')} recorded as posted.")
        if not done.refused:
            return redirect("desk:envelopes", request.operator.slug, announcement_id)
    letters = to_post(announcement)
    listed = list(letters[:MOST])
    context = {
        "announcement": announcement,
        "form": form,
        "letters": listed,
        "last": listed[-1].pk if listed else 0,
        "more": max(0, letters.count() - MOST),
        "refused": done.refused if done else (),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/notices/letters_posted.html", context, status=status)
