"""What the forms on a notice's pages share."""

from django import forms

from postroom.web.keys import FormKeyField


class AnswerForm(forms.Form):
    """Any answer: it counts once."""

    form_key = FormKeyField()
