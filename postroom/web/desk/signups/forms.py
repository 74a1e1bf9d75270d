"""Forms on signups."""

from django import forms

from postroom.domain.signups.models import SignupState
from postroom.web.desk.fields import CountField, DayField


class SignupFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Name or e-mail"}),
    )
    state = forms.ChoiceField(
        required=False, label="State", choices=[("", "Any"), *SignupState.choices]
    )


class ApproveForm(forms.Form):
    """From which day, and on which day of the month it is billed."""

    starts_on = DayField(label="First day")
    billing_day = CountField(
        at_least=1,
        at_most=31,
        label="Billing day of the month",
        help_text="Left empty: the day of the start. 31 is the last day of a short month.",
    )


class WordsForm(forms.Form):
    """What somebody is told who signs up."""

    words = forms.CharField(
        max_length=1000,
        label="What they are told",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what they are to be told."},
    )
