"""Was this article helpful? Yes is one click; No asks why, and visitors solve a puzzle for it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_reader
from postroom.domain.knowledge_base.actions import (
    LONGEST_COMMENT,
    NoReason,
    Reader,
    find_helpful,
    find_unhelpful,
)
from postroom.domain.knowledge_base.models import Reason
from postroom.domain.knowledge_base.queries import feedback_of
from postroom.web.gate import Gate, ProofOfWork, at_gate
from postroom.web.help.access import VISITOR, HelpRequest, reader
from postroom.web.help.catalog import Article, catalog
from postroom.web.help.reading import find, frame
from postroom.web.keys import FormKeyField
from postroom.web.refusing import refuse

#: More than anybody reads in an hour, and nothing for who would like to drown the others.
OFTEN = timedelta(hours=1)
YES = Gate("helpful", at_most=60, within=OFTEN, proof=False)
NO = Gate("not helpful", at_most=30, within=OFTEN)
NO_SIGNED_IN = Gate("not helpful, signed in", at_most=60, within=OFTEN, proof=False)
THANKS = "Thank you for telling us. It is good to know that this article helps."
SENT = "Thank you. What you wrote is with the people who keep these articles: they will look at it."


class WhyForm(forms.Form):
    """What is wrong with an article."""

    reasons = forms.MultipleChoiceField(
        choices=Reason.choices,
        required=False,  # Whether there is one is for the act to say.
        label="What is wrong with it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the reasons that are shown."},
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        label="What would have helped you? (optional)",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    email = forms.EmailField(
        required=False,
        label="Your e-mail address (optional)",
        help_text="Only if you would like an answer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "This is not an e-mail address. Write name@example.com."},
    )
    form_key = FormKeyField()
    altcha = ProofOfWork()

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            # They are known by their account, and are no robot.
            del self.fields["altcha"], self.fields["email"]


@require_POST
@at_gate(YES)
@reader
def helpful(request: HelpRequest, slug: str) -> HttpResponse:
    """Will keep that the article helped."""
    article = find(slug)
    if request.turned_away:
        messages.error(request, request.turned_away)
    else:
        who = _known(request)
        with as_reader(who.user_id, who.visitor):
            find_helpful(article=article.slug, reader=who, at=request.at)
        messages.success(request, THANKS)
    return _back(article)


def not_helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Will ask what is wrong with the article, and keep it."""
    return (_by_a_user if request.user.is_authenticated else _by_a_visitor)(request, slug)


@reader
def _not_helpful(request: HelpRequest, slug: str) -> HttpResponse:
    article = find(slug)
    before = feedback_of(request.reader, article.slug)
    said = {"reasons": before.reasons, "comment": before.comment} if before else {}
    signed_in = request.user.is_authenticated
    sent = request.POST if request.method == "POST" else None
    form = WhyForm(sent, initial=said, signed_in=signed_in)
    if form.is_bound and _kept(request, form, article):
        messages.success(request, SENT)
        return _back(article)
    section = catalog().sections[article.section]
    page = frame(section, article) | {"form": form, "before": before}
    return render(request, "help/not_helpful.html", page, status=422 if form.errors else 200)


_by_a_user = at_gate(NO_SIGNED_IN)(_not_helpful)
_by_a_visitor = at_gate(NO)(_not_helpful)
not_helpful.access = _not_helpful.access  # type: ignore[attr-defined]


def _kept(request: HelpRequest, form: WhyForm, article: Article) -> bool:
    """Will keep what a reader found wrong, or put on the form why it cannot be kept."""
    if request.turned_away:
        form.add_error(None, request.turned_away)
    if not form.is_valid():
        if not form.cleaned_data.get("reasons") and "reasons" not in form.errors:
            form.add_error("reasons", str(NoReason()))
        return False
    who = _known(request)
    try:
        with as_reader(who.user_id, who.visitor):
            find_unhelpful(
                article=article.slug,
                reader=who,
                reasons=form.cleaned_data["reasons"],
                comment=form.cleaned_data["comment"],
                email=form.cleaned_data.get("email", ""),
                at=request.at,
            )
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _known(request: HelpRequest) -> Reader:
    """Will return who reads; a visitor is made known by their session, and by nothing else."""
    if request.reader == Reader():
        visitor = uuid4()
        request.session[VISITOR] = str(visitor)
        request.reader = Reader(visitor=visitor)
    return request.reader


def _back(article: Article) -> HttpResponseRedirect:
    return redirect(article.url + "#was-it-helpful")
