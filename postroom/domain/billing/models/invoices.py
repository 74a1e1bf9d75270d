"""Invoices and credit notes, in one series of numbers, frozen once issued."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.billing.models.charges import Charge
from postroom.domain.billing.models.runs import BillingRun
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import TenantModel
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Subscription, Switch, Term

F, Q = models.F, models.Q


class LineKind(models.TextChoices):
    """What a line is for."""

    RATE = "rate", "Rate"
    CREDIT = "credit", "Credit"
    EXTRA = "extra", "Extra"
    STORAGE = "storage", "Storage"
    SETUP = "setup", "Setup fee"
    DEPOSIT = "deposit", "Deposit"
    DEPOSIT_RETURN = "deposit_return", "Deposit returned"
    CHARGE = "charge", "Charge"
    ADJUSTMENT = "adjustment", "Adjustment"
    TAX = "tax", "Tax"


class NumberSeries(TenantModel):
    """The last number that an operator gave to an invoice or credit note."""

    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="operator_has_one_number_series")
        ]

    def __str__(self) -> str:
        return str(self.last_number)


class Invoice(TenantModel):
    """What a subscription owes for a billing date; below zero it is a credit note.

    ``total_minor`` is the sum of its lines. Tax that rates include is shown beside it, not added.
    """

    number = models.PositiveBigIntegerField()
    subscription = Reference(Subscription)
    customer = Reference(Customer)
    #: The date that its lines fell due on, whenever the run came to it.
    billed_on = models.DateField()
    #: The customer's switch that it was written for, at once.
    switch = Reference(Switch, null=True)
    #: The invoice that it was written by hand to put right.
    adjusts = Reference("self", null=True, related_name="adjusted_by")
    entered_by_form = models.UUIDField(null=True)
    entered_by = Reference("users.User", null=True)
    run = Reference(BillingRun, null=True)
    currency = models.CharField(max_length=3)
    #: What the customer was called.
    customer_name = models.CharField(max_length=120)
    #: Where they lived, a line each.
    customer_address = models.CharField(max_length=400, blank=True)
    subtotal_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    included_tax_minor = models.BigIntegerField(default=0)
    #: What the tax of the location was called.
    tax_name = models.CharField(max_length=40, blank=True)
    total_minor = models.BigIntegerField()
    #: What earlier credit notes paid of it when it was issued.
    credited_minor = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "number"], name="invoice_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["operator", "subscription", "billed_on"],
                condition=Q(switch__isnull=True, adjusts__isnull=True),
                name="subscription_has_one_invoice_a_billing_date",
            ),
            models.UniqueConstraint(
                fields=["operator", "switch"],
                condition=Q(switch__isnull=False),
                name="switch_has_one_invoice",
            ),
            models.UniqueConstraint(
                fields=["operator", "entered_by_form"],
                condition=Q(entered_by_form__isnull=False),
                name="adjustment_is_entered_once_by_a_form",
            ),
            models.CheckConstraint(
                condition=Q(
                    adjusts__isnull=True, entered_by_form__isnull=True, entered_by__isnull=True
                )
                | Q(
                    adjusts__isnull=False,
                    entered_by_form__isnull=False,
                    entered_by__isnull=False,
                    switch__isnull=True,
                    run__isnull=True,
                ),
                name="only_an_adjustment_is_entered_by_hand",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="invoice_numbers_start_at_one"),
            models.CheckConstraint(
                condition=Q(total_minor=F("subtotal_minor") + F("tax_minor")),
                name="invoice_total_is_lines_and_tax",
            ),
            models.CheckConstraint(
                condition=Q(credited_minor=0)
                | Q(credited_minor__gt=0, credited_minor__lte=F("total_minor")),
                name="invoice_takes_no_more_credit_than_it_owes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "-billed_on", "-number"], name="invoices_by_billing_date"
            ),
            models.Index(fields=["operator", "customer", "-number"], name="invoices_of_a_customer"),
            models.Index(
                "operator",
                "run",
                condition=Q(run__isnull=False),
                name="invoices_of_a_billing_run",
            ),
            models.Index(
                "operator",
                "adjusts",
                condition=Q(adjusts__isnull=False),
                name="adjustments_of_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"{'Credit note' if self.is_credit_note else 'Invoice'} {self.number}"

    @property
    def is_credit_note(self) -> bool:
        return self.total_minor < 0

    @property
    def due_minor(self) -> int:
        """What was left to pay when it was issued, in minor units."""
        return max(0, self.total_minor - self.credited_minor)


class InvoiceLine(TenantModel):
    """One amount on an invoice, with all that it was worked out from.

    ``days`` of ``whole_days`` is the share of ``rate_minor``. Of an extra, ``used_before`` and
    ``used`` are the month's count when its part began and within it; ``revision`` is above zero
    on a correction for usage that came late, which bills what is now owed less what was billed.
    """

    invoice = Reference(Invoice, related_name="lines")
    kind = models.CharField(max_length=14, choices=LineKind)
    #: The term that it is for; of an extra, the one that its part of the month begins in.
    term = Reference(Term, null=True)
    service = models.CharField(max_length=20, choices=Service, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    revision = models.PositiveSmallIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    version = Reference(PlanVersion, null=True)
    #: What the plan was called.
    plan_name = models.CharField(max_length=80, blank=True)
    rate_minor = models.BigIntegerField(null=True)
    days = models.PositiveIntegerField(null=True)
    whole_days = models.PositiveIntegerField(null=True)
    used_before = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(null=True)
    limit = models.PositiveIntegerField(null=True)
    over = models.PositiveIntegerField(null=True)
    extra_count = models.PositiveIntegerField(null=True)
    extra_fee_minor = models.BigIntegerField(null=True)
    #: What lines before it billed for the same, in minor units.
    billed_before_minor = models.BigIntegerField(default=0)
    charge = Reference(Charge, null=True)
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    tax_included = models.BooleanField(default=False)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "term", "kind", "service", "starts_on", "revision"],
                condition=Q(term__isnull=False),
                name="term_is_billed_once_for_a_kind_service_and_part",
            ),
            models.UniqueConstraint(
                fields=["operator", "charge"],
                condition=Q(charge__isnull=False),
                name="charge_is_billed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LineKind.values), name="invoice_line_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="invoice_line_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(term__isnull=False) | Q(kind__in=["charge", "adjustment", "tax"]),
                name="only_charges_adjustments_and_tax_have_no_term",
            ),
            models.CheckConstraint(
                condition=Q(kind="charge", charge__isnull=False)
                | (~Q(kind="charge") & Q(charge__isnull=True)),
                name="only_a_charge_line_has_a_charge",
            ),
        ]
        indexes = [models.Index("operator", "invoice", name="lines_of_an_invoice")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_minor}"
