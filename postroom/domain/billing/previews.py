"""What an act would bill: done by the code that bills, read, and taken back by whoever asks."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import Max

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.queries import explained
from postroom.domain.subscriptions.models import Subscription


class ChangedSinceSeen(Refused):
    """Something has changed since you looked. Nothing was done: check again what happens."""


@dataclass(frozen=True)
class BillLine:
    """One amount, in minor units, with the sentence that explains it."""

    sentence: str
    amount_minor: int


@dataclass(frozen=True)
class PreviewBill:
    """An invoice as it would be written, or below zero a credit note; it has no number yet."""

    billed_on: date
    lines: tuple[BillLine, ...]
    total_minor: int
    #: Contained in the total, not added to it.
    included_tax_minor: int
    #: What open credit notes of the customer would pay of it.
    credited_minor: int
    #: Whether it is the bill of a switch, beside what was due in any case.
    by_switch: bool

    @property
    def is_credit_note(self) -> bool:
        return self.total_minor < 0

    @property
    def due_minor(self) -> int:
        return max(0, self.total_minor - self.credited_minor)


class Seen:
    """What somebody was shown before he said yes."""

    @property
    def key(self) -> str:
        """A short name for all that is shown: another one, and something else would happen."""
        return sha256(repr(self).encode()).hexdigest()[:20]


def last_number(subscription: Subscription) -> int:
    """Will return the number of a subscription's last invoice, or 0."""
    numbers = Invoice.objects.filter(subscription=subscription).aggregate(last=Max("number"))
    return numbers["last"] or 0


def bills_after(subscription: Subscription, number: int) -> tuple[PreviewBill, ...]:
    """Will return what was written for a subscription after an invoice's number."""
    written = (
        Invoice.objects.filter(subscription=subscription, number__gt=number)
        .select_related("subscription__mailbox__location")
        .order_by("number")
    )
    return tuple(
        PreviewBill(
            billed_on=it.billed_on,
            lines=tuple(
                BillLine(line.sentence, line.line.amount_minor)
                for line in explained(it, subscription.operator)
            ),
            total_minor=it.total_minor,
            included_tax_minor=it.included_tax_minor,
            credited_minor=it.credited_minor,
            by_switch=it.switch_id is not None,
        )
        for it in written
    )
