"""Settings: the table of plans for the operator's own site."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from postroom.domain.operators.models import Location
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk


class PlaceForm(forms.Form):
    """For which location."""

    location = forms.ChoiceField(required=False, label="Plans of")


@desk(May.RUN_HOUSE)
def your_site(request: DeskRequest) -> HttpResponse:
    """What to put on the operator's own site, and how it looks there."""
    places = dict(Location.objects.values_list("slug", "name"))
    form = PlaceForm(request.GET)
    form.fields["location"].choices = [("", "All locations"), *places.items()]  # type: ignore[attr-defined]
    form.is_valid()
    chosen = form.cleaned_data.get("location", "")
    path = reverse("embed:plans", args=[request.operator.slug])
    path += f"?location={chosen}" if chosen else ""
    snippet = format_html(
        '<iframe src="{}" title="Plans of {}" width="100%" height="1100" loading="lazy"></iframe>',
        settings.BASE_URL + path,
        request.operator.name,
    )
    context = {"form": form, "path": path, "snippet": str(snippet)}
    return render(request, "desk/house/your_site.html", context)
