"""What a plan's versions said, side by side, and what happened to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from postroom.domain.events.models import Event
from postroom.domain.events.queries import events_of
from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.plain_words import (
    in_words,
    rate_in_words,
    storage_in_words,
    term_in_words,
)
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import MailType, Service
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.plan_summaries import customers_by_cycle, customers_by_version

#: Versions that fit side by side on a desk's screen.
SIDE_BY_SIDE = 4
#: So many of the latest events are listed.
LATEST = 30

Show = Callable[[int], str]


@dataclass(frozen=True)
class Column:
    """A version, with how many customers hold it and where it stands today."""

    version: PlanVersion
    customers: int
    withdrawn: bool
    on_sale: bool
    #: Whether its day is to come, and it will be sold then.
    ahead: bool
    #: Whether a newer version takes its place before its day comes.
    overtaken: bool


@dataclass(frozen=True)
class Cell:
    text: str
    #: Whether it differs from the version before.
    changed: bool


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class History:
    columns: list[Column]
    rows: list[Row]
    older: int
    customers: int
    events: list[Event]


def history(plan: Plan, changes: Sequence[PlanChange], *, on: date, operator: Operator) -> History:
    """Will return a plan's versions side by side, newest first, and what happened of late.

    What happened to its changes for existing customers is part of it.
    """
    versions = list(
        PlanVersion.objects.filter(plan=plan).select_related("published_by").order_by("-number")
    )
    held = customers_by_version(plan)
    withdrawn = set(
        Withdrawal.objects.filter(version__in=versions).values_list("version_id", flat=True)
    )
    standing = [it for it in versions if it.pk not in withdrawn]
    selling = next((it.pk for it in standing if it.sold_from <= on), None)
    overtaken = _overtaken(standing, on)
    shown = versions[:SIDE_BY_SIDE]
    # One more than is shown, for the oldest column's changes to be seen.
    terms = terms_of(versions[: SIDE_BY_SIDE + 1])
    ordered = [terms[version.pk] for version in versions[: SIDE_BY_SIDE + 1]]
    return History(
        columns=[
            Column(
                version=version,
                customers=sum(held.get(version.pk, {}).values()),
                withdrawn=version.pk in withdrawn,
                on_sale=version.pk == selling,
                ahead=version.sold_from > on and version.pk not in overtaken,
                overtaken=version.pk in overtaken,
            )
            for version in shown
        ],
        rows=_rows(ordered, len(shown), operator.show),
        older=len(versions) - len(shown),
        customers=sum(customers_by_cycle(held).values()),
        events=list(events_of(plan, *changes)[:LATEST]),
    )


def _overtaken(standing: list[PlanVersion], on: date) -> set[int]:
    """Will find what is never sold: the highest number whose day has come is what is on sale."""
    return {
        it.pk
        for place, it in enumerate(standing)
        if it.sold_from > on and any(newer.sold_from <= it.sold_from for newer in standing[:place])
    }


def _rows(terms: list[Terms], shown: int, show: Show) -> list[Row]:
    """Will write one row for each thing that any of the versions says."""
    months = sorted({months for it in terms for months in it.rates})
    lines: list[tuple[str, Callable[[Terms], str]]] = [
        *((f"{term_in_words(it).capitalize()} rate", _rate(it, show)) for it in months),
        ("Setup fee", lambda it: show(it.setup_fee_minor) if it.setup_fee_minor else "None"),
        ("Deposit", lambda it: show(it.deposit_minor) if it.deposit_minor else "None"),
        *((service.label, _service(service, show)) for service in Service),
        *((f"Storage, {kind.label.lower()}", _storage(kind, show)) for kind in MailType),
    ]
    rows = []
    for label, say in lines:
        texts = [say(it) for it in terms]
        before = [*texts[1:], texts[-1]]
        cells = [Cell(text, text != old) for text, old in zip(texts, before, strict=True)]
        rows.append(Row(label, cells[:shown]))
    return [row for row in rows if any(cell.text not in {"", "None"} for cell in row.cells)]


def _rate(months: int, show: Show) -> Callable[[Terms], str]:
    return lambda terms: (
        rate_in_words(months, terms.rates[months], show) if months in terms.rates else "None"
    )


def _service(service: Service, show: Show) -> Callable[[Terms], str]:
    return lambda terms: in_words(service, terms.allowance(service), show)


def _storage(mail_type: MailType, show: Show) -> Callable[[Terms], str]:
    return lambda terms: (
        storage_in_words(mail_type, terms.storage[mail_type], show)
        if mail_type in terms.storage
        else ""
    )
