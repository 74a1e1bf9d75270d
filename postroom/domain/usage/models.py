from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Subscription

Q = models.Q

#: The most that one entry counts, and the most that it counts after its corrections.
LARGEST = 1_000_000
KEY_LENGTH = 100
REASON_LENGTH = 300

#: What entries are about. Storage is not used but lasts: the mail that lies there tells its days.
METERED = tuple(service for service in Service if service != Service.STORAGE)


class UsageEntry(TenantModel):
    """That so much of a service was used on a day, or a correction of such an entry.

    Recipients are a level: an entry sets the number held from its day on, and may be zero. A
    correction's quantity is what it adds to or takes from the entry that it corrects.
    """

    #: What the sender calls the entry: sent again with the same body, it still counts once.
    key = models.CharField(max_length=KEY_LENGTH)
    #: A digest of what was sent under the key, to tell it from something else.
    body = models.UUIDField()
    subscription = Reference(Subscription)
    service = models.CharField(max_length=20, choices=Service)
    quantity = models.IntegerField()
    #: The day in the calendar of the subscription's location.
    on = models.DateField()
    #: The instant, where it is known.
    happened_at = models.DateTimeField(null=True)
    corrects = Reference("self", null=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    recorded_at = models.DateTimeField()
    #: Nobody, where a program did.
    recorded_by = Reference("users.User", null=True)

    class Meta:
        verbose_name_plural = "usage entries"
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="usage_entry_counts_once"),
            models.CheckConstraint(condition=~Q(key=""), name="usage_entry_has_a_key"),
            models.CheckConstraint(
                condition=Q(service__in=METERED), name="usage_is_of_a_metered_service"
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=False, quantity__range=(-LARGEST, LARGEST))
                & ~Q(quantity=0)
                | Q(corrects__isnull=True, quantity__range=(1, LARGEST))
                | Q(corrects__isnull=True, service=Service.RECIPIENTS, quantity=0),
                name="usage_quantity_is_sound",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="usage_correction_says_why",
            ),
        ]
        indexes = [
            # Read alone, without the table, by pages and by billing.
            models.Index(
                fields=["operator", "subscription", "service", "on"],
                include=["quantity"],
                name="used_of_an_allowance",
            ),
            # A level needs to know which entry a correction belongs to; a count does not.
            models.Index(
                fields=["operator", "subscription", "on"],
                include=["id", "corrects", "quantity", "happened_at"],
                condition=Q(service=Service.RECIPIENTS),
                name="recipients_of_a_subscription",
            ),
            models.Index(
                fields=["operator", "corrects"],
                include=["quantity"],
                condition=Q(corrects__isnull=False),
                name="corrections_of_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_service_display()} on {self.on}"
