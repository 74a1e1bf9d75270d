"""What a location may have, and what the files of pictures may be."""

from django.db import models


class Feature(models.TextChoices):
    """What a location has for those who come by."""

    PARKING = "parking", "Parking"
    ACCESSIBLE = "accessible", "Step-free access"
    ALL_HOURS = "all_hours", "24-hour access"
    PARCEL_LOCKERS = "parcel_lockers", "Parcel lockers"
    NOTARY = "notary", "Notary"
    PRINTING = "printing", "Copying and printing"
    MEETING_ROOM = "meeting_room", "Meeting room"


class PhotoKind(models.TextChoices):
    """What a photo's file is."""

    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"


#: The largest file of a photo, in bytes.
LARGEST_PHOTO = 1_000_000


class LogoKind(models.TextChoices):
    """What a logo's file is."""

    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    SVG = "svg", "SVG"


#: The largest file of a logo, in bytes.
LARGEST_LOGO = 200_000
