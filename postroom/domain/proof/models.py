"""The proof of an operator's books: how far each one came, and what it found to differ."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import TenantModel
from postroom.domain.subscriptions.models import Subscription

Q = models.Q


class Check(models.TextChoices):
    """What a proof looks at, in its order."""

    LINES = "lines", "Lines"
    TOTALS = "totals", "Totals"
    TAXES = "taxes", "Taxes"
    CHARGES = "charges", "Charges by hand"
    POSTINGS = "postings", "Postings"
    OPEN_ITEMS = "open_items", "Open items"
    ACCOUNTS = "accounts", "Customers' accounts"
    NUMBERS = "numbers", "Numbers"
    TERMS = "terms", "Terms"
    FAITH = "faith", "Faith"


class Kind(models.TextChoices):
    """In what something differs."""

    AMOUNT = "amount", "Wrong amount"
    FIGURE = "figure", "Wrong figure"
    MISSING = "missing", "Missing line"
    NOT_OWED = "not_owed", "Line that is not owed"
    TOTAL = "total", "Wrong total"
    TAX = "tax", "Wrong tax"
    CHARGE = "charge", "Wrong charge"
    POSTING = "posting", "Wrong posting"
    OPEN_ITEM = "open_item", "Wrong open item"
    ACCOUNT = "account", "Account that does not add up"
    NUMBER = "number", "Wrong number"
    GAP = "gap", "Gap in terms"
    OVERLAP = "overlap", "Overlap of terms"
    PERIOD = "period", "Wrong period"
    CURSOR = "cursor", "Wrong next bill"
    UNTOLD = "untold", "Worse terms untold"


class Proof(TenantModel):
    """One look at everything that an operator has stored, page by page.

    Its counts are written with the place that it has come to, so a proof that was killed goes on
    from there and counts nothing twice.
    """

    #: The operator's local day on which it was begun.
    on = models.DateField()
    #: What it looks at now, and the last row there that it has seen; nothing once it is finished.
    check_name = models.CharField(max_length=10, choices=Check, blank=True)
    after = models.BigIntegerField(default=0)
    #: How many rows each check has looked at.
    looked_at = models.JSONField(default=dict)
    invoices = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveBigIntegerField(default=0)
    terms = models.PositiveBigIntegerField(default=0)
    #: Invoices, credit notes and payments in the books.
    documents = models.PositiveBigIntegerField(default=0)
    #: Months whose usage came late, and which the next bill corrects.
    waiting = models.PositiveBigIntegerField(default=0)
    #: How many were found; the first of them are kept.
    differences = models.PositiveBigIntegerField(default=0)
    #: Nobody, where the timetable did.
    started_by = Reference("users.User", null=True)
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=Q(finished_at__isnull=True),
                name="operator_has_one_proof_under_way",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, check_name__in=Check.values)
                | Q(finished_at__isnull=False, check_name=""),
                name="proof_under_way_is_at_a_check",
            ),
        ]

    def __str__(self) -> str:
        return f"Proof of {self.on}"


class Difference(TenantModel):
    """Something stored that is not what it should be."""

    proof = Reference(Proof)
    check_name = models.CharField(max_length=10, choices=Check)
    kind = models.CharField(max_length=10, choices=Kind)
    #: What it is about, where it is about one of these.
    invoice = Reference(Invoice, null=True)
    payment = Reference(Payment, null=True)
    subscription = Reference(Subscription, null=True)
    sentence = models.CharField(max_length=400)
    stored = models.CharField(max_length=400, blank=True)
    right = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(check_name__in=Check.values), name="difference_check_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="difference_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="difference_says_what"),
        ]
        indexes = [models.Index(fields=["operator", "proof", "id"], name="differences_of_a_proof")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def customer(self) -> Customer | None:
        """Whose it is, where it is anybody's."""
        whose = self.subscription or self.payment
        return whose.customer if whose else None
