"""What staff charge by hand."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.subscriptions.models import Subscription

Q = models.Q


class Charge(TenantModel):
    """Something charged by hand: it goes on the customer's next invoice."""

    subscription = Reference(Subscription)
    text = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    taxable = models.BooleanField(default=True)
    #: The local day on which it was entered.
    on = models.DateField()
    #: The key of the form that entered it: sent twice, it charges once.
    entered_by_form = models.UUIDField()
    entered_by = Reference("users.User", null=True)
    entered_at = models.DateTimeField()
    #: The billing date of the invoice that it is on.
    billed_on = models.DateField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "entered_by_form"], name="charge_is_entered_once_by_a_form"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="charge_says_what_for"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="charge_is_above_zero"),
            models.CheckConstraint(
                condition=Q(billed_on__isnull=True) | Q(taken_back_at__isnull=True),
                name="charge_is_billed_or_taken_back",
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                "subscription",
                condition=Q(billed_on__isnull=True, taken_back_at__isnull=True),
                name="charges_to_be_billed",
            )
        ]

    def __str__(self) -> str:
        return self.text
