"""A subscription and the terms that tile its life."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.operators.models import TenantModel
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
    next_term_on = models.DateField()
    #: The last day used.
    closes_on = models.DateField(null=True, blank=True)
    #: The running month of allowances, whose extras are not billed yet.
    month_starts_on = models.DateField()
    month_ends_on = models.DateField()
    #: When there is something to bill: work is found by it. Without one, there never will be.
    next_bill_on = models.DateField(null=True)
    #: The number of the last term that was billed.
    billed_seq = models.PositiveIntegerField(default=0)
    #: The earliest day of usage that came to light after its month was billed.
    late_from = models.DateField(null=True)
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
                # On the start itself where he switches on his first day.
                condition=Q(next_term_on__gte=F("starts_on")),
                name="next_term_is_not_before_the_start",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("starts_on")),
                name="subscription_closes_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(month_ends_on__gt=F("month_starts_on")),
                name="running_month_is_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(next_bill_on__isnull=False) | Q(closes_on__isnull=False),
                name="open_subscription_has_a_next_bill",
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                "next_bill_on",
                "id",
                condition=Q(next_bill_on__isnull=False),
                name="subscriptions_due_for_billing",
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
            # Those who left or leave later, in the mailbox that they had.
            models.Index(
                "operator",
                "mailbox",
                condition=Q(closes_on__isnull=False),
                name="ended_subscriptions_of_mailbox",
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
    ON_DATE = "on_date", "Continued from the date of a version"
    MOVED = "moved", "Moved by the operator"


class Term(TenantModel):
    """A span of days under one version, tiling with the terms before and after it.

    ``whole_starts_on`` and ``whole_ends_on`` are the whole period that the rate is for: the
    denominator. Only ``ends_on`` may ever be changed, and only to an earlier day.
    """

    subscription = Reference(Subscription, related_name="terms")
    seq = models.PositiveIntegerField()
    version = Reference(PlanVersion)
    months = models.PositiveSmallIntegerField()
    #: The anchor of its dates and of the months of allowances within it.
    billing_day = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    whole_starts_on = models.DateField()
    whole_ends_on = models.DateField()
    basis = models.CharField(max_length=11, choices=Basis)
    #: The switch that opened it.
    switch = Reference("subscriptions.Switch", null=True)
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
                # Empty where he switched away on its first day.
                condition=Q(ends_on__gte=F("starts_on")),
                name="term_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(billing_day__range=(1, 31)), name="term_billing_day_is_1_to_31"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["own_act", "moved"]) | Q(switch__isnull=True),
                name="only_a_switch_brings_its_term",
            ),
            models.CheckConstraint(
                condition=Q(whole_starts_on__lte=F("starts_on"), whole_ends_on__gte=F("ends_on")),
                name="term_lies_in_its_whole_period",
            ),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="term_basis_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"
