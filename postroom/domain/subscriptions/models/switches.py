"""A move to another plan or another length of term: the customer's own, or the operator's."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models.terms import Subscription

Q = models.Q


class SwitchTiming(models.TextChoices):
    """When a switch takes effect."""

    NOW = "now", "Now, prorated"
    NEXT_TERM = "next_term", "At the next renewal"


class SwitchState(models.TextChoices):
    """What became of a switch."""

    PENDING = "pending", "Waiting"
    DONE = "done", "Done"
    #: He chose something else, or took it back.
    REPLACED = "replaced", "Taken back"
    #: The plan was not sold for so many months when the term started.
    LAPSED = "lapsed", "No longer possible"


class Switch(TenantModel):
    """That a customer moves to a plan and a length of term, now or at a renewal.

    Their own choice; or, with ``moves_to``, the operator's: at the first renewal on or after
    ``not_before`` at which just that version is not worse for them or they are cleared for it.
    """

    subscription = Reference(Subscription)
    plan = Reference(Plan)
    months = models.PositiveSmallIntegerField()
    timing = models.CharField(max_length=9, choices=SwitchTiming)
    #: The local day on which it was entered.
    on = models.DateField()
    state = models.CharField(max_length=8, choices=SwitchState, default=SwitchState.PENDING)
    #: What was on sale when it took effect.
    version = Reference(PlanVersion, null=True)
    moves_to = Reference(PlanVersion, null=True)
    not_before = models.DateField(null=True)
    by = Reference("users.User", null=True)
    at = models.DateTimeField()
    #: The customer's own form, which counts once.
    entered_by_form = models.UUIDField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "switches"
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "entered_by_form"], name="switch_is_entered_once_by_a_form"
            ),
            models.UniqueConstraint(
                fields=["operator", "subscription"],
                condition=Q(state="pending"),
                name="subscription_has_one_pending_switch",
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 120)), name="switch_is_to_1_to_120_months"
            ),
            models.CheckConstraint(
                condition=Q(timing__in=SwitchTiming.values), name="switch_timing_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SwitchState.values), name="switch_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(moves_to__isnull=True, not_before__isnull=True)
                | Q(moves_to__isnull=False, not_before__isnull=False, timing="next_term"),
                name="operator_moves_somebody_at_a_renewal",
            ),
        ]
        indexes = [
            models.Index("operator", "subscription", name="switches_of_a_subscription"),
            models.Index(
                "operator",
                "moves_to",
                condition=Q(moves_to__isnull=False),
                name="switches_that_move_to_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.get_timing_display()}"
