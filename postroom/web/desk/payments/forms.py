"""Forms on money that changes hands."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from postroom.domain.billing.allocating import Payable
from postroom.domain.billing.models import Method
from postroom.domain.operators.models import Operator
from postroom.web.desk.fields import DayField, MoneyField
from postroom.web.desk.usage.forms import KeyedForm

#: As long as the columns that keep them.
REFERENCE_LENGTH, REASON_LENGTH = 60, 200


class Which(StrEnum):
    """How it is said which invoices a payment pays."""

    OLDEST = "oldest"
    CHOSEN = "chosen"
    NONE = "none"


class AmountsForm(forms.Form):
    """An amount for each of a customer's invoices."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        payables: Sequence[Payable],
        operator: Operator,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.payables = payables
        for it in payables:
            field = MoneyField(operator, label=f"Invoice {it.invoice.number}")
            field.widget.attrs |= {"data-part": ""}
            self.fields[name_of(it)] = field

    def rows(self) -> Iterator[tuple[Payable, BoundField]]:
        """Will yield each invoice with its field."""
        for it in self.payables:
            yield it, self[name_of(it)]

    def towards(self) -> dict[int, int]:
        """Will return the amounts above zero, by the keys of invoices."""
        typed = {it.invoice.pk: self.cleaned_data.get(name_of(it)) for it in self.payables}
        return {pk: minor for pk, minor in typed.items() if minor}

    def field_of(self, number: int | None) -> str | None:
        """Will return the name of an invoice's field, by its number."""
        return next((name_of(it) for it in self.payables if it.invoice.number == number), None)


def name_of(payable: Payable) -> str:
    return f"invoice_{payable.invoice.pk}"


def as_they_are(payables: Sequence[Payable]) -> dict[str, int]:
    """Will return what each invoice has by now, as the first amounts of a form."""
    return {name_of(it): it.put_minor for it in payables if it.put_minor}


class MoneyForm(KeyedForm):
    """How, how much and when money changed hands."""

    method = forms.TypedChoiceField(coerce=Method, choices=Method.choices, widget=forms.RadioSelect)
    reference = forms.CharField(
        required=False,
        max_length=REFERENCE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="The number of the check, or what stands on the bank’s statement.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        operator: Operator,
        on: date,
        **options: Any,
    ) -> None:
        options["initial"] = {"method": Method.CHECK} | options.get("initial", {})
        super().__init__(data, **options)
        self.fields["amount"] = MoneyField(operator, required=True, label="Amount")
        self.fields["amount"].widget.attrs |= {"data-whole": ""}
        self.fields["amount"].error_messages["required"] = "Enter the amount."
        self.fields["method"].error_messages["required"] = "Choose how it was paid."
        self.on = on

    def day_field(self, name: str, label: str) -> None:
        """Will add a day no later than today, which it is at first."""
        field = DayField(label=label)
        field.error_messages["required"] = "Enter the day."
        field.widget.attrs |= {"max": self.on.isoformat()}
        field.initial = self.on
        self.fields[name] = field


class PaymentForm(MoneyForm):
    """Money received, and which invoices it pays."""

    which = forms.TypedChoiceField(
        coerce=Which,
        label="What it pays",
        widget=forms.RadioSelect,
        initial=Which.OLDEST,
        choices=[
            (Which.OLDEST, "The oldest invoices first"),
            (Which.CHOSEN, "The amounts below"),
            (Which.NONE, "Nothing for now: it stays on account"),
        ],
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        operator: Operator,
        on: date,
        owes: bool,
        **options: Any,
    ) -> None:
        super().__init__(data, operator=operator, on=on, **options)
        self.day_field("received_on", "Received on")
        self.fields["which"].error_messages["required"] = "Choose what it pays."
        if not owes:
            del self.fields["which"]
        self.order_fields(["method", "amount", "received_on", "reference", "which"])

    def agrees_with(self, amounts: AmountsForm) -> bool:
        """Will tell whether the amounts at the invoices are meant; what is wrong is on the form."""
        if not (self.is_valid() and amounts.is_valid()):
            return False
        which, some = self.cleaned_data.get("which"), bool(amounts.towards())
        if which == Which.CHOSEN and not some:
            said = "Enter an amount at one invoice or more, or choose otherwise."
            self.add_error("which", said)
        elif which in {Which.OLDEST, Which.NONE} and some:
            said = "There are amounts at invoices: choose “The amounts below”, or clear them."
            self.add_error("which", said)
        return self.is_valid()

    @property
    def oldest_first(self) -> bool:
        return bool(self.cleaned_data.get("which", Which.OLDEST) == Which.OLDEST)


class RefundForm(MoneyForm):
    """Money paid back."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label="Why",
        help_text="Kept with your name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, operator: Operator, on: date, **options: Any
    ) -> None:
        super().__init__(data, operator=operator, on=on, **options)
        self.day_field("paid_on", "Paid back on")
        self.fields["reason"].error_messages["required"] = "Say why it is paid back."
        self.order_fields(["method", "amount", "paid_on", "reference", "reason"])


class TakeBackForm(KeyedForm):
    """Why a payment is taken back."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label="Why",
        help_text="Such as: the check bounced. Kept with your name.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["reason"].error_messages["required"] = "Say why."


class AdjustForm(KeyedForm):
    """By how much an invoice is put right, and why."""

    CREDIT, CHARGE = "credit", "charge"

    what = forms.ChoiceField(
        label="What",
        widget=forms.RadioSelect,
        initial=CREDIT,
        choices=[
            (CREDIT, "Credit: the customer was billed too much"),
            (CHARGE, "Charge more: the customer was billed too little"),
        ],
    )
    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label="Why",
        help_text="The customer reads it on the document.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    #: Set by the page that shows what would be issued.
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, operator: Operator, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["amount"] = MoneyField(operator, required=True, label="Amount before tax")
        self.fields["amount"].error_messages["required"] = "Enter the amount."
        self.fields["what"].error_messages["required"] = "Choose what."
        self.fields["reason"].error_messages["required"] = "Say why."
        self.order_fields(["what", "amount", "reason"])

    @property
    def amount_minor(self) -> int:
        """The amount, below zero for a credit."""
        amount = int(self.cleaned_data["amount"])
        return -amount if self.cleaned_data["what"] == self.CREDIT else amount


class DaysForm(forms.Form):
    """The first and the last day of a statement."""

    since = DayField(required=False, label="From")
    until = DayField(required=False, label="To")
