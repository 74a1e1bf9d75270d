from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import Location, TenantModel
from postroom.domain.plans.models import Plan, PlanVersion

Q = models.Q


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
