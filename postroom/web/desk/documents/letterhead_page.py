"""Settings: what stands on documents, and whether invoices are mailed."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.documents.samples import sample_pdf
from postroom.domain.operators.colors import INK
from postroom.domain.operators.kinds import LARGEST_LOGO
from postroom.domain.operators.letterheads import (
    Heading,
    change_letterhead,
    checked,
    heading_of,
    letterhead_acts,
    newest_letterhead,
)
from postroom.domain.operators.logos import LogoTooLarge, check_logo
from postroom.domain.operators.mailing import mail_invoices_from_now_on
from postroom.domain.operators.models import MOST_DAYS_TO_PAY
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.documents.pdfs import as_pdf
from postroom.web.desk.fields import CountField
from postroom.web.keys import FormKeyField
from postroom.web.logos import logo_in_force
from postroom.web.refusing import refuse

#: How many of the latest changes are shown.
SHOWN = 10


class LetterheadForm(forms.Form):
    """What stands on documents."""

    name = forms.CharField(max_length=120, help_text="At the top, and who mails are from.")
    address = forms.CharField(
        required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )
    phone = forms.CharField(required=False, max_length=40)
    email = forms.EmailField(
        required=False, label="E-mail", help_text="Answers to mails go here, if there is one."
    )
    website = forms.CharField(required=False, max_length=120, label="Web address")
    color = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.ColorInput(attrs={"class": "form-control-color"}),
        help_text="Of your name and of buttons that customers see.",
    )
    how_to_pay = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Below what is left to pay: whom checks are to, or an account.",
    )
    days_to_pay = CountField(
        required=True,
        at_most=MOST_DAYS_TO_PAY,
        help_text="From the billing date on; 0 is on receipt.",
    )
    logo = forms.FileField(
        required=False,
        allow_empty_file=True,  # refused by its content, in our words
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
        help_text="PNG, JPEG or SVG, at most 200 kB.",
    )
    without_logo = forms.BooleanField(required=False, label="Remove the logo")
    form_key = FormKeyField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].error_messages["required"] = "Enter the name that your documents show."
        self.fields["days_to_pay"].error_messages["required"] = "Enter a number of days."

    def clean_logo(self) -> bytes | None:
        file: UploadedFile[Any] | None = self.cleaned_data["logo"]
        if file is None:
            return None
        if (file.size or 0) > LARGEST_LOGO:
            raise forms.ValidationError(str(LogoTooLarge()))
        content: bytes = file.read()
        return content

    def clean_color(self) -> str:
        """Will take the house's own color, which is there before anybody chooses, for none."""
        color: str = self.cleaned_data["color"]
        return "" if color == INK else color

    def heading(self) -> Heading:
        """Will return the words that were typed."""
        return Heading(**{it: self.cleaned_data[it] for it in Heading.__dataclass_fields__})


@desk(May.RUN_HOUSE)
def letterhead(request: DeskRequest) -> HttpResponse:
    """Name, address, logo and how to pay, on documents issued from now on."""
    form = _form(request)
    if form.is_valid():
        try:
            changes = change_letterhead(
                request.operator,
                heading=form.heading(),
                logo=form.cleaned_data["logo"],
                without_logo=form.cleaned_data["without_logo"],
                form=form.cleaned_data["form_key"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Saved." if changes else "Nothing was changed.")
            return redirect("desk:letterhead", request.operator.slug)
    return _page(request, form)


@desk(May.RUN_HOUSE)
def preview(request: DeskRequest) -> HttpResponse:
    """A sample invoice: as saved, or, when the form is sent here, as typed. Saves nothing."""
    now = newest_letterhead()
    heading, logo, kind = heading_of(request.operator, now), None, ""
    if now and now.logo:
        logo, kind = bytes(now.logo), now.logo_kind
    if request.method == "POST":
        form = _form(request)
        if not form.is_valid():
            return _page(request, form)
        try:
            heading = checked(form.heading())
            if form.cleaned_data["without_logo"]:
                logo, kind = None, ""
            if form.cleaned_data["logo"] is not None:
                logo = form.cleaned_data["logo"]
                kind = check_logo(logo)
        except Refused as refusal:
            refuse(form, refusal)
            return _page(request, form)
    content = sample_pdf(
        request.operator,
        heading=heading,
        logo=logo,
        logo_kind=kind,
        on=request.on,
        at=request.at,
    )
    return as_pdf(content, "sample-invoice.pdf")


@desk(May.RUN_HOUSE)
def logo(request: DeskRequest) -> HttpResponse:
    """The logo in force, as a picture."""
    return logo_in_force()


@require_POST
@desk(May.RUN_HOUSE)
def switch(request: DeskRequest) -> HttpResponse:
    """Switches the mailing of invoices on or off."""
    wanted = request.POST.get("wanted") == "on"
    mail_invoices_from_now_on(request.operator, wanted=wanted, by=request.user, at=request.at)
    on = "Invoices issued from now on are mailed."
    messages.success(request, on if wanted else "Invoices are not mailed any more.")
    return redirect("desk:letterhead", request.operator.slug)


def _form(request: DeskRequest) -> LetterheadForm:
    heading = heading_of(request.operator, newest_letterhead())
    initial = asdict(heading) | {"form_key": uuid4(), "color": heading.color or INK}
    if request.method == "POST":
        return LetterheadForm(request.POST, request.FILES, initial=initial)
    return LetterheadForm(initial=initial)


def _page(request: DeskRequest, form: LetterheadForm) -> HttpResponse:
    context = {
        "form": form,
        "now": newest_letterhead(),
        "acts": letterhead_acts(request.operator, most=SHOWN),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/documents/letterhead.html", context, status=status)
