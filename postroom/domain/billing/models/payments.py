"""What customers pay and are paid back, recorded by hand, and what it is put towards."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.billing.models.invoices import Invoice
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import TenantModel

Q = models.Q


class Method(models.TextChoices):
    """How money changes hands."""

    CASH = "cash", "Cash"
    CHECK = "check", "Check"
    TRANSFER = "transfer", "Transfer"


class Payment(TenantModel):
    """Money received from a customer; below zero a refund, or a payment that is taken back.

    Never edited: a payment that bounced or was typed wrong is taken back by another one.
    """

    customer = Reference(Customer)
    method = models.CharField(max_length=8, choices=Method)
    amount_minor = models.BigIntegerField()
    #: The local day on which the money changed hands.
    on = models.DateField()
    #: What stands on the check or the bank's statement.
    reference = models.CharField(max_length=60, blank=True)
    takes_back = Reference("self", null=True, related_name="taken_back_by")
    #: Why it was paid back or taken back.
    reason = models.CharField(max_length=200, blank=True)
    entered_by_form = models.UUIDField()
    entered_by = Reference("users.User")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "entered_by_form"], name="payment_is_entered_once_by_a_form"
            ),
            models.UniqueConstraint(
                fields=["operator", "takes_back"],
                condition=Q(takes_back__isnull=False),
                name="payment_is_taken_back_once",
            ),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="payment_method_is_known"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="payment_is_not_nothing"),
            models.CheckConstraint(
                condition=Q(takes_back__isnull=True) | Q(amount_minor__lt=0),
                name="payment_is_taken_back_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) | ~Q(reason=""),
                name="payment_below_zero_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-on", "-id"], name="payments_by_day"),
            models.Index(fields=["operator", "customer", "-on"], name="payments_of_a_customer"),
        ]

    def __str__(self) -> str:
        if self.takes_back_id:
            return "Payment taken back"
        return "Refund" if self.amount_minor < 0 else "Payment"

    @property
    def is_refund(self) -> bool:
        return self.amount_minor < 0 and self.takes_back_id is None


class Allocation(TenantModel):
    """So much of a credit note or payment, put towards an invoice, or towards money paid back.

    Below zero it takes back what was put there before. Each one moves what is left of both.
    """

    credit_note = Reference(Invoice, null=True, related_name="gave")
    payment = Reference(Payment, null=True, related_name="gave")
    invoice = Reference(Invoice, null=True, related_name="took")
    paid_back = Reference(Payment, null=True, related_name="took")
    amount_minor = models.BigIntegerField()
    on = models.DateField()
    at = models.DateTimeField()
    #: Put there by the run that issued the invoice, and so printed on it.
    at_issue = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_note__isnull=True, payment__isnull=False)
                | Q(credit_note__isnull=False, payment__isnull=True),
                name="allocation_is_of_a_credit_note_or_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True, paid_back__isnull=False)
                | Q(invoice__isnull=False, paid_back__isnull=True),
                name="allocation_is_to_an_invoice_or_a_refund",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="allocation_is_not_nothing"),
            models.UniqueConstraint(
                fields=["operator", "credit_note", "invoice"],
                condition=Q(at_issue=True),
                name="credit_note_pays_an_invoice_once_at_issue",
            ),
        ]
        indexes = [
            models.Index(
                "operator",
                given,
                condition=Q(**{f"{given}__isnull": False}),
                name=f"allocations_{name}",
            )
            for given, name in [
                ("credit_note", "of_a_credit_note"),
                ("payment", "of_a_payment"),
                ("invoice", "to_an_invoice"),
                ("paid_back", "to_money_paid_back"),
            ]
        ]

    def __str__(self) -> str:
        return str(self.amount_minor)
