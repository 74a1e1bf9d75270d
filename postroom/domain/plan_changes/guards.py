"""Slip guards: what looks typed by mistake is asked about once more, and never mended silently.

Of 21 price changes seen at real locations in 2024 (16.99 to 99.99 and 19.99 to 9.99 among them),
four would be asked about: twice the rate or more, or half of it or less. Nearer ones are ordinary.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from postroom.base.refusals import Refused
from postroom.domain.notices.windows import LEAST_DAYS
from postroom.domain.plans.models import Plan
from postroom.domain.plans.terms import Terms, is_worse
from postroom.domain.subscriptions.queries import open_on

#: A rate that grows or shrinks by so much looks like a slip of the keys.
TIMES = 2
#: Bills of so many days ahead are as good as out.
SOON = 3


@dataclass(frozen=True)
class RateSlip:
    """A rate that is twice the old one or more, or half of it or less. In minor units."""

    months: int
    old_minor: int
    new_minor: int

    @property
    def key(self) -> str:
        """What somebody says yes to: just these figures."""
        return f"rate-{self.months}-{self.old_minor}-{self.new_minor}"


@dataclass(frozen=True)
class TooSoonSlip:
    """Worse terms from so near a day on that nobody who renews until ``until`` can be told."""

    customers: int
    existing_from: date
    until: date

    @property
    def key(self) -> str:
        return f"soon-{self.existing_from}-{self.customers}"


Slip = RateSlip | TooSoonSlip


class LooksLikeASlip(Refused):
    """This looks like a slip. Please check what is marked, and say that it is right."""

    def __init__(self, slips: list[Slip]) -> None:
        """Will keep what has to be said yes to."""
        super().__init__()
        self.slips = slips


def rate_slips(old: Terms, new: Terms) -> list[Slip]:
    """Will return the rates that look mistyped, the shortest term first."""
    return [
        RateSlip(months, old.rates[months], minor)
        for months, minor in sorted(new.rates.items())
        if months in old.rates and _is_far(old.rates[months], minor)
    ]


def too_soon_slips(
    plan: Plan, old: Terms, new: Terms, *, existing_from: date, on: date
) -> list[Slip]:
    """Will return whether customers renew before anybody can be told of worse terms in time."""
    until = on + timedelta(days=LEAST_DAYS)
    months = {*old.rates} & {*new.rates}
    if existing_from >= until or not any(is_worse(old, new, it) for it in months):
        return []
    renewing = open_on(existing_from).filter(
        plan=plan, months__in=months, next_term_on__gte=existing_from, next_term_on__lt=until
    )
    customers = renewing.count()
    return [TooSoonSlip(customers, existing_from, until)] if customers else []


def billed_soon(plan: Plan, *, existing_from: date, on: date) -> int:
    """Will count who is billed so soon that nobody could mend a slip before their bill."""
    until = on + timedelta(days=SOON)
    if existing_from > until:
        return 0
    soon = open_on(existing_from).filter(plan=plan, next_bill_on__range=(existing_from, until))
    return soon.count()


def none_is_public() -> bool:
    """Will tell whether no plan is shown to anybody new any more.

    It is said, and not asked: the way by hand hides the old plan before it shows the copy.
    """
    return not Plan.objects.filter(Q(signup=True) | Q(lead_gen=True)).exists()


def refuse_slips(slips: Iterable[Slip], sure: Collection[str]) -> None:
    """Will raise LooksLikeASlip for what nobody has said yes to, by its key."""
    asked = [it for it in slips if it.key not in sure]
    if asked:
        raise LooksLikeASlip(asked)


def _is_far(old_minor: int, new_minor: int) -> bool:
    return old_minor != new_minor and (
        new_minor >= TIMES * old_minor or TIMES * new_minor <= old_minor
    )
