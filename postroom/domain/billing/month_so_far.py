"""What the extras of a month come to so far, by its parts, as the run will bill them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from postroom.base.periods import Period
from postroom.base.sql import rows
from postroom.domain.billing.rating import Part, Span, parts_of
from postroom.domain.billing.run import SQL
from postroom.domain.plans.models import ServiceAllowance
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import NOT_OFFERED, Allowance
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.usage.allowances import Position
from postroom.domain.usage.queries import facts_of, positions


@dataclass(frozen=True)
class MonthSoFar:
    """How a month stands: each service under the allowance of the day, and its extras by part."""

    positions: list[Position]
    #: Only of services whose allowance changed within the month, in time order.
    parts: Mapping[Service, list[Part]]

    @property
    def extras_minor(self) -> int:
        """What the extras cost so far, in minor units."""
        whole = sum(it.extra_minor for it in self.positions if it.service not in self.parts)
        return whole + sum(it.amount_minor for parts in self.parts.values() for it in parts)


def month_so_far(subscription: Subscription, month: Period, *, on: date) -> MonthSoFar:
    """Will return how a month stands on a local day of it.

    Where the plan changed within the month, each part has its own allowance. Recipients are judged
    by the highest number of the month under the allowance of the day.
    """
    standing = positions(subscription, on=on)
    terms = Term.objects.filter(
        subscription=subscription, starts_on__lte=on, ends_on__gt=month.starts_on
    ).order_by("seq")
    held = [it for it in terms if it.starts_on < it.ends_on]
    if len({it.version_id for it in held}) < 2:
        return MonthSoFar(standing, {})
    spans, used = _spans(held, month), _used_by_day(subscription, month)
    parts = {service: parts_of(its, used[service]) for service, its in spans.items()}
    return MonthSoFar(standing, {service: its for service, its in parts.items() if len(its) > 1})


def _spans(terms: list[Term], month: Period) -> dict[Service, list[Span]]:
    """Will return the days of each term within the month, under its allowances."""
    allowances: dict[tuple[int, str], Allowance] = {
        (it.version_id, it.service): Allowance(
            Offer(it.offer), it.limit, it.extra_count, it.extra_fee_minor
        )
        for it in ServiceAllowance.objects.filter(version__in={it.version_id for it in terms})
    }
    services = {Service(service) for _, service in allowances} - {Service.RECIPIENTS}
    return {
        service: [
            Span(
                max(it.starts_on, month.starts_on),
                min(it.ends_on, month.ends_on),
                allowances.get((it.version_id, service), NOT_OFFERED),
            )
            for it in terms
        ]
        for service in sorted(services)
    }


def _used_by_day(subscription: Subscription, month: Period) -> dict[str, dict[date, int]]:
    used: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows(SQL / "used_by_day.sql", facts_of(subscription, month)):
        used[row["service"]][row["on"]] = int(row["used"])
    return used
