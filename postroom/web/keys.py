"""The key by which a form counts once, in whatever door it is sent."""

from typing import Any
from uuid import UUID, uuid4

from django import forms


class FormKeyField(forms.UUIDField):
    """The key by which a form counts once. A torn one is replaced: it is nobody's to mend."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, **options)

    def clean(self, value: Any) -> UUID:
        try:
            return super().clean(value) or uuid4()
        except forms.ValidationError:
            return uuid4()

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self.clean(data)
