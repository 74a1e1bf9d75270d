"""Scenario documents as lives: what ``manage.py scenario`` reads, for the pure twin of billing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from postroom.base.money import major, precision
from postroom.base.periods import next_billing_date
from postroom.domain.billing.facts import (
    Closing,
    HandCharge,
    Life,
    Move,
    Notice,
    Protection,
    Published,
    Switch,
    Used,
)
from postroom.domain.billing.life import live
from postroom.domain.billing.lines import Bill, Tax
from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import NOT_OFFERED, Allowance, Terms
from postroom.domain.subscriptions.rule import Told

DAY = timedelta(days=1)
NOTICE_DAYS = 10
ORDER = ("rate", "credit", "extra", "storage", "setup", "deposit", "deposit_return", "tax")


def lives(document: Mapping[str, Any]) -> dict[str, Life]:
    """Will return the life of each subscription of a scenario."""
    given = document["given"]
    plans = {key: published(it["versions"], given) for key, it in given["plans"].items()}
    return {
        key: Life(
            plans=plans,
            plan=it["plan"],
            months=it["months"],
            starts_on=day(it["starts_on"]),
            billing_day=billing_day(it),
            version=it.get("pinned_version"),
            paid_until=day(it["paid_until"]) if "paid_until" in it else None,
            notices=notices(key, it, plans, given.get("notices", "assume")),
            protections=protections(it),
            switches=[
                Switch(day(each["on"]), each["to"], each["months"], each["timing"] == "now")
                for each in it.get("switches", ())
            ],
            moves=[move(each, plans) for each in it.get("moves", ())],
            chosen=[(it["plan"], number) for number in it.get("chosen", ())],
            closings=closings(it),
            used=used(key, given),
            charges=charges(it, given["currency"]),
            taxes=taxes(given),
        )
        for key, it in given["subscriptions"].items()
    }


def billing_day(it: Mapping[str, Any]) -> int:
    return int(it.get("billing_day") or day(it["starts_on"]).day)


def taxes(given: Mapping[str, Any]) -> list[tuple[date, Tax | None]]:
    """Will return the tax of the location, and what it is changed to later."""
    said = [(date.min, given.get("tax_percent", "0"))]
    said += [(day(it["on"]), it["percent"]) for it in given.get("tax_changes", ())]
    included = given.get("tax_included", False)
    return [
        (since, Tax(Decimal(percent), included) if Decimal(percent) else None)
        for since, percent in said
    ]


def published(versions: Iterable[Mapping[str, Any]], given: Mapping[str, Any]) -> list[Published]:
    """Will number versions; what a later one leaves out is as in the one before."""
    numbered = list[Published]()
    terms = Terms(rates={})
    for number, it in enumerate(versions, 1):
        terms = changed(terms, it, given["currency"])
        numbered.append(
            Published(
                number,
                terms,
                existing_from=day(it["existing_from"]) if it.get("existing_from") else None,
                timing=Timing(it.get("timing", "next_term")),
                for_chosen=it.get("for_chosen", False),
                sold_from=day(it["sold_from"]),
                known_on=day(it["published_on"]) if "published_on" in it else date.min,
                withdrawn_on=day(it["withdrawn_on"]) if "withdrawn_on" in it else None,
            )
        )
    return numbered


def minor_in(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(precision(currency)))


def changed(terms: Terms, it: Mapping[str, Any], currency: str) -> Terms:
    def minor(amount: str) -> int:
        return minor_in(amount, currency)

    if "rates" in it:
        terms = replace(terms, rates={int(n): minor(rate) for n, rate in it["rates"].items()})
    if "setup_fee" in it:
        terms = replace(terms, setup_fee_minor=minor(it["setup_fee"]))
    if "deposit" in it:
        terms = replace(terms, deposit_minor=minor(it["deposit"]))
    if "allowances" in it:
        allowances = {
            Service(key): allowance(each, minor) for key, each in it["allowances"].items()
        }
        terms = replace(terms, allowances=allowances)
    return terms


def allowance(it: str | Mapping[str, Any], minor: Any) -> Allowance:
    if isinstance(it, str):
        return NOT_OFFERED if it == "not_offered" else Allowance(Offer.UNLIMITED)
    fee = minor(it.get("extra_fee", "0"))
    return Allowance(Offer.RESTRICTED, it["limit"], it.get("extra_count", 1), fee)


def notices(
    key: str, it: Mapping[str, Any], plans: Mapping[str, list[Published]], said: Any
) -> list[Notice]:
    """Will say what he was told of: everything, nothing, or what is listed for him."""
    if said == "none":
        return []
    if said == "assume":
        return [
            Notice(plan, Told(version.number, date.min), version.known_on)
            for plan, versions in plans.items()
            for version in versions
        ]
    return [
        notice(each, each.get("plan", it["plan"]), plans)
        for each in said
        if each["subscription"] == key
    ]


def notice(said: Mapping[str, Any], plan: str, plans: Mapping[str, list[Published]]) -> Notice:
    """Will say from when a notice holds; of a version not yet published nobody can be told."""
    told = Told(
        said["version"],
        day(said["accepted_on"]) + NOTICE_DAYS * DAY,
        day(said["last_day"]) if "last_day" in said else None,
    )
    known_on = day(said.get("known_on", said["accepted_on"]))
    known_on = max(known_on, plans[plan][told.number - 1].known_on)
    return Notice(plan, told, known_on, day(said["void_on"]) if "void_on" in said else None)


def move(said: Mapping[str, Any], plans: Mapping[str, list[Published]]) -> Move:
    """Will say when a move is entered: of a version not yet published it cannot be."""
    on = max(day(said["on"]), plans[said["to"]][said["version"] - 1].known_on)
    back = max(on + DAY, day(said["taken_back_on"])) if "taken_back_on" in said else None
    return Move(on, said["to"], said["version"], day(said["not_before"]), back)


def protections(it: Mapping[str, Any]) -> list[Protection]:
    protected = list[Protection]()
    if it.get("price_lock_until"):
        protected.append(Protection(day(it["price_lock_until"])))
    if it.get("pinned_version"):
        protected.append(Protection())
    protected += [Protection(day(each["until"]), day(each["on"])) for each in it.get("locks", ())]
    return protected + [Protection(known_on=day(on)) for on in it.get("pins", ())]


def closings(it: Mapping[str, Any]) -> list[Closing]:
    if it.get("closes_on"):
        return [Closing(day(it["closes_on"]), day(it["closes_on"]))]
    return [
        Closing(day(each["on"]), day(each["closes_on"]) if each["closes_on"] else None)
        for each in it.get("closings", ())
    ]


def charges(it: Mapping[str, Any], currency: str) -> list[HandCharge]:
    return [
        HandCharge(day(each["on"]), minor_in(each["amount"], currency), each["taxable"])
        for each in it.get("charges", ())
    ]


def used(key: str, given: Mapping[str, Any]) -> list[Used]:
    """Will return the entries of a subscription, each once for its id."""
    zone = ZoneInfo(given["time_zone"])
    entries = {it["id"]: it for it in given.get("usage", ()) if it["subscription"] == key}
    found = list[Used]()
    for it in entries.values():
        on, at = moment(it["at"], zone)
        entered_on = max(on, day(it["entered_on"])) if "entered_on" in it else None
        corrections = [
            (max(day(each["on"]), entered_on or on), each["counts"])
            for each in it.get("corrections", ())
            if each["counts"] != it["quantity"]
        ]
        service = Service(it["service"])
        found.append(Used(service, on, it["quantity"], at, entered_on, corrections))
    return found


def moment(said: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """Will return the local day of a date or time, and the instant where one is given."""
    if len(said) == len("2026-01-31"):
        return day(said), None
    at = datetime.fromisoformat(said)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return at.astimezone(zone).date(), at


def day(said: str) -> date:
    return date.fromisoformat(said)


def days_of(document: Mapping[str, Any]) -> list[date]:
    """Will return every local day on which the run is done: those named, else all.

    From the first start to the day that yields the last expected line, unless it says otherwise.
    """
    given = document["given"]
    if "runs" in given:
        return [day(it) for it in given["runs"]]
    starts = [it["starts_on"] for it in given["subscriptions"].values()]
    first = day(given.get("first_day") or min(starts))
    last = day(given["last_day"]) if "last_day" in given else last_expected(document)
    return [first + n * DAY for n in range((last - first).days + 1)]


def last_expected(document: Mapping[str, Any]) -> date:
    """Will return the day of the last thing expected: extras are billed when their month ends."""
    expected, given = document["expect"], document["given"]["subscriptions"]
    days = [day(it["on"]) for it in expected.get("refused", ())]
    for key, lines in expected["lines"].items():
        for it in lines:
            if it["kind"] == "extra":
                last = day(it["to"]) - DAY
                days.append(next_billing_date(last, billing_day(given[key])))
            else:
                days.append(day(it["from"]))
    return max(days)


def billed(document: Mapping[str, Any]) -> dict[str, list[Bill]]:
    """Will return the bills of each subscription that could be opened."""
    runs = days_of(document)
    lived = {key: live(life, runs=runs) for key, life in lives(document).items()}
    return {key: it.bills for key, it in lived.items() if it is not None}


def lines(bills: Iterable[Bill], currency: str) -> list[dict[str, Any]]:
    """Will write lines as a scenario does, in its order, without those that come to nothing."""
    written = [
        {
            "kind": line.kind,
            "from": line.starts_on.isoformat(),
            "to": line.ends_on.isoformat(),
            "amount": f"{major(line.amount_minor, currency):.{precision(currency)}f}",
            "version": line.version,
            "service": line.service and line.service.value,
        }
        for bill in bills
        for line in bill.lines
        if line.amount_minor
    ]
    return sorted(written, key=lambda it: (it["from"], ORDER.index(it["kind"]), it["amount"]))
