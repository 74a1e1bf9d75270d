"""The plan's form: one form in the browser, several here, each with one idea."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.actions import Words
from postroom.domain.plans.models import NAME_LENGTH
from postroom.domain.plans.services import COUNTED, MailType, Offer, Per, Service
from postroom.domain.plans.terms import NOT_OFFERED, Allowance, StorageRule, Terms
from postroom.web.desk.fields import CountField, MoneyField, SeenField
from postroom.web.keys import FormKeyField

#: Rows for terms other than monthly and annual that are offered empty.
SPARE_TERMS = 2


class WordsForm(forms.Form):
    """Name, description, visibility and locations: saved at once."""

    name = forms.CharField(max_length=NAME_LENGTH)
    description = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    internal = forms.BooleanField(required=False, label="Internal")
    signup = forms.BooleanField(required=False, label="Signup URL, new and existing customers")
    lead_gen = forms.BooleanField(required=False, label="Lead-gen website")
    locations = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    seen_revision = SeenField()
    seen_version = SeenField()
    #: The draft that is gone on with, if any.
    seen_draft = SeenField()
    form_key = FormKeyField()
    reason = forms.CharField(
        max_length=300, required=False, label="Why", help_text="For your own history."
    )

    def __init__(self, *args: Any, locations: list[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locations"].choices = [(it.pk, it.name) for it in locations]  # type: ignore[attr-defined]
        self.fields["name"].error_messages["required"] = "Give the plan a name."

    def words(self) -> Words:
        """Will return what was typed; a set of every location is a set of each, not “all”."""
        data = self.cleaned_data
        return Words(
            name=data["name"],
            description=data["description"].replace("\r\n", "\n"),
            internal=data["internal"],
            signup=data["signup"],
            lead_gen=data["lead_gen"],
            locations=frozenset(data["locations"]),
        )


class FeesForm(forms.Form):
    """The two main rates and the one-off fees."""

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["monthly_rate"] = MoneyField(operator, label="Monthly rate")
        self.fields["annual_rate"] = MoneyField(operator, label="Annual rate")
        self.fields["setup_fee"] = MoneyField(operator, label="Setup fee")
        self.fields["deposit"] = MoneyField(operator, label="Refundable deposit")


class OtherTermForm(forms.Form):
    """The rate for a term of other than 1 or 12 months."""

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.summary_label = "Other term"
        self.fields["months"] = CountField(at_least=1, at_most=120, label="Months")
        self.fields["rate"] = MoneyField(operator, label="Rate")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        months, rate = data.get("months"), data.get("rate")
        if months in {1, 12}:
            self.add_error("months", "Monthly and annual rates have their own fields above.")
        if months and rate is None and "rate" not in self.errors:
            self.add_error("rate", "Enter the rate for this term, or clear its months.")
        if rate is not None and months is None and "months" not in self.errors:
            self.add_error("months", "Enter how many months this rate is for.")
        return data


class AllowanceForm(forms.Form):
    """How one service is offered, and what comes after its count."""

    def __init__(self, *args: Any, operator: Operator, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        self.summary_label = service.label
        attrs = {"data-offer": ""}
        self.fields["offer"] = forms.ChoiceField(
            choices=Offer.choices, widget=forms.Select(attrs=attrs), label="Offer"
        )
        if service != Service.STORAGE:
            self.fields["limit"] = CountField(label="Allowance")
            self.fields["extra_count"] = CountField(at_least=1, label="Extra count")
            self.fields["extra_fee"] = MoneyField(operator, label="Extra fee")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        counted = self.service != Service.STORAGE and data.get("offer") == Offer.RESTRICTED
        if counted and data.get("limit") is None and "limit" not in self.errors:
            self.add_error("limit", "Enter how many are included; 0 if every one costs extra.")
        return data

    def allowance(self) -> Allowance:
        """Will return what was typed; a count means something only where it is restricted."""
        data = self.cleaned_data
        offer = Offer(data["offer"])
        if offer != Offer.RESTRICTED or self.service == Service.STORAGE:
            return Allowance(offer)
        return Allowance(offer, data["limit"], data["extra_count"] or 1, data["extra_fee"] or 0)


class StorageForm(forms.Form):
    """Free days for a type of mail, then a fee."""

    def __init__(self, *args: Any, operator: Operator, mail_type: MailType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mail_type = mail_type
        self.summary_label = f"Storage, {mail_type.label.lower()}"
        self.fields["free_days"] = CountField(at_most=3650, label="Days of free storage")
        self.fields["fee"] = MoneyField(operator, label="Then, an item")
        self.fields["per"] = forms.ChoiceField(choices=Per.choices, label="Per", required=False)
        self.fields["cap"] = MoneyField(operator, label="At most, an item")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        priced = data.get("fee") is not None or data.get("cap") is not None
        if priced and data.get("free_days") is None and "free_days" not in self.errors:
            self.add_error("free_days", "Enter the days of free storage; 0 if there are none.")
        return data

    def rule(self) -> StorageRule | None:
        """Will return the rule, or None where this type of mail is stored free."""
        data = self.cleaned_data
        if data["free_days"] is None:
            return None
        per = Per(data["per"] or Per.DAY)
        return StorageRule(data["free_days"], data["fee"] or 0, per, data["cap"])


class PlanForm:
    """Everything that Update sends, and the words and terms that it stands for."""

    def __init__(
        self,
        operator: Operator,
        locations: list[Location],
        *,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        terms: Terms | None = None,
    ) -> None:
        terms = terms or Terms(rates={})
        own = {"operator": operator}
        self.words_form = WordsForm(data, initial=dict(initial or {}), locations=locations)
        self.fees_form = FeesForm(data, initial=_fees(terms), **own)
        others = [it for it in sorted(terms.rates.items()) if it[0] not in {1, 12}]
        self.other_terms = [
            OtherTermForm(data, prefix=f"term{n}", initial={"months": months, "rate": rate}, **own)
            for n, (months, rate) in enumerate(
                [*others, *[(None, None)] * (_rows(data, len(others) + SPARE_TERMS) - len(others))]
            )
        ]
        self.allowance_forms = [
            AllowanceForm(
                data, prefix=service, service=service, initial=_allowance(terms, service), **own
            )
            for service in COUNTED
        ]
        self.storage_form = AllowanceForm(
            data,
            prefix=Service.STORAGE,
            service=Service.STORAGE,
            initial={"offer": terms.allowance(Service.STORAGE).offer},
            **own,
        )
        self.storage_rules = [
            StorageForm(
                data, prefix=mail_type, mail_type=mail_type, initial=_rule(terms, mail_type), **own
            )
            for mail_type in MailType
        ]

    def __iter__(self) -> Iterator[forms.Form]:
        yield self.words_form
        yield self.fees_form
        yield from self.other_terms
        yield from self.allowance_forms
        yield self.storage_form
        yield from self.storage_rules

    def is_valid(self) -> bool:
        """Will check every part, so that all that is wrong is said at once."""
        valid = not [form for form in self if not form.is_valid()]
        months = [form.cleaned_data.get("months") for form in self.other_terms if form.is_valid()]
        for form in self.other_terms:
            wanted = form.cleaned_data.get("months") if form.is_valid() else None
            if wanted and months.count(wanted) > 1:
                form.add_error("months", f"There are two rates for {wanted} months.")
                valid = False
        return valid

    def refuse(self, field: str | None, sentence: str) -> None:
        """Will put a refusal's sentence at the field that it belongs to."""
        for form in (self.words_form, self.fees_form):
            if field in form.fields:
                form.add_error(field, sentence)
                return
        self.words_form.add_error(None, sentence)

    def terms(self) -> Terms:
        """Will return the typed terms."""
        fees = self.fees_form.cleaned_data
        rates = {1: fees["monthly_rate"], 12: fees["annual_rate"]} | {
            form.cleaned_data["months"]: form.cleaned_data["rate"] for form in self.other_terms
        }
        storage = self.storage_form.allowance()
        rules = {form.mail_type: form.rule() for form in self.storage_rules}
        priced = storage.offer == Offer.RESTRICTED
        return Terms(
            rates={months: rate for months, rate in rates.items() if months and rate is not None},
            setup_fee_minor=fees["setup_fee"] or 0,
            deposit_minor=fees["deposit"] or 0,
            allowances={
                service: allowance
                for service, allowance in (
                    *((form.service, form.allowance()) for form in self.allowance_forms),
                    (Service.STORAGE, storage),
                )
                if allowance != NOT_OFFERED
            },
            storage={kind: rule for kind, rule in rules.items() if rule and priced},
        )


def _rows(data: Mapping[str, Any] | None, default: int) -> int:
    """Will count the rows for other terms that were sent, within reason."""
    if data is None:
        return default
    sent = sum(1 for key in data if key.startswith("term") and key.endswith("-months"))
    return min(max(sent, default), 24)


def _fees(terms: Terms) -> dict[str, int | None]:
    return {
        "monthly_rate": terms.rates.get(1),
        "annual_rate": terms.rates.get(12),
        "setup_fee": terms.setup_fee_minor or None,
        "deposit": terms.deposit_minor or None,
    }


def _allowance(terms: Terms, service: Service) -> dict[str, Any]:
    allowance = terms.allowance(service)
    counted = allowance.offer == Offer.RESTRICTED
    return {
        "offer": allowance.offer,
        "limit": allowance.limit,
        "extra_count": allowance.extra_count if counted else None,
        "extra_fee": allowance.extra_fee_minor if counted else None,
    }


def _rule(terms: Terms, mail_type: MailType) -> dict[str, Any]:
    rule = terms.storage.get(mail_type)
    if rule is None:
        return {"per": Per.DAY}
    return {
        "free_days": rule.free_days,
        "fee": rule.fee_minor,
        "per": rule.per,
        "cap": rule.cap_minor,
    }
