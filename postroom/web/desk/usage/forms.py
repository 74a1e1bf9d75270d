"""Forms for entering and correcting usage."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from postroom.domain.plans.services import Service
from postroom.domain.usage.allowances import Position
from postroom.domain.usage.models import LARGEST, REASON_LENGTH
from postroom.web.desk.fields import CountField, DayField
from postroom.web.keys import FormKeyField


class KeyedForm(forms.Form):
    """A form that counts once however often it is sent."""

    form_key = FormKeyField()

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        options["initial"] = {"form_key": uuid4()} | options.get("initial", {})
        super().__init__(data, **options)

    def renew(self) -> None:
        """Will give the form, as it is shown again, a key that has not been used."""
        self.data = {**self.data, "form_key": str(uuid4())}


class EntryForm(KeyedForm):
    """So much of a service on a day."""

    service = forms.TypedChoiceField(coerce=Service, label="Service")
    quantity = CountField(
        required=True,
        at_most=LARGEST,
        label="Count",
        help_text="For recipients: how many there are from that day on.",
    )
    on = DayField(label="Day")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        positions: Sequence[Position],
        first: date,
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.fields["on"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}
        offered = [(it.service.value, it.service.label) for it in positions if it.offered]
        others = [(it.service.value, it.service.label) for it in positions if not it.offered]
        groups = [("Not offered by their plan", others)] if others else []
        self.fields["service"].choices = [("", "Choose"), *offered, *groups]  # type: ignore[attr-defined]
        self.fields["service"].error_messages["required"] = "Choose a service."
        self.fields["quantity"].error_messages["required"] = "Enter how many."
        self.fields["on"].error_messages["required"] = "Enter the day on which it was used."


class CorrectionForm(KeyedForm):
    """What an entry should count, and why."""

    counts = CountField(required=True, at_most=LARGEST, label="It should count")
    reason = forms.CharField(
        max_length=REASON_LENGTH, label="Why", help_text="Kept with your name."
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["counts"].error_messages["required"] = "Enter what it should count."
        self.fields["reason"].error_messages["required"] = "Say why it is corrected."
