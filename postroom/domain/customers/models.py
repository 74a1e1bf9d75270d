from django.db import models
from django.db.models.functions import Lower

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import Location, TenantModel

Q = models.Q


class Kind(models.TextChoices):
    PERSON = "person", "Person"
    COMPANY = "company", "Company"


class Standing(models.TextChoices):
    """Whether somebody may rent: who signs up online is pending until staff decide."""

    PENDING = "pending", "Pending"
    ACTIVE = "active", "Active"
    REFUSED = "refused", "Refused"


class Customer(TenantModel):
    """A person or company that rents mailboxes; also called renter."""

    standing = models.CharField(
        max_length=7, choices=Standing, default=Standing.ACTIVE, db_default=Standing.ACTIVE
    )
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=40, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, default="US")
    notes = models.TextField(max_length=4000, blank=True)
    #: What they are called where they came from; blank unless they were imported.
    external_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField(default=1)
    made_by_form = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="customer_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="customer_standing_is_known"
            ),
            models.UniqueConstraint(
                fields=["operator", "made_by_form"], name="customer_is_made_once_by_a_form"
            ),
            models.UniqueConstraint(
                fields=["operator", "external_id"],
                condition=~Q(external_id=""),
                name="customer_external_id_is_unique_for_its_operator",
            ),
        ]
        indexes = [models.Index("operator", "name", "id", name="customers_by_name")]

    def __str__(self) -> str:
        return self.name


class Recipient(TenantModel):
    """Somebody who gets mail at a customer's address beside them: an authorized recipient."""

    customer = Reference(Customer)
    name = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="recipient_has_a_name"),
            models.UniqueConstraint(
                "operator", "customer", Lower("name"), name="recipient_is_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MailboxState(models.TextChoices):
    """Available is for staff to give out, reserved for signing up online."""

    AVAILABLE = "available", "Available"
    RESERVED = "reserved", "Reserved"
    PENDING = "pending", "Pending"
    ASSIGNED = "assigned", "Assigned"
    QUARANTINED = "quarantined", "Quarantined"


class Mailbox(TenantModel):
    """A number at a location where mail is received."""

    location = Reference(Location)
    number = models.CharField(max_length=12)
    #: Pads whole numbers, so that mailboxes sort as people count.
    sort_key = models.GeneratedField(
        expression=models.functions.LPad("number", 12, models.Value("0")),
        output_field=models.CharField(max_length=12),
        db_persist=True,
    )
    state = models.CharField(max_length=11, choices=MailboxState, default=MailboxState.AVAILABLE)
    #: From this day on it may be given to somebody else: until then mail still comes for who left.
    quarantined_until = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "mailboxes"
        ordering = ["location_id", "sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "location", "number"],
                name="mailbox_number_is_unique_at_its_location",
            ),
            models.CheckConstraint(
                condition=Q(state__in=MailboxState.values), name="mailbox_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="quarantined", quarantined_until__isnull=False)
                | (~Q(state="quarantined") & Q(quarantined_until__isnull=True)),
                name="quarantined_mailbox_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[A-Z0-9-]{1,12}$"), name="mailbox_number_is_plain"
            ),
        ]
        indexes = [
            models.Index("operator", "state", "location", "sort_key", name="mailboxes_by_state"),
            models.Index("operator", "location", "sort_key", name="mailboxes_by_number"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"
