"""Forms on the operator, its locations and its staff."""

from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from babel.core import Locale
from django import forms
from django.http import QueryDict

from postroom.base import money, percent
from postroom.base.refusals import Refused
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.permissions import Role
from postroom.web.countries import COUNTRIES
from postroom.web.desk.fields import CountField

#: The ways of writing dates and amounts that are offered; an operator may have another.
LOCALES = [
    *("en_US", "en_CA", "en_GB", "en_AU", "es_ES", "es_MX", "es_US", "fr_FR", "fr_CA", "de_DE"),
    *("de_CH", "it_IT", "nl_NL", "pt_BR", "pt_PT", "pl_PL", "sv_SE", "nb_NO", "da_DK", "fi_FI"),
    *("cs_CZ", "ja_JP"),
]

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]

ROLES = [
    (Role.OWNER, "Owner: everything, with staff and settings"),
    (Role.MANAGER, "Manager: customers, plans and money"),
    (Role.CLERK, "Clerk: sees customers and mailboxes, never money"),
    (Role.VIEWER, "Viewer: sees customers, plans and money, changes nothing"),
]


class OperatorForm(forms.Form):
    """What an operator may change of itself."""

    name = forms.CharField(max_length=120)
    service_email = forms.EmailField(
        required=False,
        label="Service address",
        help_text="Gets a copy of every notice to a customer.",
    )
    time_zone = forms.ChoiceField(
        choices=ZONES, help_text="Its calendar says what day it is where no location is meant."
    )
    locale = forms.ChoiceField(label="Dates and amounts")

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted({*LOCALES, operator.locale})
        self.fields["locale"].choices = [  # type: ignore[attr-defined]
            (it, f"{Locale.parse(it).english_name}: {money.show(123456, operator.currency, it)}")
            for it in known
        ]
        zones = [] if operator.time_zone in dict(ZONES) else [(operator.time_zone,) * 2]
        self.fields["time_zone"].choices = [*zones, *ZONES]  # type: ignore[attr-defined]
        self.fields["name"].error_messages["required"] = "Enter the operator's name."


class LocationForm(forms.Form):
    """A street address where mail arrives."""

    name = forms.CharField(max_length=120)
    street = forms.CharField(max_length=160)
    city = forms.CharField(max_length=80)
    state = forms.CharField(max_length=40)
    postal_code = forms.CharField(max_length=12)
    country = forms.ChoiceField(choices=COUNTRIES)
    time_zone = forms.ChoiceField(
        required=False,
        choices=[("", "Found from a US postal code"), *ZONES],
        help_text="Renewals and notices follow this calendar.",
    )
    reserve_at_least = CountField(
        required=True,
        at_most=10_000,
        label="Numbers to keep for online signup",
        help_text="Fewer than that, and you are told. 0 says that it does not matter.",
    )
    latitude = forms.FloatField(
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="In degrees. Empty: found from a US postal code.",
        error_messages={"invalid": "Write degrees like 40.6943."},
    )
    longitude = forms.FloatField(
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="West of Greenwich it is below zero.",
        error_messages={"invalid": "Write degrees like -73.9936."},
    )
    listed = forms.BooleanField(
        required=False,
        label="On the lead-gen website",
        help_text="Listed in the public directory with the plans that are ticked for it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = "Enter the location's name."


def facts_of(location: Location) -> dict[str, object]:
    """Will return a location as its form starts."""
    return {field: getattr(location, field) for field in LocationForm.base_fields}


class PercentField(forms.CharField):
    """A percentage as people type it; its value is exact, or None when left empty."""

    def __init__(self, locale: str, **options: Any) -> None:
        self.locale = locale
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(
            required=False, max_length=20, widget=forms.TextInput(attrs=attrs), **options
        )

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return percent.parse(typed, self.locale)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal

    def prepare_value(self, value: Any) -> Any:
        return percent.plain(value, self.locale) if isinstance(value, Decimal) else value


class TaxForm(forms.Form):
    """What customers of a location are taxed."""

    name = forms.CharField(max_length=40, label="What it is called", help_text="On the invoice.")
    included = forms.TypedChoiceField(
        label="How",
        coerce=lambda value: value == "yes",
        choices=[
            ("no", "Added: rates and fees do not contain it"),
            ("yes", "Included: rates and fees contain it, and the invoice shows how much"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, data: QueryDict | None = None, *, location: Location, operator: Operator
    ) -> None:
        super().__init__(data)
        self.fields["percent"] = PercentField(
            operator.locale,
            label="Percent",
            initial=location.tax_percent,
            help_text="Left empty: no tax is set. 0 says that nothing is taxed here.",
        )
        self.initial = {
            "name": location.tax_name,
            "included": "yes" if location.tax_included else "no",
        }
        self.order_fields(["percent", "included", "name"])
        self.fields["name"].error_messages["required"] = "Say what the tax is called on an invoice."


class StaffForm(forms.Form):
    """Somebody new at this operator."""

    email = forms.EmailField(
        label="E-mail", help_text="A link to set a password is sent to this address."
    )
    name = forms.CharField(max_length=120)
    role = forms.ChoiceField(choices=ROLES, initial=Role.CLERK, widget=forms.RadioSelect)


class RoleForm(forms.Form):
    """Another role for somebody who works here."""

    role = forms.ChoiceField(choices=ROLES, widget=forms.RadioSelect)
