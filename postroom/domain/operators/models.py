from django.contrib.postgres.fields import ArrayField
from django.core.validators import validate_slug
from django.db import models
from django.db.models.functions import Lower
from django.db.models.lookups import LessThanOrEqual

from postroom.base import money
from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.kinds import (
    LARGEST_LOGO,
    LARGEST_PHOTO,
    Feature,
    LogoKind,
    PhotoKind,
)
from postroom.domain.operators.permissions import May, Role, allows


class Operator(models.Model):
    """A business that rents street-address mailboxes: the tenant."""

    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=40, validators=[validate_slug])
    currency = models.CharField(max_length=3, default="USD")
    locale = models.CharField(max_length=12, default="en_US")
    time_zone = models.CharField(max_length=60, default="America/New_York")
    service_email = models.EmailField(
        "service address", blank=True, help_text="Gets a copy of every notice to a customer."
    )
    opened_at = models.DateTimeField()
    #: Invoices issued from this instant on are mailed; without it none are.
    mails_invoices_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="operator_slug_is_unique"),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9-]+$"), name="operator_slug_is_plain"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="operator_currency_is_iso",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def operator_id(self) -> int:
        """An operator is its own tenant, so that acts on it are recorded like any other."""
        return self.pk

    def show(self, minor: int) -> str:
        """Will write an amount of minor units in this operator's currency and format."""
        return money.show(minor, self.currency, self.locale)


class TenantModel(models.Model):
    """A row that belongs to one operator, under forced row-level security."""

    operator = Reference(Operator)

    class Meta:
        abstract = True


class Location(TenantModel):
    """A street address where mail arrives, with a calendar of its own."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, db_index=False)
    street = models.CharField(max_length=160)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=40)
    postal_code = models.CharField(max_length=12)
    country = models.CharField(max_length=2, default="US")
    time_zone = models.CharField(max_length=60)
    listed = models.BooleanField("on the lead-gen website", default=True)
    #: How many numbers are to be kept for online signup; zero says that it does not matter.
    reserve_at_least = models.PositiveSmallIntegerField(default=10)
    #: In degrees; found from a US postal code where nobody gave them.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    #: When it is open, on its own clock: ``{"mo": ["09:00", "17:00"]}``; see ``hours.py``.
    hours = models.JSONField(default=dict, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    features = ArrayField(
        models.CharField(max_length=20, choices=Feature), default=list, blank=True
    )
    #: What customers here are taxed; without one, no tax is set.
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    tax_included = models.BooleanField("rates include the tax", default=False)
    #: What the tax is called on an invoice.
    tax_name = models.CharField(max_length=40, default="Sales tax")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tax_percent__isnull=True)
                | models.Q(tax_percent__gte=0, tax_percent__lte=100),
                name="location_tax_is_0_to_100_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(reserve_at_least__lte=10_000),
                name="location_reserves_10000_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__isnull=False,
                    longitude__range=(-180, 180),
                ),
                name="location_lies_on_the_globe",
            ),
            models.CheckConstraint(
                condition=models.Q(features__contained_by=Feature.values),
                name="location_has_known_features",
            ),
            models.UniqueConstraint(
                fields=["operator", "slug"], name="location_slug_is_unique_for_its_operator"
            ),
            models.UniqueConstraint(
                "operator", Lower("name"), name="location_name_is_unique_for_its_operator"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Photo(TenantModel):
    """A picture of a location for its public page. Its content never changes."""

    location = Reference(Location)
    content = models.BinaryField()
    kind = models.CharField(max_length=4, choices=PhotoKind)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    #: Of the content, in hexadecimal digits.
    digest = models.CharField(max_length=64)
    #: What is to be seen, for those who don't see it.
    alt = models.CharField(max_length=160)
    #: From 1 on, in the order in which they are shown.
    position = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "location", "digest"], name="photo_is_shown_once_at_a_location"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=PhotoKind.values), name="photo_is_a_png_or_a_jpeg"
            ),
            models.CheckConstraint(condition=~models.Q(alt=""), name="photo_says_what_it_shows"),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    models.Func(
                        "content", function="octet_length", output_field=models.IntegerField()
                    ),
                    LARGEST_PHOTO,
                ),
                name="photo_is_of_1_mb_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.alt


class Staff(TenantModel):
    """A person's place at an operator."""

    user = Reference("users.User")
    role = models.CharField(max_length=10, choices=Role)
    since_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "staff"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "user"], name="person_is_staff_of_an_operator_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="staff_role_is_known"
            ),
        ]
        indexes = [models.Index("user", name="staff_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"

    @property
    def sees_money(self) -> bool:
        """Whether plans, rates and bills may be shown to this person."""
        return allows(self.role, May.SEE_MONEY)

    @property
    def runs_customers(self) -> bool:
        """Whether this person may add customers, one by one or from a file."""
        return allows(self.role, May.RUN_CUSTOMERS)

    @property
    def runs_house(self) -> bool:
        """Whether staff, locations and the operator itself are this person's to change."""
        return allows(self.role, May.RUN_HOUSE)


#: The longest that anybody is given to pay.
MOST_DAYS_TO_PAY = 365


class Letterhead(TenantModel):
    """What stands on an operator's documents from an instant on, until the next one.

    Never edited: an invoice keeps the one that was in force when it was issued.
    """

    name = models.CharField(max_length=120)
    #: A line each.
    address = models.CharField(max_length=400, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=120, blank=True)
    #: Of names and buttons in mails and on pages for customers; without one, the house's own.
    color = models.CharField(max_length=7, blank=True)
    logo = models.BinaryField(null=True)
    logo_kind = models.CharField(max_length=4, choices=LogoKind, blank=True)
    how_to_pay = models.CharField(max_length=1000, blank=True)
    #: From the billing date on; 0 is on receipt.
    days_to_pay = models.PositiveSmallIntegerField(default=14)
    since_at = models.DateTimeField()
    #: The key of the form that entered it: sent twice, it is one.
    entered_by_form = models.UUIDField()
    entered_by = Reference("users.User", null=True)

    class Meta:
        ordering = ["-since_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "entered_by_form"], name="letterhead_is_entered_once_by_a_form"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="letterhead_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(color__regex=r"^(#[0-9a-f]{6})?$"),
                name="letterhead_has_a_color_in_six_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(days_to_pay__lte=MOST_DAYS_TO_PAY),
                name="letterhead_gives_a_year_to_pay_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True, logo_kind="")
                | models.Q(logo__isnull=False, logo_kind__in=LogoKind.values),
                name="letterhead_knows_the_kind_of_its_logo",
            ),
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True)
                | LessThanOrEqual(  # type: ignore[arg-type]  # which can be combined with a Q
                    models.Func(
                        "logo", function="octet_length", output_field=models.IntegerField()
                    ),
                    LARGEST_LOGO,
                ),
                name="letterhead_has_a_logo_of_200_kb_at_most",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-since_at", "-id"], name="letterheads_by_instant")
        ]

    def __str__(self) -> str:
        return self.name
