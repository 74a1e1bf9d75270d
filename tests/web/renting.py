"""A house as of today with everything billed, and what its desk does to what somebody rents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from postroom.base.periods import local_day
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.previews import PreviewBill
from postroom.domain.billing.run import bill_due
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.models import Plan
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription, SwitchTiming, Term
from tests.web.desk_pages import Desk, page

GOLD = Terms({1: 1999, 12: 19900}, 0, 0, BRONZE.allowances, BRONZE.storage)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Today:
    """A house of now, whose customers are billed up to today."""

    house: House
    at: datetime
    on: date
    gold: Plan

    def rents(self, who: str = "ana") -> Subscription:
        """Will return what somebody rents, as it is now."""
        return Subscription.objects.select_related("operator", "plan", "mailbox__location").get(
            pk=self.house.subscriptions[who].pk
        )

    @property
    def acts(self) -> dict[str, Any]:
        """Who acts, and when."""
        return {"by": self.house.owner, "at": self.at, "on": self.on}

    def bill(self, on: date) -> None:
        bill_due(self.house.operator, on=on, at=self.at)

    def sell(self, name: str, terms: Terms, **words: Any) -> Plan:
        """Will put a plan on sale since long ago."""
        return create_plan(
            self.house.operator,
            words=Words(name=name, **words),
            terms=terms,
            by=self.house.owner,
            at=self.at,
            on=self.on - timedelta(days=900),
        )


def gold(today: Today, timing: SwitchTiming, months: int = 1) -> dict[str, str]:
    """Will return what chooses Gold on the page that switches."""
    return {"plan": f"{today.gold.pk}:{months}", "timing": timing.value}


def open_today(house: House) -> Today:
    """Will bill a house that was opened as of now. Works in its scope."""
    at = datetime.now(UTC)
    on = local_day(at, house.operator.time_zone)
    bill_due(house.operator, on=on, at=at)
    today = Today(house, at, on, house.bronze)
    return Today(house, at, on, today.sell("Gold", GOLD))


def look(desk: Desk, name: str, subscription: Subscription, **typed: Any) -> Any:
    """Will return the page that shows what would happen."""
    answer = desk.get(name, subscription.pk, **typed)
    page(answer)
    return answer


def say_yes(desk: Desk, name: str, subscription: Subscription, **typed: Any) -> Any:
    """Will look at what would happen and do it, as the page sends it. Returns what was shown."""
    shown = look(desk, name, subscription, **typed).context["preview"]
    answer = desk.post(name, subscription.pk, **typed, seen=shown.key)
    assert answer.status_code == 302, answer.status_code
    return shown


def bills_of(subscription: Subscription) -> list[Invoice]:
    return list(Invoice.objects.filter(subscription=subscription).order_by("number"))


def amounts(invoices: Iterable[Invoice]) -> list[tuple[date, list[int], int]]:
    """Will return what invoices come to: their dates, lines and totals."""
    return [
        (
            it.billed_on,
            list(it.lines.order_by("pk").values_list("amount_minor", flat=True)),
            it.total_minor,
        )
        for it in invoices
    ]


def shown_amounts(bills: Iterable[PreviewBill]) -> list[tuple[date, list[int], int]]:
    """Will return the same of bills that were shown."""
    return [
        (it.billed_on, [line.amount_minor for line in it.lines], it.total_minor) for it in bills
    ]


def terms_of(subscription: Subscription) -> list[Term]:
    """Will return all terms, which must follow each other without a gap."""
    terms = list(Term.objects.filter(subscription=subscription).order_by("seq"))
    assert [it.ends_on for it in terms[:-1]] == [it.starts_on for it in terms[1:]]
    return terms
