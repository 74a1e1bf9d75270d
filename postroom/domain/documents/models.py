"""That invoices go to customers by e-mail: one mail each, and every try to deliver it."""

from datetime import datetime

from django.db import models

from postroom.base.postman import Outcome
from postroom.base.rounds import CLAIM_HOLDS
from postroom.base.tenancy.keys import Reference
from postroom.domain.billing.models import Invoice
from postroom.domain.operators.models import TenantModel

Q = models.Q


class MailState(models.TextChoices):
    """How far a mail has come."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused"
    NO_ADDRESS = "no_address", "No address"


class Outbox(TenantModel):
    """Up to which number an operator's invoices have been put among its mails."""

    number = models.PositiveBigIntegerField()
    #: The instant of switching on that it counts from.
    since_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "outboxes"
        constraints = [models.UniqueConstraint(fields=["operator"], name="operator_has_one_outbox")]

    def __str__(self) -> str:
        return str(self.number)


class InvoiceMail(TenantModel):
    """That an invoice goes to its customer's e-mail address.

    Whoever sends it claims it first. Mailed again by hand it begins another round.
    """

    invoice = Reference(Invoice)
    state = models.CharField(max_length=10, choices=MailState)
    round = models.PositiveSmallIntegerField(default=1)
    #: The same in every try of a round, so that a mail that came twice is known as one.
    message_id = models.CharField(max_length=200)
    #: Who asked for this round; None is the timetable.
    asked_by = Reference("users.User", null=True)
    #: When this round began.
    since_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    #: Where the last try went, and what the mail server said to it.
    address = models.EmailField(blank=True)
    said = models.CharField(max_length=300, blank=True)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "invoice"], name="invoice_is_mailed_once"),
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="invoice_mail_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.WAITING, next_try_at__isnull=False)
                | (~Q(state=MailState.WAITING) & Q(next_try_at__isnull=True, claim__isnull=True)),
                name="invoice_mail_is_tried_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True, claimed_at__isnull=True)
                | Q(claim__isnull=False, claimed_at__isnull=False),
                name="invoice_mail_claim_has_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                "next_try_at",
                "id",
                condition=Q(state=MailState.WAITING),
                name="invoice_mails_that_wait",
            ),
            models.Index(fields=["operator", "state", "-id"], name="invoice_mails_by_state"),
        ]

    def __str__(self) -> str:
        return self.message_id

    def is_on_its_way(self, at: datetime) -> bool:
        """Will tell whether somebody is handing it over right now."""
        return self.claimed_at is not None and at - self.claimed_at <= CLAIM_HOLDS


class InvoiceDelivery(TenantModel):
    """One try to deliver an invoice's mail, and what the mail server said to it."""

    mail = Reference(InvoiceMail, related_name="deliveries")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    address = models.EmailField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    code = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "invoice deliveries"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="invoice_delivery_outcome_is_known"
            ),
        ]
        indexes = [models.Index(fields=["operator", "mail", "-id"], name="deliveries_of_a_mail")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.address}"
