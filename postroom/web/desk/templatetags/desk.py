"""Words of the desk's own templates."""

from django import template
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from postroom.domain.events.sentences import sentence

register = template.Library()
register.filter("sentence", sentence)


@register.filter
def control(field: BoundField) -> SafeString:
    """Will draw a text input or a choice alone, for a table whose headings are the labels.

    Written without the widget's own templates: a plan's page has fifty of these, and their
    templates took half of its time.
    """
    widget = field.field.widget
    attrs = field.build_widget_attrs({"id": field.auto_id, **widget.attrs}, widget)
    attrs["class"] = "is-invalid" if field.errors else ""
    if not hasattr(widget, "choices"):
        attrs["class"] = f"form-control {attrs['class']}".strip()
        value = widget.format_value(field.value())
        attrs |= {"type": "text", "name": field.html_name, "value": "" if value is None else value}
        return format_html("<input{}>", flatatt(attrs))
    attrs["class"] = f"form-select {attrs['class']}".strip()
    chosen = str(field.value() or "")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if str(value) == chosen else "", label)
            for value, label in widget.choices
        ),
    )
    return format_html('<select name="{}"{}>{}</select>', field.html_name, flatatt(attrs), options)
