"""What a change does for each customer, worked out at one instant: scratch, to page and to sort."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.plan_changes.models.changes import PlanChange
from postroom.domain.plans.models import Plan

Q = models.Q


class Outcome(models.TextChoices):
    """How a change ends for a customer: never silence."""

    CHANGED = "changed", "Changed"
    JOINED = "joined", "Joined on these terms"
    LOCKED = "locked", "Kept by a price lock"
    PINNED = "pinned", "Kept by a pin"
    NOT_CHOSEN = "not_chosen", "Not in the chosen group"
    PAID_TERM = "paid_term", "In a paid term"
    NO_RATE = "no_rate", "Keeps old terms, no rate for their term"
    DEFERRED = "deferred", "Deferred, no valid notice"
    NO_LAWFUL_DAY = "no_lawful_day", "No lawful day"
    MOVED = "moved", "Moved to another plan"
    LEAVING = "leaving", "Leaving"
    UNDELIVERABLE = "undeliverable", "Undeliverable"


class Sheet(TenantModel):
    """A preview of a change, or a look at one that is under way. Thrown away after a day."""

    plan = Reference(Plan)
    #: None in a preview.
    change = Reference(PlanChange, null=True)
    by = Reference("users.User", null=True)
    #: What was asked: days, timing, group, as ``asking.Asked`` packs it.
    asked = models.JSONField()
    fingerprint = models.CharField(max_length=40)
    #: The operator's day, and the instant, of which it tells.
    on = models.DateField()
    at = models.DateTimeField()
    #: Its sums, as ``sums.Sums`` packs them.
    sums = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["operator", "plan", "-id"], name="sheets_of_a_plan"),
            models.Index("operator", "at", name="sheets_by_age"),
        ]

    def __str__(self) -> str:
        return f"What a change of {self.plan} does"


class SheetRow(TenantModel):
    """What a change does for one subscription. Amounts in minor units, with tax where it is added.

    Scratch: unlogged, and with no key to the subscription, since a hundred thousand are written
    while somebody waits.
    """

    sheet = Reference(Sheet)
    subscription_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    #: The version that they would have without the change.
    version_id = models.BigIntegerField()
    months = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=14, choices=Outcome)
    #: Whether it is worse for them, and so needs a notice.
    worse = models.BooleanField()
    #: The day on which it starts for them; None where it never does.
    first_day = models.DateField(null=True)
    #: When their notice goes out, and the last day on which it may.
    notice_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    #: Which of the sheet's places, for the rules that apply.
    place = models.PositiveSmallIntegerField(null=True)
    #: The end of what keeps it away: of a price lock, or the day of leaving.
    until = models.DateField(null=True)
    rate_before_minor = models.BigIntegerField()
    rate_after_minor = models.BigIntegerField(null=True)
    #: The bill of their first day, without the change and with it.
    bill_before_minor = models.BigIntegerField(null=True)
    bill_after_minor = models.BigIntegerField(null=True)
    #: What a month costs more, or less, on the average of their last ones rated again.
    month_change_minor = models.BigIntegerField(null=True)
    #: Of how many services their last months used more than the new allowance, not the old.
    above = models.PositiveSmallIntegerField(default=0)
    #: Of a change under way: their last notice's envelope, and when they were told.
    envelope_id = models.BigIntegerField(null=True)
    told_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "sheet", "subscription_id"], name="sheet_has_a_customer_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="outcome_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
