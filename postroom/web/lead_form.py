"""“Get this plan”: the form that a visitor sends from a plan's page, whichever door shows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.plans.published import Offered, Place
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.leads import OfferChanged, leave_lead
from postroom.domain.subscriptions.models import LeadSource
from postroom.web.gate import ProofOfWork
from postroom.web.visitors import VisitorRequest


class LineField(forms.CharField):
    """A line of text without characters that cannot be stored."""

    def clean(self, value: Any) -> Any:
        try:
            return tidy(super().clean(value))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class LeadForm(forms.Form):
    """Who asks for a plan, for which location, and which version of it he saw."""

    location = forms.ChoiceField()
    name = LineField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    email = forms.EmailField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "This is not an e-mail address. Write it like name@example.com.",
        },
    )
    phone = LineField(
        max_length=40,
        required=False,
        label="Phone (optional)",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    message = forms.CharField(
        max_length=1000,
        required=False,
        label="Message (optional)",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.CharField(widget=forms.HiddenInput)
    form = forms.UUIDField(widget=forms.HiddenInput)
    #: What led to the page, if it was the operator's own site.
    came_from = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    altcha = ProofOfWork()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        offered: Offered,
        places: Sequence[Place],
        chosen: Place | None = None,
        came_from: str = "",
    ) -> None:
        self.offered = offered
        self.places = {place.slug: place for place in places}
        self.seen = data.get("version", "") if data is not None else ""
        first = {
            "version": offered.version_id,
            "form": uuid4(),
            "location": chosen and chosen.slug,
            "came_from": came_from,
        }
        super().__init__(_with_what_is_shown(data, offered), initial=first)
        if len(places) < 2:
            del self.fields["location"]
            return
        field = self.fields["location"]
        field.choices = [("", "Choose a location"), *((it.slug, it.name) for it in places)]  # type: ignore[attr-defined]
        field.error_messages = {
            "required": "Choose a location.",
            "invalid_choice": "This plan is not offered there. Choose a location.",
        }

    def clean(self) -> dict[str, Any]:
        """Will say that the plan changed whatever else is wrong, since the new terms are shown."""
        if not self.offered.is_still(self.seen):
            raise forms.ValidationError(str(OfferChanged()), code="offer_changed")
        return self.cleaned_data

    @property
    def place(self) -> Place | None:
        """Where the plan is wanted: what was chosen, or the only place there is."""
        slug = self.cleaned_data.get("location") or next(iter(self.places), "")
        return self.places.get(slug)


def send(request: VisitorRequest, form: LeadForm, source: Channel) -> bool:
    """Will send a form, or put on it why it could not be sent."""
    if request.turned_away:
        form.add_error(None, request.turned_away)
    if not form.is_valid():
        return False
    typed, place = form.cleaned_data, form.place
    try:
        leave_lead(
            request.host.id,
            plan_id=form.offered.id,
            version_id=form.offered.version_id,
            location_id=place.id if place else None,
            source=source,
            came_from=LeadSource.EMBED if typed["came_from"] == LeadSource.EMBED else None,
            name=typed["name"],
            email=typed["email"],
            phone=typed["phone"],
            message=typed["message"],
            form=typed["form"],
            at=request.at,
        )
    except Refused as refusal:
        form.add_error(refusal.field, str(refusal))
        return False
    return True


def _with_what_is_shown(data: QueryDict | None, offered: Offered) -> QueryDict | None:
    """Will keep what was typed beside the version that the page now shows, and a sound key."""
    if data is None:
        return None
    kept = data.copy()
    kept["version"] = str(offered.version_id)
    try:
        UUID(kept.get("form", ""))
    except ValueError:
        kept["form"] = str(uuid4())
    return kept
