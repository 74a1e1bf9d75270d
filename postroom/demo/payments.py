"""How Harbor Mail's customers pay: most in time, some late, two not any more, one ahead."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from postroom.demo.calendar import Calendar
from postroom.demo.nights import Act, Day
from postroom.domain.billing.adjusting import adjust
from postroom.domain.billing.models import Invoice, Method, OpenItem, Payment
from postroom.domain.billing.payments import pay_back, record_payment, take_back_payment
from postroom.domain.customers.models import Customer

#: For how many weeks the mail of a week is gone through for checks, up to today.
WEEKS = 66
BY_CHECK, BY_TRANSFER = Method.CHECK, Method.TRANSFER


@dataclass(frozen=True)
class Habit:
    """How somebody pays: so many days after the billing date, until so many days ago."""

    method: Method
    after: int
    stopped: int = 0


#: Taken in turn by the order of moving in.
USUAL = (
    Habit(BY_CHECK, 9),
    Habit(BY_TRANSFER, 5),
    Habit(BY_CHECK, 16),
    Habit(BY_CHECK, 12),
    Habit(BY_TRANSFER, 21),
)
#: The others, by the place in that order.
ODD = {
    2: Habit(BY_TRANSFER, 3),
    9: Habit(BY_CHECK, 44),
    14: Habit(BY_CHECK, 12, stopped=125),
    21: Habit(BY_TRANSFER, 7, stopped=75),
    26: Habit(BY_CHECK, 55),
}


def acts(calendar: Calendar) -> Iterator[tuple[date, Act]]:
    """Will say what is paid, and on which days it is recorded."""
    today = calendar.on
    for week in range(WEEKS, 0, -1):
        yield calendar.days(-7 * week + 2), lambda day: _go_through_the_mail(day, today)
    yield calendar.days(-26), _bounce
    yield calendar.days(-18), _pay_ahead
    yield calendar.days(-12), _adjust
    yield calendar.days(-9), _give_the_deposit_back


def _go_through_the_mail(day: Day, today: date) -> None:
    """Will record what has come by then: each pays what they have left open for their time."""
    places = {pk: place for place, pk in enumerate(_customers())}
    due: dict[int, list[OpenItem]] = defaultdict(list)
    for item in OpenItem.objects.filter(left_minor__gt=0).order_by("on", "pk"):
        habit = _habit(places[item.customer_id])
        late_enough = item.on + timedelta(days=habit.after) <= day.on
        if late_enough and (not habit.stopped or (today - item.on).days > habit.stopped):
            due[item.customer_id].append(item)
    for customer in Customer.objects.filter(pk__in=due).select_related("operator").order_by("pk"):
        items, place = due[customer.pk], places[customer.pk]
        received_on = max(items[-1].on, day.on - timedelta(days=place % 5))
        amount = sum(it.left_minor for it in items)
        method = _habit(place).method
        _record(day, customer, amount, by=method, received_on=received_on, place=place)


def _record(
    day: Day, customer: Customer, amount: int, *, by: Method, received_on: date, place: int
) -> Payment:
    # Each has a book of checks of their own.
    number = 1000 + 137 * place + (received_on - date(2024, 1, 1)).days // 6
    said = str(number) if by == BY_CHECK else f"Rent {received_on:%m/%Y}"
    return record_payment(
        customer,
        method=by,
        amount_minor=amount,
        received_on=received_on,
        reference=said,
        form=uuid4(),
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _bounce(day: Day) -> None:
    """The bank sends the last check back."""
    payment = (
        Payment.objects.filter(method=BY_CHECK, amount_minor__gt=0, on__lt=day.on)
        .select_related("customer", "operator")
        .latest("on", "pk")
    )
    reason = "The check bounced: insufficient funds."
    take_back_payment(payment, reason=reason, form=uuid4(), by=day.by, at=day.at, on=day.on)


def _pay_ahead(day: Day) -> None:
    """Bo pays for the months to come."""
    bo = day.house.customers["bo"]
    place = _customers().index(bo.pk)
    _record(day, bo, 20_000, by=BY_TRANSFER, received_on=day.on, place=place)


def _adjust(day: Day) -> None:
    """Ana's scans failed for a week: part of her last rate is credited."""
    ana = day.house.customers["ana"]
    billed = Invoice.objects.filter(customer=ana, total_minor__gt=500).select_related(
        "customer", "operator", "adjusts"
    )
    adjust(
        billed.order_by("number").reverse()[0],
        amount_minor=-250,
        reason="The scanner was out of order for a week.",
        form=uuid4(),
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _give_the_deposit_back(day: Day) -> None:
    """Whoever left with a deposit gets what is left of it by check."""
    item = (
        OpenItem.objects.filter(invoice__isnull=False, left_minor__lt=0)
        .select_related("customer__operator")
        .order_by("left_minor")[0]
    )
    pay_back(
        item.customer,
        method=BY_CHECK,
        amount_minor=-item.left_minor,
        paid_on=day.on,
        reason="The deposit for the key.",
        reference="2044",
        form=uuid4(),
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _customers() -> list[int]:
    """The keys of everybody, in the order in which they came."""
    return list(Customer.objects.order_by("pk").values_list("pk", flat=True))


def _habit(place: int) -> Habit:
    return ODD.get(place, USUAL[place % len(USUAL)])
