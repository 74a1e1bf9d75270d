"""What is wrong with the forms of a page, in one list that leads to each field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BaseFormSet


@dataclass(frozen=True)
class Problem:
    message: str
    label: str = ""
    #: The id of the field, without ``#``; empty where the sentence is about the whole form.
    target: str = ""


def problems(*forms: BaseForm | BaseFormSet[Any] | Iterable[Any] | None) -> list[Problem]:
    """Will list every error of the forms and formsets given, in the order of the page.

    A form may carry ``summary_label``, a word that tells its fields from its neighbours'.
    """
    return [problem for form in forms if form is not None for problem in _of(form)]


def _of(form: BaseForm | BaseFormSet[Any] | Iterable[Any]) -> Iterator[Problem]:
    if isinstance(form, BaseFormSet):
        for message in form.non_form_errors() if form.is_bound else []:
            yield Problem(str(message))
        yield from problems(*form.forms)
    elif isinstance(form, BaseForm):
        yield from _of_form(form)
    else:
        yield from problems(*form)


def _of_form(form: BaseForm) -> Iterator[Problem]:
    if not form.is_bound:
        return
    row = getattr(form, "summary_label", "")
    for message in form.non_field_errors():
        yield Problem(str(message), str(row))
    for name in form.fields:
        field = form[name]
        label = f"{row}: {field.label}" if row else str(field.label)
        target = field.id_for_label or f"div_{field.auto_id}"
        for message in field.errors:
            yield Problem(str(message), label, "" if field.is_hidden else target)
