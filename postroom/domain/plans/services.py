"""The words of an allowance: what is metered, how it is offered, and how storage is charged."""

from django.db.models import TextChoices


class Service(TextChoices):
    """What a plan may allow. Scanned pages are the second meter of open & scan."""

    INCOMING_MAIL = "incoming_mail", "Incoming mail items"
    OPEN_AND_SCAN = "open_and_scan", "Open & scan"
    SCANNED_PAGES = "scanned_pages", "Scanned pages"
    FORWARD = "forward", "Forward"
    CHECK_DEPOSIT = "check_deposit", "Check deposit"
    PICKUP = "pickup", "Pickup"
    RECYCLE = "recycle", "Recycle"
    SHRED = "shred", "Shred"
    RECIPIENTS = "recipients", "Authorized recipients"
    STORAGE = "storage", "Storage"


#: The services that are counted; storage has rules by type of mail instead.
COUNTED = [service for service in Service if service != Service.STORAGE]


class Offer(TextChoices):
    NOT_OFFERED = "not_offered", "Not offered"
    RESTRICTED = "restricted", "Restricted"
    UNLIMITED = "unlimited", "Unlimited"


class MailType(TextChoices):
    LETTER = "letter", "Letter"
    PACKAGE = "package", "Package"


class Per(TextChoices):
    """The unit of time that a storage fee is for."""

    DAY = "day", "day"
    WEEK = "week", "week"
    MONTH = "month", "month"


class Timing(TextChoices):
    """When a new version reaches a customer who is already on the plan."""

    NEXT_TERM = "next_term", "At each customer's own next renewal"
    ON_DATE = "on_date", "On the date, prorated"


class Channel(TextChoices):
    """Where a plan may be seen. Without any it is retired: those on it stay and are billed."""

    INTERNAL = "internal", "Internal"
    SIGNUP = "signup", "Signup URL, new and existing customers"
    LEAD_GEN = "lead_gen", "Lead-gen website"
