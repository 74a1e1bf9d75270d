"""A change of a plan that reaches existing customers."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.notices.models import Announcement
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.models import Plan, PlanVersion

Q = models.Q


class ChangeKind(models.TextChoices):
    """What comes to the customers of a plan."""

    TERMS = "terms", "New terms"
    MOVE = "move", "Another plan"


class PlanChange(TenantModel):
    """That the customers of a plan get a version: of the plan itself, or of the one they move to.

    The version says from when, how and for whom; withdrawn, it comes to nobody any more.
    """

    kind = models.CharField(max_length=5, choices=ChangeKind)
    #: The plan whose customers it is about.
    plan = Reference(Plan)
    version = Reference(PlanVersion)
    #: What its customers are told.
    announcement = Reference(Announcement)
    #: From when it may reach them.
    existing_from = models.DateField()
    #: Counts the edits of one change, from 1; ``replaces`` is the one before the edit.
    revision = models.PositiveSmallIntegerField(default=1)
    replaces = Reference("self", null=True)
    #: The version that this takes back.
    reverses = Reference(PlanVersion, null=True)
    reason = models.CharField(max_length=300, blank=True)
    #: Whom it is for, as ``groups.Group`` packs it; empty is everybody.
    group = models.JSONField(default=dict)
    #: What was shown to who scheduled it: the fingerprint of its grounds, and the sums.
    fingerprint = models.CharField(max_length=40)
    shown = models.JSONField(default=dict)
    scheduled_by = Reference("users.User", null=True)
    scheduled_at = models.DateTimeField()
    #: Of a move, up to which subscription its switches are written; None once all are.
    written_to = models.BigIntegerField(null=True)
    #: The operator's day up to which those due were announced.
    announced_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = Reference("users.User", null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="plan_change_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["operator", "version"],
                condition=Q(kind=ChangeKind.TERMS),
                name="version_is_of_one_change",
            ),
            models.UniqueConstraint(
                fields=["operator", "announcement"], name="announcement_is_of_one_change"
            ),
            models.UniqueConstraint(fields=["operator", "replaces"], name="change_is_edited_once"),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revisions_start_at_one"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawn_change_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "plan", "-id"], name="changes_of_a_plan"),
            models.Index(
                "operator",
                "announced_on",
                condition=Q(withdrawn_at__isnull=True),
                name="changes_to_announce",
            ),
        ]

    def __str__(self) -> str:
        return f"Change of {self.plan}"

    @property
    def title(self) -> str:
        """What comes: “Silver, version 3”, or “Gold Legacy moves to Gold”."""
        if self.is_move:
            return f"{self.plan} moves to {self.version.plan}"
        return f"{self.plan}, version {self.version.number}"

    @property
    def is_move(self) -> bool:
        return self.kind == ChangeKind.MOVE
