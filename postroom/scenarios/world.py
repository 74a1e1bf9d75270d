"""The world of a scenario, made by the same acts as everybody's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Kind, Mailbox, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.actions import NOTICE_DAYS, assign
from postroom.domain.subscriptions.models import Clearance, Means, Subscription
from postroom.domain.subscriptions.protecting import lock, pin
from postroom.scenarios.comparing import Refusal
from postroom.scenarios.examples import Customer, Notice, Scenario, Version

REASON = "Said by the scenario"


@dataclass(frozen=True)
class Diary:
    """What could not be done."""

    refused: list[Refusal] = field(default_factory=list)
    #: The id of an entry of usage, and why it was not counted.
    usage_refused: list[tuple[str, str]] = field(default_factory=list)
    #: Subscriptions that could not be billed, by what the scenario calls them.
    set_aside: dict[str, Refusal] = field(default_factory=dict)


@dataclass
class World:
    """An operator with one location, and what the scenario has put there so far."""

    scenario: Scenario
    operator: Operator
    location: Location
    mailboxes: Mapping[str, Mailbox]
    plans: dict[str, Plan] = field(default_factory=dict)
    versions: dict[tuple[int, int], PlanVersion] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    diary: Diary = field(default_factory=Diary)

    def noon(self, on: date) -> datetime:
        """Will return an instant of a local day."""
        return datetime.combine(on, time(12), ZoneInfo(self.scenario.time_zone))

    def key_of(self, subscription_id: int) -> str:
        """Will return what the scenario calls a subscription."""
        return next(key for key, it in self.subscriptions.items() if it.pk == subscription_id)

    def open(self, key: str) -> None:
        """Will open a subscription and protect it, or note why that is refused."""
        given = self.scenario.customers[key]
        try:
            with transaction.atomic():
                self._open(key, given, self.noon(given.starts_on))
        except Refused as refusal:
            self.diary.refused.append(Refusal(key, given.starts_on, str(refusal)))

    def _open(self, key: str, given: Customer, at: datetime) -> None:
        customer = add_customer(
            self.operator, details=Details(Kind.PERSON, f"Customer {key}"[:120]), by=None, at=at
        )
        subscription = assign(
            customer,
            mailbox=self.mailboxes[key],
            plan=self.plans[given.plan],
            months=given.months,
            starts_on=given.starts_on,
            billing_day=given.billing_day,
            by=None,
            at=at,
        )
        if given.price_lock_until:
            lock(subscription, until=given.price_lock_until, reason=REASON, by=None, at=at)
        if given.pinned_version:
            pin(subscription, reason=REASON, by=None, at=at)
        self.subscriptions[key] = subscription

    def tell_of_everything(self, key: str) -> None:
        """Will note that a customer knew from the start of every version that may reach him."""
        starts_on = self.scenario.customers[key].starts_on
        Clearance.objects.bulk_create(
            self._clearance(key, version, told_on=starts_on, holds_from=starts_on)
            for version in self.versions.values()
            if version.existing_from is not None
        )

    def tell(self, notice: Notice) -> None:
        """Will note that a customer was told of a version of the plan that he is on.

        Where that plan has no such version, of the first that he may be on and that has.
        """
        key = notice.subscription
        plan = Subscription.objects.get(pk=self.subscriptions[key].pk).plan_id
        his = [plan, *(self.plans[it].pk for it in self.scenario.customers[key].plans)]
        version = next(it for pk in his if (it := self.versions.get((pk, notice.version))))
        holds_from = notice.accepted_on + timedelta(days=NOTICE_DAYS)
        clearance = self._clearance(key, version, told_on=notice.accepted_on, holds_from=holds_from)
        clearance.save(force_insert=True)

    def _clearance(
        self, key: str, version: PlanVersion, *, told_on: date, holds_from: date
    ) -> Clearance:
        return Clearance(
            operator=self.operator,
            subscription=self.subscriptions[key],
            version=version,
            told_on=told_on,
            means=Means.MAIL,
            first_day=holds_from,
            told_by=REASON,
            reason=REASON,
            recorded_at=self.noon(told_on),
        )

    def publish(self, key: str, given: Version, *, number: int, at: datetime) -> None:
        """Will make a plan with its first version, or publish one more of it."""
        if number == 1:
            self.plans[key] = create_plan(
                self.operator,
                words=Words(name=f"Plan {len(self.plans) + 1}"),
                terms=given.terms,
                by=None,
                at=at,
                on=given.sold_from,
            )
        else:
            publish_version(
                self.plans[key],
                terms=given.terms,
                sold_from=given.sold_from,
                existing_from=given.existing_from,
                timing=given.timing,
                by=None,
                at=at,
            )
        plan = self.plans[key]
        self.versions[plan.pk, number] = PlanVersion.objects.get(plan=plan, number=number)


@contextmanager
def world_of(scenario: Scenario, *, last_day: date) -> Iterator[World]:
    """Will make the world of a scenario and work in it, as its operator.

    Everything is published before the first day. Whoever has a pinned version that others follow
    gets his subscription before they are published, since nobody could join it later.
    """
    first_day = min([scenario.first_day, *(it.starts_on for it in scenario.customers.values())])
    at = datetime.combine(first_day - timedelta(days=1), time(12), ZoneInfo(scenario.time_zone))
    with as_platform():
        operator = open_operator(
            name="Scenario",
            slug=f"scenario-{uuid4().hex[:20]}",
            currency=scenario.currency,
            time_zone=scenario.time_zone,
            at=at,
            by=None,
        )
    with as_operator(operator.pk):
        location = _location(operator, scenario, at=at)
        mailboxes = dict(zip(scenario.customers, _mailboxes(location, scenario, at), strict=True))
        world = World(scenario, operator, location, mailboxes)
        for key, versions in scenario.plans.items():
            for number, version in enumerate(versions, 1):
                world.publish(key, version, number=number, at=at)
                for name, customer in scenario.customers.items():
                    keeps_it = customer.plan == key and customer.pinned_version == number
                    if keeps_it and customer.starts_on <= last_day:
                        world.open(name)
        yield world


def _location(operator: Operator, scenario: Scenario, *, at: datetime) -> Location:
    location = add_location(
        operator,
        name="Scenario",
        street="1 Main St",
        city="Anytown",
        state="NY",
        postal_code="00000",
        time_zone=scenario.time_zone,
        at=at,
        by=None,
    )
    if scenario.tax_percent:
        location.tax_percent = scenario.tax_percent
        location.save(update_fields=["tax_percent"])
    return location


def _mailboxes(location: Location, scenario: Scenario, at: datetime) -> list[Mailbox]:
    """Will make a mailbox for each subscription, in their order."""
    wanted, state = len(scenario.customers), MailboxState.AVAILABLE
    make_mailboxes(location, first=1, last=wanted, state=state, by=None, at=at)
    return list(Mailbox.objects.filter(location=location).order_by("sort_key"))
