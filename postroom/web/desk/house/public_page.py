"""Settings: what a location's public page shows: its words, hours, features and photos."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.operators.hours import DAYS, written
from postroom.domain.operators.kinds import LARGEST_PHOTO, Feature
from postroom.domain.operators.models import Location, Photo
from postroom.domain.operators.permissions import May
from postroom.domain.operators.photos import (
    MOST_PHOTOS,
    PhotoTooLarge,
    add_photo,
    describe_photo,
    remove_photo,
)
from postroom.domain.operators.showing import show_location
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.refusing import refuse


class ShowForm(forms.Form):
    """The words, hours and features of a location."""

    description = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    phone = forms.CharField(required=False, max_length=40)
    features = forms.MultipleChoiceField(
        required=False, choices=Feature.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, location: Location) -> None:
        super().__init__(data)
        self.initial = {
            "description": location.description,
            "phone": location.phone,
            "features": location.features,
        }
        for day, name in DAYS.items():
            for number, what in enumerate(("opens", "closes")):
                field = forms.TimeField(
                    required=False,
                    label=f"{name}, {what}",
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                    error_messages={"invalid": "Write a time like 09:00."},
                )
                self.fields[f"{day}_{what}"] = field
                self.initial[f"{day}_{what}"] = location.hours.get(day, [None, None])[number]

    @property
    def days(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each day's name with its two fields."""
        return [(name, self[f"{day}_opens"], self[f"{day}_closes"]) for day, name in DAYS.items()]

    def facts(self) -> dict[str, Any]:
        """Will return what was typed as the act takes it. Raises HoursHalf or HoursBackwards."""
        typed = self.cleaned_data
        spans = {it: (typed[f"{it}_opens"], typed[f"{it}_closes"]) for it in DAYS}
        return {
            "description": typed["description"],
            "phone": typed["phone"],
            "features": [Feature(it) for it in typed["features"]],
            "hours": written(spans),
        }


class PhotoForm(forms.Form):
    """A photo to be added."""

    photo = forms.FileField(
        allow_empty_file=True,  # refused by its content, in our words
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text="PNG or JPEG, at most 1 MB.",
        error_messages={"required": "Choose a photo."},
    )
    alt = forms.CharField(
        max_length=160,
        label="What is to be seen",
        help_text="For those who don't see it: The counter with the mailboxes behind it.",
        error_messages={"required": "Say what is to be seen, for those who don't see it."},
    )

    def clean_photo(self) -> bytes:
        file: UploadedFile[Any] = self.cleaned_data["photo"]
        if (file.size or 0) > LARGEST_PHOTO:
            raise forms.ValidationError(str(PhotoTooLarge()))
        content: bytes = file.read()
        return content


class OrderForm(forms.Form):
    """What is said of a photo that is there, and where it stands."""

    alt = forms.CharField(max_length=160, label="What is to be seen")
    position = forms.IntegerField(min_value=1, max_value=MOST_PHOTOS)


@desk(May.RUN_HOUSE)
def public_page(request: DeskRequest, location_id: int) -> HttpResponse:
    """What visitors read of a location."""
    location = get_object_or_404(Location, pk=location_id)
    form = ShowForm(request.POST or None, location=location)
    if form.is_valid():
        try:
            changes = show_location(location, **form.facts(), by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Saved." if changes else "Nothing was changed.")
            return redirect("desk:location_page", request.operator.slug, location.pk)
    return _show(request, location, form, PhotoForm())


@require_POST
@desk(May.RUN_HOUSE)
def photo_add(request: DeskRequest, location_id: int) -> HttpResponse:
    """One more photo of a location."""
    location = get_object_or_404(Location, pk=location_id)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            add_photo(
                location,
                content=typed["photo"],
                alt=typed["alt"],
                by=request.user,
                at=request.at,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The photo is on the location's page.")
            return redirect("desk:location_page", request.operator.slug, location.pk)
    return _show(request, location, ShowForm(location=location), form)


@require_POST
@desk(May.RUN_HOUSE)
def photo_change(request: DeskRequest, photo_id: int) -> HttpResponse:
    """Says something else of a photo, moves it, or takes it away."""
    photo = get_object_or_404(Photo.objects.select_related("location"), pk=photo_id)
    acting: Any = {"by": request.user, "at": request.at}
    form = OrderForm(request.POST)
    if "remove" in request.POST:
        remove_photo(photo, **acting)
        messages.success(request, "The photo is removed.")
    elif not form.is_valid():
        page = ShowForm(location=photo.location)
        return _show(request, photo.location, page, PhotoForm(), changing=(photo.pk, form))
    else:
        try:
            changed = describe_photo(photo, **form.cleaned_data, **acting)
        except Refused as refusal:
            refuse(form, refusal)
            page = ShowForm(location=photo.location)
            return _show(request, photo.location, page, PhotoForm(), changing=(photo.pk, form))
        messages.success(request, "Saved." if changed else "Nothing was changed.")
    return redirect("desk:location_page", request.operator.slug, photo.location_id)


@desk(May.RUN_HOUSE)
def photo(request: DeskRequest, photo_id: int) -> HttpResponse:
    """A photo's picture, also of a location that is not listed."""
    found = get_object_or_404(Photo, pk=photo_id)
    return HttpResponse(bytes(found.content), content_type=f"image/{found.kind}")


def _show(
    request: DeskRequest,
    location: Location,
    form: ShowForm,
    adding: PhotoForm,
    *,
    changing: tuple[int, OrderForm] | None = None,
) -> HttpResponse:
    photos = list(Photo.objects.defer("content").filter(location=location))
    typed = dict([changing] if changing else [])
    forms_of = {it: typed.get(it.pk, OrderForm(initial=vars(it))) for it in photos}
    context = {
        "location": location,
        "form": form,
        "adding": adding,
        "changing": changing[1] if changing else None,
        "photos": list(forms_of.items()),
        "most": MOST_PHOTOS,
    }
    status = 422 if form.is_bound or adding.is_bound or changing else 200
    return render(request, "desk/house/location_page.html", context, status=status)
