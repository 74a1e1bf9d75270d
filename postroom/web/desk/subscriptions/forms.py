"""Forms on what a customer rents."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict

from postroom.domain.operators.models import Operator
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from postroom.domain.subscriptions.queries import Assignable
from postroom.web.desk.fields import DayField, MoneyField
from postroom.web.desk.usage.forms import KeyedForm


class SwitchForm(forms.Form):
    """Another plan or billing cycle, and when it starts."""

    plan = forms.ChoiceField(
        label="Plan and billing cycle",
        help_text="What staff may assign at this location, at the rates of today.",
    )
    timing = forms.ChoiceField(
        label="When",
        initial=SwitchTiming.NEXT_TERM,
        widget=forms.RadioSelect,
        choices=[
            (SwitchTiming.NEXT_TERM, "At the next renewal"),
            (SwitchTiming.NOW, "Now, prorated: the rest of this term is credited"),
        ],
    )
    #: What the page before showed. Without it, nothing is done yet.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        offered: Sequence[Assignable],
        subscription: Subscription,
        operator: Operator,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        has = (subscription.plan_id, subscription.months)
        groups: dict[str, list[tuple[str, str]]] = {}
        for it in offered:
            said = f"{it.plan.name}, {rate_in_words(it.months, it.amount_minor, operator.show)}"
            if (it.plan.pk, it.months) == has:
                said += " (what they have)"
            groups.setdefault(it.plan.name, []).append((f"{it.plan.pk}:{it.months}", said))
        self.fields["plan"].choices = [("", "Choose"), *groups.items()]  # type: ignore[attr-defined]
        self.fields["plan"].error_messages |= {
            "required": "Choose a plan.",
            "invalid_choice": "That plan or cycle is not offered here any more. Choose again.",
        }
        self.fields["timing"].error_messages["required"] = "Choose when it starts."

    def chosen(self) -> tuple[int, int]:
        """Will return the plan's id and the months of a term."""
        plan, _, months = self.cleaned_data["plan"].partition(":")
        return int(plan), int(months)

    @property
    def when(self) -> SwitchTiming:
        return SwitchTiming(self.cleaned_data["timing"])


class CloseForm(forms.Form):
    """The last day used."""

    closes_on = DayField(
        label="Last day used",
        help_text="The day itself counts: they have the mailbox until its end.",
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["closes_on"].error_messages["required"] = "Enter the last day used."


class ChargeForm(KeyedForm):
    """Something to charge by hand."""

    text = forms.CharField(
        max_length=200,
        label="What for",
        help_text="Stands on the invoice.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    taxable = forms.BooleanField(required=False, initial=True, label="Taxable")

    def __init__(
        self, data: QueryDict | None = None, *, operator: Operator, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["amount"] = MoneyField(operator, required=True, label="Amount")
        self.order_fields(["text", "amount", "taxable", "form_key"])
        self.fields["text"].error_messages["required"] = "Say what is charged."
        self.fields["amount"].error_messages["required"] = "Enter the amount."


class Protection(TextChoices):
    """How a customer's terms are kept."""

    LOCK = "lock", "Price lock: no worse terms for terms that start before a day"
    PIN = "pin", "Pin: this version, whatever comes, until they switch"


class ProtectForm(forms.Form):
    """Which protection, and why."""

    kind = forms.ChoiceField(
        choices=Protection.choices,
        initial=Protection.LOCK,
        label="How",
        widget=forms.RadioSelect,
    )
    until = DayField(required=False, label="Price lock until")
    reason = forms.CharField(max_length=300, label="Why")

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("kind") == Protection.LOCK and "until" in typed:
            if not typed["until"]:
                self.add_error("until", "Enter the day on which the price lock ends.")
            elif typed["until"] <= self.today:
                self.add_error("until", "Choose a later day than today.")
        return typed


class EndProtectionForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(max_length=300, label="Why")
