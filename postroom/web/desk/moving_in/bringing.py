"""Bringing a file of customers: upload it, see what each row would do, confirm."""

from collections.abc import Iterable, Iterator
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.base.sheets import Unreadable
from postroom.domain.moving_in.columns import COLUMNS, example
from postroom.domain.moving_in.keeping import (
    confirm,
    count,
    keep_file,
    make_plans,
    prices_missing,
)
from postroom.domain.moving_in.models import MovingIn, MovingRow, State
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import count as counted_words
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.moving_in.forms import ConfirmForm, FileForm, RowFilter
from postroom.web.desk.tables_to_take import table_of, to_take, words
from postroom.web.worker import ask_worker, worker_is_there


class RowTable(tables.Table):  # type: ignore[misc]
    number = tables.Column(
        verbose_name="Row", attrs={"th": {"class": "num"}, "td": {"class": "num"}}
    )
    # One cell holds it all, so that nothing is cut off on a phone.
    name = tables.TemplateColumn(
        template_name="desk/moving_in/row.html",
        verbose_name="Customer",
        attrs={"td": {"class": "text-break"}},
    )

    class Meta:
        order_by = "number"

    caption = "Rows of the file"
    empty_text = "No rows match"
    empty_sentence = "Try other words, or clear the filters."


@desk(May.RUN_CUSTOMERS)
def moving_in(request: DeskRequest) -> HttpResponse:
    """Where a file of customers is uploaded; nothing is changed by that yet."""
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                kept = keep_file(
                    request.operator,
                    file_name=file.name,
                    content=file.read(),
                    by=request.user,
                    at=request.at,
                    on=request.on,
                )
            except Unreadable as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("desk:moving_in_file", request.operator.slug, kept.pk)
    latest = MovingIn.objects.select_related("by")[:5]
    context = {"form": form, "latest": latest, "columns": COLUMNS.items()}
    status = 422 if form.is_bound else 200
    return render(request, "desk/moving_in/start.html", context, status=status)


@desk(May.RUN_CUSTOMERS)
def moving_in_example(request: DeskRequest) -> HttpResponse:
    """A file with every column and one customer."""
    # The mark at the start tells Excel that this is UTF-8.
    content = "\ufeff" + example(request.operator.currency, request.operator.locale)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return answer


@desk(May.RUN_CUSTOMERS)
def moving_in_file(request: DeskRequest, moving_id: int) -> HttpResponse:
    """What each row would do, or did; sending the form has it taken in just so."""
    kept = get_object_or_404(_files(), pk=moving_id)
    form = ConfirmForm(request.POST or None, initial={"seen": kept.fingerprint})
    if request.method != "POST":
        return _show(request, kept, form)
    if not form.is_valid():
        return _show(request, kept, form, status=422)
    try:
        kept = confirm(
            kept,
            seen=form.cleaned_data["seen"],
            only_whole=form.cleaned_data["bad_rows"] == "whole",
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, kept, form, status=422)
    if kept.state == State.SHOWN:
        messages.warning(
            request,
            "Something changed since you saw this, so nothing was taken in."
            " This is what the rows would do now.",
        )
    else:
        facts = {"operator_id": kept.operator_id, "moving_in_id": kept.pk}
        ask_worker("take_customers_in", once=f"moving in {kept.pk}", **facts)
    return redirect("desk:moving_in_file", request.operator.slug, kept.pk)


@require_POST
@desk(May.RUN_PLANS)
def moving_in_plans(request: DeskRequest, moving_id: int) -> HttpResponse:
    """Makes the ticked plans, for prices that no version has."""
    kept = get_object_or_404(_files(), pk=moving_id)
    try:
        made = make_plans(
            kept,
            keys=request.POST.getlist("price"),
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Made: {counted_words(len(made), 'plan')}.")
    return redirect("desk:moving_in_file", request.operator.slug, kept.pk)


@desk(May.RUN_CUSTOMERS)
def moving_in_csv(request: DeskRequest, moving_id: int) -> HttpResponse:
    """The rows with what each would do and why, for a spreadsheet."""
    kept = get_object_or_404(_files(), pk=moving_id)
    rows = list(MovingRow.objects.filter(moving_in=kept).order_by("number"))
    columns = list(dict.fromkeys(column for row in rows for column in row.cells))
    lines = table_of(
        request.operator, ["row", "outcome", "reason", *columns], _lines(rows, columns)
    )
    return to_take(lines, name="moving-in")


def _lines(rows: Iterable[MovingRow], columns: list[str]) -> Iterator[list[object]]:
    for row in rows:
        said = [f"{column}: {why}" if column else why for column, why in row.problems]
        reason = " ".join([*said, *("; ".join(it) for it in [row.changes, row.notes] if it)])
        cells = [words(row.cells.get(column, "")) for column in columns]
        yield [row.number, row.get_outcome_display(), words(reason), *cells]


def _files() -> Any:
    return MovingIn.objects.select_related("operator", "by")


def _show(
    request: DeskRequest, kept: MovingIn, form: ConfirmForm, *, status: int = 200
) -> HttpResponse:
    counted = count(kept)
    rows = RowFilter(request.GET, counted=counted)
    table = RowTable(rows.kept(MovingRow.objects.filter(moving_in=kept)))
    arrange(request, table, per_page=50)
    running = kept.state == State.RUNNING
    context = {
        "kept": kept,
        "counted": counted,
        "left": counted.to_take_in - counted.done,
        "running": running,
        "no_worker": running and not worker_is_there(request.at),
        "form": rows,
        "confirm": form,
        "table": table,
        "prices": prices_missing(kept) if kept.state == State.SHOWN else [],
        "may_plan": request.may("run_plans"),
    }
    return render(request, "desk/moving_in/file.html", context, status=status)
