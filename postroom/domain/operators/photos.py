"""A location's photos: which files may be one, what is to be seen, and in what order they come."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.base.typesetting import is_drawable
from postroom.domain.events.actions import record
from postroom.domain.operators.kinds import LARGEST_PHOTO, PhotoKind
from postroom.domain.operators.logos import JPEG, MOST_PIXELS, PNG, pixels_of
from postroom.domain.operators.models import Location, Photo
from postroom.domain.users.models import User

#: So many are shown of a location.
MOST_PHOTOS = 8


class PhotoTooLarge(Refused):
    """The photo is larger than 1 MB. Save it with fewer pixels."""

    field = "photo"


class PhotoOfUnknownKind(Refused):
    """The photo is neither a PNG nor a JPEG file."""

    field = "photo"


class PhotoDamaged(Refused):
    """The photo can't be shown: its file is damaged."""

    field = "photo"


class PhotoTooManyPixels(Refused):
    """The photo is {width:,} by {height:,} pixels; {most:,} a side are the most."""

    field = "photo"


class PhotoThereAlready(Refused):
    """This photo is shown already."""

    field = "photo"


class TooManyPhotos(Refused):
    """{most} photos are the most. Remove one first."""

    field = "photo"


class PhotoUnsaid(Refused):
    """Say what is to be seen, for those who don't see it."""

    field = "alt"


@transaction.atomic
def add_photo(location: Location, *, content: bytes, alt: str, by: User, at: datetime) -> Photo:
    """Will show a photo of a location, after those that there are.

    Raises PhotoUnsaid, TooManyPhotos, PhotoThereAlready, or why the file can't be shown.
    """
    if not tidy(alt):
        raise PhotoUnsaid()
    kind, (width, height) = _looked_at(content)
    # Held, so that two who add at once neither take one place nor go over the most.
    Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    there = Photo.objects.filter(location=location).count()
    if there >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    with refusing({"photo_is_shown_once_at_a_location": PhotoThereAlready()}), transaction.atomic():
        photo = Photo.objects.create(
            operator_id=location.operator_id,
            location=location,
            content=content,
            kind=kind,
            width=width,
            height=height,
            digest=sha256(content).hexdigest(),
            alt=tidy(alt),
            position=there + 1,
            added_at=at,
        )
    record("location.photo_added", location, by=by, at=at, facts={"alt": photo.alt})
    return photo


@transaction.atomic
def describe_photo(photo: Photo, *, alt: str, position: int, by: User, at: datetime) -> bool:
    """Will say what is to be seen on a photo, and move it to a position, others making room.

    Returns whether anything changed. Raises PhotoUnsaid.
    """
    if not tidy(alt):
        raise PhotoUnsaid()
    in_order = _held(photo)
    others = [it for it in in_order if it.pk != photo.pk]
    there = max(1, min(position, len(in_order)))
    photo = next(it for it in in_order if it.pk == photo.pk)
    changed = photo.alt != tidy(alt) or photo.position != there
    photo.alt = tidy(alt)
    _put([*others[: there - 1], photo, *others[there - 1 :]])
    if changed:
        record("location.photo_changed", photo.location, by=by, at=at, facts={"alt": photo.alt})
    return changed


@transaction.atomic
def remove_photo(photo: Photo, *, by: User, at: datetime) -> None:
    """Will show a photo no more; those behind it move up."""
    others = [it for it in _held(photo) if it.pk != photo.pk]
    record("location.photo_removed", photo.location, by=by, at=at, facts={"alt": photo.alt})
    photo.delete()
    _put(others)


def _looked_at(content: bytes) -> tuple[PhotoKind, tuple[int, int]]:
    """Will return what kind of file a photo is, and its size. Raises a refusal if it is none."""
    if len(content) > LARGEST_PHOTO:
        raise PhotoTooLarge()
    if not content.startswith((PNG, JPEG)):
        raise PhotoOfUnknownKind()
    kind = PhotoKind.PNG if content.startswith(PNG) else PhotoKind.JPEG
    size = pixels_of(content)
    if size is None or 0 in size:
        raise PhotoDamaged()
    if max(size) > MOST_PIXELS:
        raise PhotoTooManyPixels(width=size[0], height=size[1], most=MOST_PIXELS)
    if not is_drawable(content, kind):
        raise PhotoDamaged()
    return kind, size


def _held(photo: Photo) -> list[Photo]:
    """Will return the photos of a photo's location in order, nobody else arranging them."""
    Location.objects.select_for_update(of=("self",)).get(pk=photo.location_id)
    return list(
        Photo.objects.defer("content").select_related("location").filter(location=photo.location_id)
    )


def _put(in_order: list[Photo]) -> None:
    for position, photo in enumerate(in_order, start=1):
        photo.position = position
        photo.save(update_fields=["position", "alt"])
