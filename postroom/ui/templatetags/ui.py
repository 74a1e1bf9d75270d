"""The words of the page: menus, badges, money and dates. Built in, so no template loads it.

A template without a form of its own is in ``templates/ui``; each says there what it takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.forms.widgets import CheckboxInput, Select, SelectMultiple
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from postroom.ui.errors import problems

register = template.Library()
NOTHING = "–"


class House(Protocol):
    """What an operator knows about writing numbers and dates."""

    locale: str
    time_zone: str

    def show(self, minor: int) -> str: ...


@register.filter
def money(minor: int | None, operator: House) -> str:
    """Will write minor units as the operator does: ``{{ plan.monthly_minor|money:operator }}``."""
    return NOTHING if minor is None else operator.show(minor)


@register.filter
def day(value: dt.date | dt.datetime | None, operator: House) -> str:
    """Will write a date in the operator's language; an instant, as the day it was there."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = value.astimezone(ZoneInfo(operator.time_zone)).date()
    return format_date(value, format="medium", locale=operator.locale)


@register.filter
def moment(value: dt.datetime | None, operator: House) -> str:
    """Will write an instant by the operator's clock: ``Mar 1, 2027, 9:30 AM``."""
    if value is None:
        return NOTHING
    return format_datetime(
        value, format="medium", tzinfo=ZoneInfo(operator.time_zone), locale=operator.locale
    )


@register.filter
def count(number: int, words: str) -> str:
    """Will count in words: ``{{ n|count:"customer,customers" }}`` gives ``1 customer``."""
    one, _, many = words.partition(",")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@register.filter
def as_filter(field: BoundField) -> SafeString:
    """Will draw a field of a filter form: small, and a choice sends the form by itself."""
    attrs: dict[str, str | bool] = {"class": "form-control"}
    if isinstance(field.field.widget, Select | SelectMultiple):
        attrs = {"class": "form-select", "data-autosubmit": ""}
    elif isinstance(field.field.widget, CheckboxInput):
        attrs = {"class": "form-check-input", "data-autosubmit": ""}
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("ui/badge.html")
def badge(text: object, tone: str = "muted", icon: str = "") -> dict[str, object]:
    return {"text": text, "tone": tone, "icon": icon}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str, value: object, *, hint: str = "", url: str = "", icon: str = "", tone: str = ""
) -> dict[str, object]:
    value = f"{value:,}" if isinstance(value, int) else value
    return {"label": label, "value": value, "hint": hint, "url": url, "icon": icon, "tone": tone}


@register.inclusion_tag("ui/empty.html")
def empty_state(
    title: object, sentence: object = "", icon: str = "inbox", action: str = "", url: str = ""
) -> dict[str, object]:
    return {"title": title, "sentence": sentence, "icon": icon, "action": action, "url": url}


@register.inclusion_tag("ui/crumb.html")
def crumb(text: object, url: str = "") -> dict[str, object]:
    return {"text": text, "url": url}


@register.inclusion_tag("ui/tab_list.html")
def tab_list(label: str, *tabs: str) -> dict[str, object]:
    pairs = [tab.partition(":")[::2] for tab in tabs]
    return {"label": label, "tabs": [{"id": id_, "text": text} for id_, text in pairs]}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | Iterable[Any] | None) -> dict[str, object]:
    return {"problems": problems(*forms)}


@register.inclusion_tag("ui/menu_link.html", takes_context=True)
def menu_link(
    context: Context, view: str, text: str, *, icon: str = "", name: str = "", current: str = ""
) -> dict[str, object]:
    """Will link to a page of this operator's desk, or draw nothing where there is no such page."""
    url = _page_of_desk(context, view)
    return {"url": url, "text": text, "icon": icon, "current": bool(name) and name == current}


@register.inclusion_tag("ui/tab.html", takes_context=True)
def tab(
    context: Context, view: str, text: str, *, name: str, current: str = ""
) -> dict[str, object]:
    """Will draw a tab that is a page of its own, or nothing where there is no such page."""
    return {"url": _page_of_desk(context, view), "text": text, "current": name == current}


@register.inclusion_tag("ui/help_link.html", takes_context=True)
def help_link(context: Context) -> dict[str, object]:
    """Will link to the article on the page that is shown."""
    found = getattr(context.get("request"), "resolver_match", None)
    page = found.url_name if found else None
    return {"url": reverse("help:about", args=[page]) if page else reverse("help:index")}


def _page_of_desk(context: Context, view: str) -> str:
    staff = getattr(context.get("request"), "staff", None)
    try:
        return reverse(view, kwargs={"slug": staff.operator.slug} if staff else None)
    except NoReverseMatch:
        return ""


class Keep(Node):
    """Remembers what is drawn inside, under a name, for the rest of the template."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        drawn = self.nodelist.render(context).strip()
        context[self.name] = mark_safe(drawn)  # escaped already, by the template itself
        return mark_safe("")


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """``{% keep title %}{% block title %}{% endblock %}{% endkeep %}``, then ``{{ title }}``."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(nodelist, name)
