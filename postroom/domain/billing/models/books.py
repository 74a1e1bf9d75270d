"""The books: what is left of each document, and its amounts on the accounts."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.billing.models.invoices import Invoice
from postroom.domain.billing.models.payments import Payment
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import TenantModel

F, Q = models.F, models.Q

OF_ONE_DOCUMENT = Q(invoice__isnull=True, payment__isnull=False) | Q(
    invoice__isnull=False, payment__isnull=True
)


class OpenItem(TenantModel):
    """What is left of an invoice, credit note, payment or refund.

    Above zero the customer owes it, below zero it is in their favour. Allocations move it, by a
    trigger, and nothing else.
    """

    customer = Reference(Customer)
    invoice = Reference(Invoice, null=True, related_name="item")
    payment = Reference(Payment, null=True, related_name="item")
    #: The day from which it counts: the billing date, or when the money changed hands.
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=OF_ONE_DOCUMENT, name="open_item_is_of_an_invoice_or_a_payment"
            ),
            models.UniqueConstraint(
                fields=["operator", "invoice"],
                condition=Q(invoice__isnull=False),
                name="invoice_has_one_open_item",
            ),
            models.UniqueConstraint(
                fields=["operator", "payment"],
                condition=Q(payment__isnull=False),
                name="payment_has_one_open_item",
            ),
            models.CheckConstraint(
                condition=Q(left_minor__gte=0, left_minor__lte=F("amount_minor"))
                | Q(left_minor__lte=0, left_minor__gte=F("amount_minor")),
                name="open_item_lies_between_nothing_and_its_amount",
            ),
        ]
        indexes = [
            # Only what is open: however much was ever paid, this stays as small as what is not.
            models.Index(
                "operator",
                "customer",
                "on",
                include=["left_minor"],
                condition=~Q(left_minor=0),
                name="open_items_of_a_customer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.left_minor)


class Account(models.TextChoices):
    """Where a posting stands."""

    RECEIVABLE = "receivable", "Receivable"
    REVENUE = "revenue", "Revenue"
    TAX = "tax", "Tax owed"
    DEPOSITS = "deposits", "Deposits held"
    CASH = "cash", "Cash"
    CHECK = "check", "Checks"
    TRANSFER = "transfer", "Bank"


class Posting(TenantModel):
    """A document's amount on an account: debits above zero, credits below; together nothing."""

    invoice = Reference(Invoice, null=True)
    payment = Reference(Payment, null=True)
    account = models.CharField(max_length=10, choices=Account)
    on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=OF_ONE_DOCUMENT, name="posting_is_of_an_invoice_or_a_payment"
            ),
            models.CheckConstraint(
                condition=Q(account__in=Account.values), name="posting_account_is_known"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_is_not_nothing"),
            models.UniqueConstraint(
                fields=["operator", "invoice", "account"],
                condition=Q(invoice__isnull=False),
                name="invoice_is_posted_once_to_an_account",
            ),
            models.UniqueConstraint(
                fields=["operator", "payment", "account"],
                condition=Q(payment__isnull=False),
                name="payment_is_posted_once_to_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.amount_minor}"
