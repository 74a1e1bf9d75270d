"""What stories of changes are told with: an operator who lives day by day, with a real mail server.

Days are written as ``26-06-10``. Each day at noon what is due is billed, then written, then mailed.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

from postroom.domain.billing.models import Invoice
from postroom.domain.customers.models import Customer
from postroom.domain.events.models import Event
from postroom.domain.notices.models import Envelope
from postroom.domain.plan_changes.announcing import announce_operator
from postroom.domain.plan_changes.asking import Asked, asked_of
from postroom.domain.plan_changes.grounds import grounds_of
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.models import Outcome, PlanChange, SheetRow
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plan_changes.stopping import propose_edit, withdraw
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription
from tests.mail_server import MailServer
from tests.rooms.billing_worlds import GOLD, Shop, day
from tests.rooms.mailing import Clock
from tests.rooms.noticing import deliver
from tests.yes import Anything

DAY, MOMENT = timedelta(days=1), timedelta(minutes=5)


@dataclass
class Life:
    """An operator, the mail server that takes their mails, and the day that it is."""

    shop: Shop
    server: MailServer
    plan: Plan
    today: date

    def joins(
        self, who: str, since: str, *, state: str = "TX", email: bool = True, **facts: Any
    ) -> Subscription:
        """Will let somebody move in, who lives in a state and has an address or none."""
        joined = self.shop.join(self.plan, since, who=who, **facts)
        address = f"{who.lower()}@customers.example" if email else ""
        found = Customer.objects.filter(pk=joined.customer_id)
        found.update(email=address, state=state, country="US")
        return joined

    def until(self, said: str) -> None:
        """Will live every day up to one, and that one."""
        while self.today < day(said):
            self.today += DAY
            self.live()

    def live(self) -> None:
        on = f"{self.today:%y-%m-%d}"
        assert not self.shop.run(on).set_aside
        announce_operator(self.shop.operator, clock=Clock(self.now - MOMENT))
        deliver(self.shop, on)

    def ask(self, rates: dict[int, int], **terms: Any) -> Draft:
        """Will hit Update with other rates, and perhaps other terms."""
        latest = latest_version(self.plan)
        new = replace(terms_of([latest])[latest.pk], rates=rates, **terms)
        return self.draft(new)

    def draft(self, new: Terms) -> Draft:
        number = latest_version(self.plan).number
        own = {"by": self.shop.by, "at": self.now}
        return keep_draft(self.plan, terms=new, changed_from=number, reason="Rent", **own)

    def yes(
        self,
        draft: Draft,
        existing_from: str,
        *,
        timing: Timing = Timing.NEXT_TERM,
        group: Group | None = None,
    ) -> PlanChange:
        """Will look at what the change does, and say yes to it."""
        asked = Asked(self.today, day(existing_from), timing, group)
        own = {"by": self.shop.by, "at": self.now, "on": self.today}
        sheet = preview(draft, asked, **own, anew=True)
        return schedule(draft, asked=asked, seen=sheet.fingerprint, sure=Anything(), **own)

    def raises(self, rate: int, existing_from: str, **facts: Any) -> PlanChange:
        """Will schedule another monthly rate for everybody."""
        return self.yes(self.ask({**GOLD.rates, 1: rate}), existing_from, **facts)

    def edits(self, change: PlanChange, rate: int, existing_from: str) -> PlanChange:
        draft = propose_edit(change, by=self.shop.by, at=self.now)
        new = terms_of([change.version])[change.version_id]
        again = keep_draft(
            self.plan,
            terms=replace(new, rates={**new.rates, 1: rate}),
            changed_from=draft.changed_from,
            reason="A slip",
            replaces=draft.replaces,
            by=self.shop.by,
            at=self.now,
        )
        return self.yes(again, existing_from)

    def withdraws(self, change: PlanChange, *, words: str = "") -> None:
        withdraw(change, reason="The rent stays", words=words, by=self.shop.by, at=self.now)

    @property
    def now(self) -> Any:
        return self.shop.at(f"{self.today:%y-%m-%d}")

    def outcome(self, change: PlanChange, who: Subscription) -> tuple[Outcome, str]:
        """Will look at a change under way: how it ends for somebody, and from which day."""
        change = PlanChange.objects.select_related("plan__operator", "version__plan").get(
            pk=change.pk
        )
        grounds = grounds_of(change, asked_of(change), on=self.today)
        sheet = work_out(grounds, by=None, at=self.now)
        row = SheetRow.objects.get(sheet=sheet, subscription_id=who.pk)
        return Outcome(row.outcome), f"{row.first_day:%y-%m-%d}" if row.first_day else ""

    def mails(self, who: str) -> list[EmailMessage]:
        return [it for it in self.server.mails if f"{who.lower()}@" in str(it["To"])]

    def titles(self, who: str) -> list[str]:
        return [str(it["Subject"]) for it in self.mails(who)]

    def envelopes(self, who: Subscription) -> list[Envelope]:
        return list(Envelope.objects.filter(customer=who.customer_id).order_by("pk"))


def billed(who: Subscription, since: str = "26-06-01") -> list[tuple[str, int]]:
    """Will return the day and the total of each bill from a day on."""
    found = Invoice.objects.filter(subscription=who, billed_on__gte=day(since)).order_by("number")
    return [(f"{it.billed_on:%y-%m-%d}", it.total_minor) for it in found]


def happened(who: Subscription) -> list[tuple[str, str]]:
    """Will return what the run wrote down of somebody's terms, and of which day."""
    found = Event.objects.filter(subject_id=who.pk, act__startswith="subscription.terms")
    return [(it.act, it.facts["on"]) for it in found.order_by("pk")]
