"""Forms on what became of a notice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from postroom.domain.notices.answering import MOST_WORDS
from postroom.domain.notices.models import AnswerKind, Notice
from postroom.domain.subscriptions.models import Means
from postroom.web.desk.fields import DayField, SeenField
from postroom.web.keys import FormKeyField


class ResendForm(forms.Form):
    """Where it goes now."""

    email = forms.CharField(
        max_length=254,
        label="E-mail",
        help_text="Becomes the customer's address for everything.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter where it goes."},
    )
    seen = SeenField()


class PostedForm(forms.Form):
    """That it was posted as a letter."""

    posted_on = DayField(
        label="Posted on", error_messages={"required": "Enter the day of posting."}
    )
    posted_by = forms.CharField(
        max_length=120, label="Posted by", error_messages={"required": "Say who posted it."}
    )


class ToldForm(forms.Form):
    """That somebody told the customer what it says."""

    told_on = DayField(label="Told on", error_messages={"required": "Enter the day of telling."})
    means = forms.ChoiceField(
        choices=[(it.value, it.label) for it in (Means.PHONE, Means.IN_PERSON)],
        initial=Means.PHONE,
        label="How",
        widget=forms.RadioSelect,
    )
    told_by = forms.CharField(
        max_length=120, label="Told by", error_messages={"required": "Say who told them."}
    )
    reason = forms.CharField(
        max_length=300,
        label="How you know",
        help_text="Kept as evidence, with your name. Example: called, they said they understood.",
        error_messages={"required": "Say how you know."},
    )


class CameBackForm(forms.Form):
    """That it came back after it was taken."""

    reason = forms.CharField(
        max_length=300,
        label="What came back",
        help_text="Kept as evidence, with your name. Example: mailbox full, mail of 3 May.",
        error_messages={"required": "Say how you know."},
    )


class AnsweredForm(forms.Form):
    """What a customer answered by letter, by phone or in person."""

    notice = forms.TypedChoiceField(coerce=int, label="Mailbox")
    kind = forms.ChoiceField(
        choices=[(it.value, it.label) for it in (AnswerKind.ACCEPTED, AnswerKind.ASKED)],
        label="Answer",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they answered."},
    )
    words = forms.CharField(
        max_length=MOST_WORDS,
        label="What they said, and how",
        help_text="Kept as evidence, with your name. The customer sees it on their page.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what they said, and how."},
    )
    form_key = FormKeyField()

    def __init__(
        self, data: QueryDict | None = None, *, notices: Sequence[Notice], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fields["notice"].choices = [  # type: ignore[attr-defined]
            (it.pk, f"{it.subscription.mailbox}, {it.subscription.mailbox.location.name}")
            for it in notices
        ]
