"""The desk's page of what visitors see of a location: words, hours, features and photos."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from postroom.demo.cast import House
from postroom.domain.events.models import Event
from postroom.domain.operators.kinds import LARGEST_PHOTO
from postroom.domain.operators.models import Location, Photo
from tests.pictures import SHAPES, png
from tests.web.desk_pages import Desk, page

WORDS = {
    "description": "On the corner.\nRing twice.",
    "phone": "+1 718 555 0100",
    "features": ["notary", "parking"],
    "mo_opens": "09:00",
    "mo_closes": "17:30",
}


def here(house: House) -> Location:
    return Location.objects.get(pk=house.locations[0].pk)


def add(desk: Desk, content: bytes, alt: str = "The counter") -> Any:
    file = SimpleUploadedFile("it.png", content)
    return desk.post("photo_add", desk.house.locations[0].pk, photo=file, alt=alt)


def alts(house: House) -> list[str]:
    return [it.alt for it in Photo.objects.filter(location=house.locations[0])]


def test_words_hours_and_features_are_saved(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    place = here(in_harbor)
    assert desk.post("location_page", place.pk, **WORDS).status_code == 302
    place = here(in_harbor)
    assert place.hours == {"mo": ["09:00", "17:30"]}
    assert place.features == ["parking", "notary"]
    assert place.description == "On the corner.\nRing twice."
    text = desk.text("location_page", place.pk)
    assert 'value="17:30"' in text and "Ring twice." in text
    assert set(Event.objects.get(act="location.shown").facts) == {
        *("description", "phone", "hours", "features")
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"mo_closes": ""}, "Say for Monday when it opens and when it closes"),
        ({"mo_closes": "08:00"}, "On Monday it closes before it opens."),
        ({"mo_opens": "nine"}, "Write a time like 09:00."),
        ({"features": ["moat"]}, "moat is not one of the available choices"),
        ({"description": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_makes_no_sense_is_refused(
    in_harbor: House, typed: dict[str, Any], sentence: str
) -> None:
    desk = Desk(in_harbor)
    answer = desk.post("location_page", in_harbor.locations[0].pk, **WORDS | typed)
    text = page(answer, 422)
    assert sentence in text and "+1 718 555 0100" in text
    assert here(in_harbor).hours == {}


def test_photos_are_added_arranged_and_removed(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    for number, alt in enumerate(("The door", "The counter", "The boxes"), start=5):
        assert add(desk, png(number), alt).status_code == 302
    last = Photo.objects.get(alt="The boxes")
    assert (last.width, last.height, last.kind) == (7, 4, "png")
    assert desk.post("photo_change", last.pk, alt="Boxes", position=1).status_code == 302
    assert alts(in_harbor) == ["Boxes", "The door", "The counter"]
    door = Photo.objects.get(alt="The door")
    assert desk.post("photo_change", door.pk, remove="yes").status_code == 302
    assert [*Photo.objects.values_list("position", flat=True)] == [1, 2]
    assert desk.get("photo", last.pk).content == png(7)


@pytest.mark.parametrize(
    ("content", "alt", "sentence"),
    [
        (b"", "It", "neither a PNG nor a JPEG"),
        (SHAPES, "It", "neither a PNG nor a JPEG"),
        (png()[:40], "It", "its file is damaged"),
        (png(claims=(9000, 4)), "It", "9,000 by 4 pixels"),
        (png() + b"x" * LARGEST_PHOTO, "It", "larger than 1 MB"),
        (png(), " ", "Say what is to be seen"),
    ],
)
def test_a_bad_photo_is_refused(in_harbor: House, content: bytes, alt: str, sentence: str) -> None:
    assert sentence in page(add(Desk(in_harbor), content, alt), 422)
    assert not Photo.objects.exists()


def test_a_photo_is_shown_once_and_eight_are_the_most(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    add(desk, png(1))
    assert "This photo is shown already." in page(add(desk, png(1)), 422)
    for width in range(2, 9):
        assert add(desk, png(width)).status_code == 302
    assert "8 photos are the most." in page(add(desk, png(9)), 422)
    assert "Add photo" not in desk.text("location_page", in_harbor.locations[0].pk)


def test_a_refused_change_of_a_photo_keeps_what_was_typed(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    add(desk, png())
    photo = Photo.objects.get()
    text = page(desk.post("photo_change", photo.pk, alt="A new door", position="x"), 422)
    assert "A new door" in text and "Enter a whole number." in text
    assert alts(in_harbor) == ["The counter"]


def test_the_place_follows_the_postal_code_unless_given(in_harbor: House) -> None:
    desk, place = Desk(in_harbor), here(in_harbor)
    assert place.latitude is not None and round(place.latitude) == 41
    form = {it: getattr(place, it) for it in ("name", "street", "city", "state", "country")}
    form |= {
        "reserve_at_least": 10,
        "postal_code": "78701",
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
    assert desk.post("location_edit", place.pk, **form).status_code == 302
    assert round(here(in_harbor).latitude or 0) == 30
    form |= {"latitude": "30.5", "longitude": "-97.5"}
    assert desk.post("location_edit", place.pk, **form).status_code == 302
    assert (here(in_harbor).latitude, here(in_harbor).longitude) == (30.5, -97.5)
    for typed in ({"longitude": ""}, {"latitude": "91"}):
        assert desk.post("location_edit", place.pk, **form | typed).status_code == 422
