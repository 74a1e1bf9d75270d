"""Importing plans: upload a table, see what each row would do, apply."""

from collections import Counter
from typing import Any

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path

from postroom.base.sheets import Sheet, Unreadable
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.importing.apply import (
    apply_import,
    keep_import,
    preview,
    results_of,
)
from postroom.domain.plan_changes.importing.columns import template
from postroom.domain.plan_changes.importing.judging import Outcome, Result, notes_of
from postroom.domain.plan_changes.importing.reading import MOST_ROWS
from postroom.domain.plan_changes.models import PlanImport
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import count
from postroom.web.desk.access import DeskRequest, desk


class UploadForm(forms.Form):
    """A file with plans."""

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
                f" {filesizeformat(settings.UPLOAD_LIMIT)}. Split it and import the parts."
            )
        return file


class RowFilter(forms.Form):
    """Shows the rows of one outcome, or those with a name."""

    q = forms.CharField(required=False, max_length=80, label="Search")
    outcome = forms.ChoiceField(required=False, label="Outcome")

    def __init__(self, *args: Any, results: list[Result], **options: Any) -> None:
        super().__init__(*args, **options)
        self.results = results
        counts = Counter(it.outcome for it in results)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            ("", f"All ({len(results):,})"),
            *(
                (it.value, f"{it.value.capitalize()} ({counts[it]:,})")
                for it in Outcome
                if counts[it]
            ),
        ]

    def kept(self) -> list[Result]:
        self.is_valid()
        words = self.cleaned_data.get("q", "").lower()
        outcome = self.cleaned_data.get("outcome", "")
        return [
            it
            for it in self.results
            if words in it.name.lower() and outcome in {"", it.outcome.value}
        ]


class RowTable(tables.Table):  # type: ignore[misc]
    row = tables.Column(attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    # One cell holds it all, so that nothing is cut off on a phone.
    name = tables.TemplateColumn(
        template_name="desk/plans/import_row.html",
        verbose_name="Plan, and what comes of the row",
        attrs={"td": {"class": "text-break"}},
    )

    class Meta:
        order_by = "row"

    caption = "Rows of the file"
    empty_text = "No rows match"
    empty_sentence = "Try other words, or clear the filters."


@desk(May.RUN_PLANS)
def plans_import(request: DeskRequest) -> HttpResponse:
    """Where a table of plans is uploaded; nothing is changed by that yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = keep_import(
                    request.operator,
                    file_name=file.name,
                    content=file.read(),
                    by=request.user,
                    at=request.at,
                )
            except Unreadable as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                return redirect("desk:plan_import", request.operator.slug, kept.pk)
    context = {"form": form, "latest": PlanImport.objects.select_related("by").defer("sheet")[:5]}
    return render(request, "desk/plans/import.html", context, status=422 if form.is_bound else 200)


@desk(May.RUN_PLANS)
def import_template(request: DeskRequest) -> HttpResponse:
    """The table of our own to fill in."""
    # The mark at the start tells Excel that this is UTF-8.
    content = "\ufeff" + template(request.operator.currency, request.operator.locale)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="service-plans.csv"'
    return answer


@desk(May.RUN_PLANS)
def plan_import(request: DeskRequest, import_id: int) -> HttpResponse:
    """What each row of an uploaded file would do, or what it did; sending the form applies it."""
    kept = get_object_or_404(PlanImport.objects.select_related("operator", "by"), pk=import_id)
    if request.method == "POST":
        results = apply_import(kept, by=request.user, at=request.at, on=request.on)
        done = sum(it.outcome.applies for it in results)
        messages.success(request, f"Applied: {count(done, 'plan')}.")
        return redirect("desk:plan_import", request.operator.slug, kept.pk)
    results = results_of(kept) if kept.applied_at else preview(kept, on=request.on)
    form = RowFilter(request.GET, results=results)
    table = RowTable(form.kept())
    arrange(request, table, per_page=50)
    counts = Counter(it.outcome for it in results)
    context = {
        "kept": kept,
        "notes": notes_of(Sheet.unpack(kept.sheet)),
        "form": form,
        "table": table,
        "rows": len(results),
        "to_apply": sum(counts[it] for it in Outcome if it.applies),
        "errors": counts[Outcome.ERROR],
        "questions": counts[Outcome.QUESTION],
    }
    return render(request, "desk/plans/import_rows.html", context)


urlpatterns: list[URLPattern] = [
    path("customers/plans/import/", plans_import, name="plans_import"),
    path("customers/plans/import/template/", import_template, name="plans_import_template"),
    path("customers/plans/import/<int:import_id>/", plan_import, name="plan_import"),
]
