"""What protects a customer: being told, price locks, pins."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.models.terms import Subscription

F, Q = models.F, models.Q


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


class Chosen(TenantModel):
    """That a version which is for chosen customers alone is for this one."""

    version = Reference(PlanVersion)
    subscription = Reference(Subscription)

    class Meta:
        verbose_name_plural = "chosen"
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "subscription", "version"], name="customer_is_chosen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} is for them"


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
