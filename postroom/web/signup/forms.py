"""The forms of signing up."""

from typing import Any

from django import forms

from postroom.domain.customers.models import Kind
from postroom.domain.signups.filling import Who
from postroom.domain.signups.models import Signup
from postroom.web.countries import COUNTRIES
from postroom.web.gate import ProofOfWork
from postroom.web.keys import FormKeyField


class NumberForm(forms.Form):
    """Which number: one of a few that are shown, or another that somebody would like."""

    number = forms.ChoiceField(required=False, widget=forms.RadioSelect, label="Free numbers")
    other = forms.CharField(
        required=False,
        max_length=13,
        label="Another number",
        help_text="If you would like a certain one, and it is free.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form_key = FormKeyField()
    altcha = ProofOfWork()

    def __init__(self, *args: Any, numbers: list[str], mine: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [mine, *(it for it in numbers if it != mine)] if mine else numbers
        self.fields["number"].choices = [(it, f"#{it}") for it in shown]  # type: ignore[attr-defined]
        # Which of them is free is for the act to say: it may have been taken since.
        self.fields["number"].validate = lambda value: None  # type: ignore[method-assign]
        if mine:
            self.initial["number"] = mine

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["wanted"] = cleaned.get("other") or cleaned.get("number") or ""
        if not cleaned["wanted"]:
            self.add_error("number", "Choose a number.")
        return cleaned


class WhoForm(forms.Form):
    """Who signs up."""

    kind = forms.ChoiceField(
        choices=Kind.choices, label="You are a", widget=forms.RadioSelect, initial=Kind.PERSON
    )
    name = forms.CharField(
        max_length=120,
        label="Full name",
        help_text="As it stands on your identity papers, or the company's registered name.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name, or your company's."},
    )
    email = forms.EmailField(
        label="E-mail",
        help_text="We send a link to it, to confirm that it is yours.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "This is not an e-mail address. Write it like name@example.com.",
        },
    )
    phone = forms.CharField(
        max_length=40,
        required=False,
        label="Phone (optional)",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    street = forms.CharField(
        max_length=160,
        label="Your own street address",
        help_text="Where you live or work. Your new address is the one that you sign up for.",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": "Enter the street."},
    )
    city = forms.CharField(
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={"required": "Enter the city."},
    )
    state = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
        error_messages={"required": "Enter the state."},
    )
    postal_code = forms.CharField(
        max_length=12,
        label="Postal code",
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
        error_messages={"required": "Enter the postal code."},
    )
    country = forms.ChoiceField(
        choices=COUNTRIES, initial="US", widget=forms.Select(attrs={"autocomplete": "country"})
    )
    recipients = forms.CharField(
        required=False,
        max_length=5000,
        label="Who else gets mail there? (optional)",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "One name on each line"}),
    )

    def who(self) -> Who:
        """Will return what was typed."""
        typed = dict(self.cleaned_data)
        typed.pop("reply", None)
        names = typed.pop("recipients").splitlines()
        return Who(**typed | {"kind": Kind(typed["kind"])}, recipients=names)


class AnswerForm(WhoForm):
    """Who signs up, once more, with an answer to what staff asked for."""

    reply = forms.CharField(
        max_length=1000,
        label="Your answer",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write an answer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].help_text = "Confirmed."
        self.order_fields(["reply"])


class AgreeForm(forms.Form):
    """Yes to the terms that are shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agree = forms.BooleanField(
        label="I have read these terms and agree to them",
        error_messages={"required": "Tick the box to agree to the terms."},
    )


def typed_before(signup: Signup) -> dict[str, Any]:
    """Will return what is known of somebody as their form starts."""
    fields = ("kind", "name", "email", "phone", "street", "city", "postal_code", "country")
    return {field: getattr(signup, field) for field in fields} | {
        "state": signup.state_of_address,
        "recipients": "\n".join(signup.recipients),
        "reply": signup.answered,
    }
