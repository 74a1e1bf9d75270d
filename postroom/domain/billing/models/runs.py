"""The billing run as people see it: how far it is, what it wrote, what it set aside."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.subscriptions.models import Subscription

Q = models.Q


class RunState(models.TextChoices):
    """How a run stands."""

    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"
    FINISHED = "finished", "Finished"


class BillingRun(TenantModel):
    """The billing of everything due by a day, or the dry run of it, which writes nothing.

    Its counts are written in the transaction of the page that they count, so they are exact
    wherever it was killed.
    """

    on = models.DateField()
    dry = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=RunState, default=RunState.RUNNING)
    #: How many subscriptions were due when it was started.
    due = models.PositiveIntegerField(default=0)
    billed = models.PositiveIntegerField(default=0)
    invoices = models.PositiveIntegerField(default=0)
    credit_notes = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    #: What a dry run found odd, as plain facts.
    findings = models.JSONField(default=list)
    started_by = Reference("users.User", null=True)
    started_at = models.DateTimeField()
    #: When it last wrote a page.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "on"],
                condition=Q(dry=False),
                name="operator_has_one_billing_run_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="billing_run_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="finished_billing_run_says_when",
            ),
        ]
        indexes = [models.Index(fields=["operator", "-id"], name="billing_runs_of_an_operator")]

    def __str__(self) -> str:
        return f"{'Dry run' if self.dry else 'Billing run'} of {self.on}"


class SetAside(TenantModel):
    """A subscription that a run could not bill, and why; the others went on without it."""

    run = Reference(BillingRun)
    subscription = Reference(Subscription)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "run", "subscription"],
                name="run_sets_a_subscription_aside_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="set_aside_says_why"),
        ]

    def __str__(self) -> str:
        return self.reason
