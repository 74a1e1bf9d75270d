"""Form fields that speak the operator's format."""

from datetime import date
from typing import Any

from django import forms

from postroom.base import money
from postroom.base.refusals import Refused
from postroom.domain.operators.models import Operator


class MoneyField(forms.CharField):
    """An amount as people type it; its value is whole minor units, or None when left empty."""

    def __init__(self, operator: Operator, **options: Any) -> None:
        self.operator = operator
        options.setdefault("required", False)
        options.setdefault("max_length", 40)
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return money.parse(typed, self.operator.currency, self.operator.locale)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return money.plain(value, self.operator.currency, self.operator.locale)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class CountField(forms.IntegerField):
    """A whole number of things, never below ``at_least``."""

    def __init__(self, *, at_least: int = 0, at_most: int = 1_000_000, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(min_value=at_least, max_value=at_most, **options)
        self.error_messages["invalid"] = "Enter a whole number in digits, such as 10."


#: Days that anybody can mean; a year beyond them is a slip of the keys.
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A calendar day, picked or typed as 2026-12-31."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)
        self.error_messages["invalid"] = "Enter a day such as 2026-12-31."

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Check the year: that day is out of reach.")
        return day

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class SeenField(forms.IntegerField):
    """What a form saw when it was opened. A torn one saw nothing, and so is shown what is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, **options)

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except forms.ValidationError:
            return 0
