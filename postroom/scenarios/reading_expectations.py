"""Reading what is expected: the lines of each subscription, and who is refused."""

from collections.abc import Mapping
from datetime import date

from postroom.domain.billing.models import LineKind
from postroom.domain.plans.services import Service
from postroom.scenarios.documents import Place
from postroom.scenarios.examples import Customer, Expectation, Line, Version


def expectation_in(
    place: Place,
    customers: Mapping[str, Customer],
    plans: Mapping[str, tuple[Version, ...]],
    currency: str,
) -> Expectation:
    """Will read what must be billed; without ``refused``, nobody may be."""
    fields = place.fields((), ("lines", "refused"))
    lines = dict[str, tuple[Line, ...]]()
    for key, listed in fields["lines"].entries().items() if "lines" in fields else ():
        if key not in customers:
            raise listed.refused("is not a subscription of this scenario")
        highest = max(len(plans[plan]) for plan in customers[key].plans)
        lines[key] = tuple(_line(it, highest, currency) for it in listed.items())
    refused = fields["refused"].items() if "refused" in fields else []
    return Expectation(lines, frozenset(_refusal(it, customers) for it in refused))


def _line(place: Place, highest: int, currency: str) -> Line:
    fields = place.fields(("kind", "from", "to", "amount"), ("version", "service"))
    starts_on, ends_on = fields["from"].day(), fields["to"].day()
    if ends_on < starts_on:
        raise fields["to"].wrong(f"a day from {starts_on} on")
    return Line(
        kind=LineKind(fields["kind"].choice(*LineKind.values)),
        starts_on=starts_on,
        ends_on=ends_on,
        amount_minor=fields["amount"].amount(currency, below_zero=True),
        version=fields["version"].whole(1, highest) if "version" in fields else None,
        service=Service(fields["service"].choice(*Service.values)) if "service" in fields else None,
    )


def _refusal(place: Place, customers: Mapping[str, Customer]) -> tuple[str, date]:
    fields = place.fields(("subscription", "on"))
    subscription = fields["subscription"]
    if subscription.value not in list(customers):
        raise subscription.wrong("a subscription of this scenario")
    return str(subscription.value), fields["on"].day()
