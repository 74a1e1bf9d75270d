"""What became of an envelope: a log that is only ever added to."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.notices.models.notices import Envelope
from postroom.domain.operators.models import TenantModel

Q = models.Q


class DeliveryKind(models.TextChoices):
    """What happened to an envelope."""

    ACCEPTED = "accepted", "Accepted by the mail server"
    PUT_OFF = "put_off", "Put off by the mail server"
    REFUSED = "refused", "Refused by the mail server"
    #: It came back after it had been accepted.
    BOUNCED = "bounced", "Came back"
    POSTED = "posted", "Posted as a letter"
    TOLD = "told", "Told by phone or in person"
    #: It will not be sent, or counts no more.
    VOIDED = "voided", "Made void"


class Delivery(TenantModel):
    """One thing that happened to an envelope: a try, a bounce, a letter posted."""

    envelope = Reference(Envelope, related_name="deliveries")
    kind = models.CharField(max_length=8, choices=DeliveryKind)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    #: The local day that counts, where it is not that of the instant: of posting, of a call.
    on = models.DateField()
    address = models.CharField(max_length=254, blank=True)
    code = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=300, blank=True)
    #: Who recorded it; None is the timetable.
    by = Reference("users.User", null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DeliveryKind.values), name="delivery_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["operator", "envelope", "-id"], name="deliveries_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.address}"
