"""The forms of moving in: a file, which rows are shown, and whether errors hold up the others."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat

from postroom.domain.moving_in.columns import MOST_ROWS
from postroom.domain.moving_in.keeping import Counted
from postroom.domain.moving_in.models import MovingRow, Outcome


class FileForm(forms.Form):
    """A file of customers."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,  # refused by the reading, in our words
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=f"CSV or XLSX, at most {filesizeformat(settings.UPLOAD_LIMIT)}"
        f" and {MOST_ROWS:,} rows.",
        error_messages={"required": "Choose a file.", "missing": "Choose a file."},
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        size = file.size or 0
        if size > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(
                f"This file has {filesizeformat(size)}; the most is"
                f" {filesizeformat(settings.UPLOAD_LIMIT)}. Split it and bring the parts."
            )
        return file


class RowFilter(forms.Form):
    """Shows the rows of one outcome, or those with a name."""

    q = forms.CharField(required=False, max_length=80, label="Search")
    outcome = forms.ChoiceField(required=False, label="Outcome")

    def __init__(self, *args: Any, counted: Counted, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", f"All ({counted.rows:,})"),
            *(
                (it.value, f"{it.label} ({counted.by_outcome[it]:,})")
                for it in Outcome
                if counted.by_outcome[it]
            ),
        ]

    def kept(self, rows: QuerySet[MovingRow]) -> QuerySet[MovingRow]:
        self.is_valid()
        if words := self.cleaned_data.get("q", "").replace("\0", ""):
            rows = rows.filter(name__icontains=words)
        if outcome := self.cleaned_data.get("outcome", ""):
            rows = rows.filter(outcome=outcome)
        return rows


class ConfirmForm(forms.Form):
    """That a file is to be taken in as it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    bad_rows = forms.ChoiceField(
        label="Rows with an error",
        choices=[
            ("leave_out", "Leave out rows with an error"),
            ("whole", "Take in nothing while a row has an error"),
        ],
        widget=forms.Select(
            attrs={"class": "form-select w-auto mw-100", "aria-label": "Rows with an error"}
        ),
        initial="leave_out",
    )
