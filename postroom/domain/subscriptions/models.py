from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.operators.models import Location, TenantModel
from postroom.domain.plans.models import Plan, PlanVersion

F, Q = models.F, models.Q


class Subscription(TenantModel):
    """A customer's mailbox on a plan, billed in terms of so many months."""

    customer = Reference(Customer)
    mailbox = Reference(Mailbox)
    plan = Reference(Plan)
    #: The version of his last opened term: what he has.
    version = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    billing_day = models.PositiveSmallIntegerField()
    #: When his next term is to be opened; work is found by it.
    next_term_on = models.DateField()
    #: The last day used.
    closes_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "id", "starts_on"], name="subscription_has_one_start"
            ),
            models.UniqueConstraint(
                fields=["operator", "mailbox"],
                condition=Q(closes_on__isnull=True),
                name="mailbox_has_one_open_subscription",
            ),
            models.CheckConstraint(
                condition=Q(billing_day__range=(1, 31)), name="billing_day_is_1_to_31"
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 120)), name="subscription_is_for_1_to_120_months"
            ),
            models.CheckConstraint(
                condition=Q(next_term_on__gt=F("starts_on")),
                name="next_term_is_after_the_start",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("starts_on")),
                name="subscription_closes_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                "next_term_on",
                "id",
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("next_term_on")),
                name="subscriptions_with_a_due_term",
            ),
            # Counts and values of a plan's customers are read from this index alone.
            models.Index(
                "operator",
                "plan",
                "version",
                "months",
                condition=Q(closes_on__isnull=True),
                name="open_subscriptions_of_a_plan",
            ),
            models.Index(
                fields=["operator", "customer"],
                include=["closes_on"],
                name="subscriptions_of_a_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} on {self.plan}"


class Basis(models.TextChoices):
    """Why a term holds the version that it holds."""

    JOINED = "joined", "Joined the plan"
    PAID_BEFORE = "paid_before", "Already paid when moving in"
    RENEWED = "renewed", "Renewed"
    OWN_ACT = "own_act", "The customer's own choice"


class Term(TenantModel):
    """A span of days under one version, tiling with the terms before and after it.

    ``whole_starts_on`` and ``whole_ends_on`` are the whole period that the rate is for: the
    denominator. Only ``ends_on`` may ever be changed, and only to an earlier day.
    """

    subscription = Reference(Subscription, related_name="terms")
    seq = models.PositiveIntegerField()
    version = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    whole_starts_on = models.DateField()
    whole_ends_on = models.DateField()
    basis = models.CharField(max_length=11, choices=Basis)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["subscription_id", "seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "subscription", "seq"],
                name="terms_of_a_subscription_are_numbered",
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="terms_start_at_one"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="term_is_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(whole_starts_on__lte=F("starts_on"), whole_ends_on__gte=F("ends_on")),
                name="term_lies_in_its_whole_period",
            ),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="term_basis_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"


class Means(models.TextChoices):
    """How a customer was told."""

    MAIL = "mail", "E-mail"
    LETTER = "letter", "Letter"
    PHONE = "phone", "Phone"
    IN_PERSON = "in_person", "In person"


class Clearance(TenantModel):
    """That a customer was validly told of a version, so that his terms may open under it.

    Holds for a term whose first day lies from ``first_day`` to ``last_day``; without a last day
    there is no upper limit.
    """

    subscription = Reference(Subscription)
    version = Reference(PlanVersion)
    told_on = models.DateField()
    means = models.CharField(max_length=9, choices=Means)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    told_by = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    recorded_by = Reference("users.User", null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index("operator", "subscription", name="clearances_of_a_subscription")]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="clearance_days_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=F("told_on")), name="clearance_starts_after_telling"
            ),
            models.CheckConstraint(
                condition=Q(means__in=Means.values), name="clearance_means_are_known"
            ),
            models.CheckConstraint(
                condition=~Q(told_by="") & ~Q(reason=""), name="clearance_says_by_whom_and_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Told on {self.told_on}"


class ClearanceVoid(TenantModel):
    """Ends a clearance: a late bounce, an edit, a withdrawal, or a slip in recording it."""

    clearance = Reference(Clearance)
    reason = models.CharField(max_length=300)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "clearance"], name="clearance_is_voided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clearance}, void"


class PriceLock(TenantModel):
    """No worse terms for a term that starts before ``until``; better ones pass."""

    subscription = Reference(Subscription)
    until = models.DateField()
    reason = models.CharField(max_length=300)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("operator", "subscription", name="price_locks_of_a_subscription")]

    def __str__(self) -> str:
        return f"Locked until {self.until}"


class Pin(TenantModel):
    """This version, whatever comes, until the customer switches himself."""

    subscription = Reference(Subscription)
    reason = models.CharField(max_length=300)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "subscription"], name="subscription_is_pinned_once"
            )
        ]

    def __str__(self) -> str:
        return "Pinned"


class Lead(TenantModel):
    """Somebody who asked for a plan, with the version and the page he saw."""

    plan = Reference(Plan)
    version = Reference(PlanVersion)
    location = Reference(Location, null=True)
    source = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    message = models.TextField(max_length=1000, blank=True)
    sent_by_form = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "sent_by_form"], name="lead_is_sent_once_by_a_form"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["signup", "lead_gen"]), name="lead_source_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.plan}"
