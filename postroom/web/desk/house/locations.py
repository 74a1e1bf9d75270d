"""Settings: locations."""

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox
from postroom.domain.operators.actions import add_location, change_location
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.permissions import May
from postroom.domain.operators.taxing import set_tax
from postroom.ui.paging import arrange
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.house.forms import LocationForm, TaxForm, facts_of
from postroom.web.desk.templatetags.desk_words import percent
from postroom.web.refusing import refuse


class LocationFilter(forms.Form):
    """Search above the list."""

    q = forms.CharField(required=False, max_length=80, label="Search")

    def words(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("q", "")).strip()


class LocationTable(tables.Table):  # type: ignore[misc]
    name = tables.Column()
    address = tables.Column("Address", accessor="street", orderable=False)
    time_zone = tables.Column()
    mailboxes = tables.Column(attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    tax_percent = tables.Column("Tax", empty_values=())
    listed = tables.Column("Lead-gen website")

    class Meta:
        empty_text = "No locations match"

    caption = "Locations"
    empty_icon = "map-pin"

    def __init__(self, *args: object, operator: Operator, **kwargs: object) -> None:
        self.operator = operator
        super().__init__(*args, order_by="name", **kwargs)

    def render_name(self, record: Location) -> SafeString:
        url = reverse("desk:location_edit", args=[self.operator.slug, record.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, record.name)

    def render_address(self, record: Location) -> str:
        return f"{record.street}, {record.city}, {record.state} {record.postal_code}"

    def render_mailboxes(self, value: int) -> str:
        return f"{value:,}"

    def render_tax_percent(self, record: Location) -> str:
        if record.tax_percent is None:
            return "Not set"
        shown = percent(record.tax_percent, self.operator)
        return f"{shown}, included" if record.tax_included else shown

    def render_listed(self, value: bool) -> str:
        return "Listed" if value else "Not listed"


@desk(May.RUN_HOUSE)
def locations(request: DeskRequest) -> HttpResponse:
    """Every street address where mail arrives."""
    form = LocationFilter(request.GET)
    counted = (
        Mailbox.objects.filter(location=OuterRef("pk"))
        .order_by()
        .values("location")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = Location.objects.annotate(mailboxes=Coalesce(Subquery(counted), 0))
    words = form.words()
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(city__icontains=words) | Q(street__icontains=words)
        )
    table = LocationTable(found, operator=request.operator)
    arrange(request, table, per_page=25)
    context = {
        "table": table,
        "form": form,
        "any_locations": bool(words) or Location.objects.exists(),
    }
    return render(request, "desk/house/locations.html", context)


#: How the form of a location starts that is not there yet.
AS_NEW = {"country": "US", "listed": True, "reserve_at_least": 10}


@desk(May.RUN_HOUSE)
def new(request: DeskRequest) -> HttpResponse:
    """A location that is not there yet."""
    form = LocationForm(request.POST or None, initial=AS_NEW)
    if form.is_valid():
        try:
            location = add_location(
                request.operator, **form.cleaned_data, by=request.user, at=request.at
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{location.name} is added. Next: make its mailboxes.")
            return redirect("desk:settings_locations", request.operator.slug)
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/location.html", {"form": form}, status=status)


@desk(May.RUN_HOUSE)
def edit(request: DeskRequest, location_id: int) -> HttpResponse:
    """A location's name, address, calendar and listing."""
    location = get_object_or_404(Location, pk=location_id)
    form = LocationForm(request.POST or None, initial=facts_of(location))
    if form.is_valid():
        try:
            changes = change_location(location, **form.cleaned_data, by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Saved." if changes else "Nothing was changed.")
            return redirect("desk:settings_locations", request.operator.slug)
    context = {"form": form, "location": location}
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/location.html", context, status=status)


@desk(May.RUN_HOUSE)
def tax(request: DeskRequest, location_id: int) -> HttpResponse:
    """What is billed here is taxed."""
    location = get_object_or_404(Location, pk=location_id)
    form = TaxForm(request.POST or None, location=location, operator=request.operator)
    if form.is_valid():
        try:
            changes = set_tax(location, **form.cleaned_data, by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            said = _taxed(request, location) if changes else "Nothing was changed."
            messages.success(request, said)
            return redirect("desk:location_edit", request.operator.slug, location.pk)
    context = {"form": form, "location": location}
    status = 422 if form.is_bound else 200
    return render(request, "desk/house/location_tax.html", context, status=status)


def _taxed(request: DeskRequest, location: Location) -> str:
    location.refresh_from_db()
    if location.tax_percent is None:
        return "No tax is set from now on."
    how = "included in the amounts" if location.tax_included else "added to the amounts"
    return (
        f"{location.tax_name} of {percent(location.tax_percent, request.operator)} is {how}"
        " of what is billed from now on."
    )
