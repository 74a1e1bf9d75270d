"""What the forms on a notice's pages share."""

from django import forms

from postroom.base.refusals import Refused
from postroom.web.keys import FormKeyField


class AnswerForm(forms.Form):
    """Any answer: it counts once."""

    form_key = FormKeyField()


def refuse(form: forms.Form, refusal: Refused) -> None:
    """Will put a refusal's sentence at its field."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
