"""Words of the desk's own templates."""

from django import template
from django.forms import BoundField
from django.forms.widgets import Select
from django.utils.safestring import SafeString

from postroom.domain.events.sentences import sentence

register = template.Library()
register.filter("sentence", sentence)


@register.filter
def control(field: BoundField) -> SafeString:
    """Will draw a field's input alone, for a table whose headings are the labels."""
    kind = "form-select" if isinstance(field.field.widget, Select) else "form-control"
    return field.as_widget(attrs={"class": f"{kind} is-invalid" if field.errors else kind})
