from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import Location, TenantModel
from postroom.domain.plans.models import Plan, PlanVersion

Q = models.Q


class LeadSource(models.TextChoices):
    """Where somebody who asked for a plan came from."""

    SIGNUP = "signup", "Signup URL"
    LEAD_GEN = "lead_gen", "Lead-gen website"
    EMBED = "embed", "Operator’s own site"


class Lead(TenantModel):
    """Somebody who asked for a plan, with the version and the page he saw."""

    plan = Reference(Plan)
    version = Reference(PlanVersion)
    location = Reference(Location, null=True)
    source = models.CharField(max_length=20, choices=LeadSource)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    message = models.TextField(max_length=1000, blank=True)
    sent_by_form = models.UUIDField()
    at = models.DateTimeField()
    #: When somebody of the staff took care of it, and who.
    handled_at = models.DateTimeField(null=True)
    handled_by = Reference("users.User", null=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "sent_by_form"], name="lead_is_sent_once_by_a_form"
            ),
            models.CheckConstraint(
                condition=Q(source__in=LeadSource.values), name="lead_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="lead_is_handled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.plan}"
