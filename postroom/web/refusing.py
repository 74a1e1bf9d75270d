"""What a door does with a refusal: puts its sentence where it belongs on the form."""

from django import forms

from postroom.base.refusals import Refused


def refuse(form: forms.Form, refusal: Refused, **fields: str) -> None:
    """Will put a refusal's sentence at its field; ``fields`` says what the form calls it."""
    name = fields.get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, str(refusal))
