"""Forms on customers, mailboxes and what customers were told."""

from collections.abc import Sequence
from typing import Any

from django import forms

from postroom.domain.customers.actions import Details
from postroom.domain.customers.models import Customer, Kind, MailboxState
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.subscriptions.first_term import Charge
from postroom.domain.subscriptions.models import Means
from postroom.domain.subscriptions.queries import Assignable
from postroom.web.countries import COUNTRIES
from postroom.web.desk.fields import CountField, DayField, SeenField
from postroom.web.keys import FormKeyField


class CustomerForm(forms.Form):
    """What is known of a customer."""

    kind = forms.ChoiceField(choices=Kind.choices, label="Person or company")
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        required=False, label="E-mail", help_text="Without one, notices go by letter."
    )
    phone = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    street = forms.CharField(max_length=160, required=False)
    city = forms.CharField(max_length=80, required=False)
    state = forms.CharField(max_length=40, required=False)
    postal_code = forms.CharField(max_length=12, required=False)
    country = forms.ChoiceField(choices=COUNTRIES)
    notes = forms.CharField(
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Staff see them, the customer does not.",
    )
    seen = SeenField()
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = "Enter the customer's name."

    def details(self) -> Details:
        """Will return what was typed."""
        data = {field: self.cleaned_data[field] for field in Details.__dataclass_fields__}
        return Details(**data | {"kind": Kind(data["kind"])})

    def differences(self, customer: Customer) -> list[tuple[str, str, str]]:
        """Will list what differs as (field, saved now, typed here)."""
        return [
            (
                str(self[field].label),
                str(getattr(customer, field)) or "empty",
                str(self[field].value() or "") or "empty",
            )
            for field in Details.__dataclass_fields__
            if str(getattr(customer, field)) != str(self[field].value() or "").strip()
        ]


class AssignForm(forms.Form):
    """A mailbox on a plan, from a day."""

    number = forms.CharField(
        max_length=13,
        label="Mailbox number",
        help_text="Type to search the free numbers; available ones come first.",
        widget=forms.TextInput(attrs={"list": "free-numbers", "autocomplete": "off"}),
    )
    plan = forms.ChoiceField(label="Plan and billing cycle")
    starts_on = DayField(label="Starts on")
    billing_day = CountField(
        at_least=1,
        at_most=31,
        label="Billing day of the month",
        help_text="Left empty: the day of the start. 31 is the last day of a short month.",
    )
    charge = forms.TypedChoiceField(
        coerce=Charge,
        choices=Charge.choices,
        initial=Charge.NOW,
        label="Charge the days up to the first billing date",
        help_text="With the start they get a bill of their own; at the next billing date they stand"
        " on one bill with the term that follows.",
        widget=forms.RadioSelect,
        required=False,
        empty_value=Charge.NOW,
    )
    paid_until = DayField(
        required=False,
        label="Paid until",
        help_text="Only when moving in: paid elsewhere up to this day, and not billed again.",
    )

    def __init__(self, *args: Any, offered: Sequence[Assignable], operator: Operator, **kw: Any):
        super().__init__(*args, **kw)
        groups: dict[str, list[tuple[str, str]]] = {}
        for it in offered:
            said = f"{it.plan.name}, {rate_in_words(it.months, it.amount_minor, operator.show)}"
            groups.setdefault(it.plan.name, []).append((f"{it.plan.pk}:{it.months}", said))
        self.fields["plan"].choices = [("", "Choose"), *groups.items()]  # type: ignore[attr-defined]
        self.fields["plan"].error_messages |= {
            "required": "Choose a plan.",
            "invalid_choice": "That plan or cycle is not offered here any more. Choose again.",
        }

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().lstrip("#").upper()

    def chosen(self) -> tuple[int, int]:
        """Will return the plan's id and the months of a term."""
        plan, _, months = self.cleaned_data["plan"].partition(":")
        return int(plan), int(months)


class ToldForm(forms.Form):
    """That staff told a customer of a version."""

    version = forms.TypedChoiceField(coerce=int, label="Told of")
    told_on = DayField(label="Told on")
    told_by = forms.CharField(max_length=120, label="Told by", help_text="Who spoke or wrote.")
    means = forms.ChoiceField(
        choices=Means.choices, label="How", initial=Means.LETTER, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        max_length=300,
        label="Why by hand",
        help_text="Kept as evidence, with your name. Example: letter sent, copy in the file.",
    )

    def __init__(self, *args: Any, versions: Sequence[PlanVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (it.pk, f"Version {it.number}") for it in versions
        ]


class VoidForm(forms.Form):
    """Why a clearance ends."""

    reason = forms.CharField(max_length=300, label="Why", help_text="Kept with your name.")


class RangeForm(forms.Form):
    """A range of mailbox numbers at a location."""

    location = forms.ModelChoiceField(Location.objects.none(), empty_label=None)
    first = CountField(required=True, at_most=999_999_999, label="First number")
    last = CountField(required=True, at_most=999_999_999, label="Last number")
    state = forms.ChoiceField(
        choices=[
            (MailboxState.AVAILABLE, "Available: staff assign them"),
            (MailboxState.RESERVED, "Reserved: for online signup"),
        ],
        initial=MailboxState.AVAILABLE,
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.all()  # type: ignore[attr-defined]

    def wanted(self) -> int:
        """Will return how many numbers the range has; below one it is backward."""
        return int(self.cleaned_data["last"]) - int(self.cleaned_data["first"]) + 1
