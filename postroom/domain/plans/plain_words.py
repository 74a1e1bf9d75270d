"""The terms of a plan in plain words, the same on the desk, on public pages and in notices.

Each function takes ``show``, which writes minor units in the operator's currency and format.
"""

from collections.abc import Callable
from typing import NamedTuple

from postroom.domain.plans.services import COUNTED, MailType, Offer, Per, Service
from postroom.domain.plans.terms import (
    Allowance,
    Difference,
    StorageRule,
    Term,
    Terms,
    Verdict,
)

Show = Callable[[int], str]

#: One and many of what is counted.
THINGS = {
    Service.INCOMING_MAIL: ("incoming mail item", "incoming mail items"),
    Service.OPEN_AND_SCAN: ("item opened & scanned", "items opened & scanned"),
    Service.SCANNED_PAGES: ("scanned page", "scanned pages"),
    Service.FORWARD: ("item forwarded", "items forwarded"),
    Service.CHECK_DEPOSIT: ("check deposit", "check deposits"),
    Service.PICKUP: ("pickup", "pickups"),
    Service.RECYCLE: ("item recycled", "items recycled"),
    Service.SHRED: ("item shredded", "items shredded"),
    Service.RECIPIENTS: ("authorized recipient", "authorized recipients"),
}

#: What each aspect of a difference is called.
ASPECTS = {
    "limit": "allowance",
    "extra_count": "extra count",
    "extra_fee": "extra fee",
    "offer": "",
    "rule": "",
    "free_days": "days of free storage",
    "fee": "fee",
    "per": "charged by",
    "cap": "at most",
}


def term_in_words(months: int) -> str:
    """Will name a term: monthly, annual, or so many months."""
    return {1: "monthly", 12: "annual"}.get(months, f"{months} months")


def rate_in_words(months: int, amount_minor: int, show: Show) -> str:
    """Will say a rate: “$9.99 a month”, “$109.99 a year”, “$30.00 for 3 months”."""
    amount = show(amount_minor)
    return {1: f"{amount} a month", 12: f"{amount} a year"}.get(
        months, f"{amount} for {months} months"
    )


def in_words(service: Service, allowance: Allowance, show: Show) -> str:
    """Will say what is included of a service and what comes after it."""
    if allowance.offer == Offer.NOT_OFFERED:
        return "Not offered"
    if allowance.offer == Offer.UNLIMITED:
        return "Unlimited"
    if service == Service.STORAGE:
        return "By type of mail"
    extra = _extra(service, allowance, show)
    if not allowance.limit:
        return f"None included, {extra}"
    one, many = THINGS[service]
    # Recipients are a level, not a flow: they do not start again each month.
    per = "" if service == Service.RECIPIENTS else " a month"
    return f"{allowance.limit:,} {one if allowance.limit == 1 else many}{per}, then {extra}"


def storage_in_words(mail_type: MailType, rule: StorageRule, show: Show) -> str:
    """Will say how long a type of mail is stored free, and what comes after it."""
    one = mail_type.label.lower()
    fee = f"{show(rule.fee_minor)} a {one} a {rule.per}"
    cap = f", at most {show(rule.cap_minor)}" if rule.cap_minor is not None else ""
    if not rule.fee_minor:
        return "Free"
    if not rule.free_days:
        return f"No free days, {fee}{cap}"
    days = "1 day" if rule.free_days == 1 else f"{rule.free_days:,} days"
    return f"{days} free, then {fee}{cap}"


class Line(NamedTuple):
    """One of a plan's terms as a page lists it."""

    what: str
    words: str


def terms_in_words(terms: Terms, show: Show) -> list[Line]:
    """Will list everything but the rates, always in the same lines, so that plans compare."""
    return [
        *(Line(it.label, in_words(it, terms.allowance(it), show)) for it in COUNTED),
        *(Line(f"{it.label} storage", kept_in_words(terms, it, show)) for it in MailType),
        Line("Setup fee", show(terms.setup_fee_minor) if terms.setup_fee_minor else "None"),
        Line("Refundable deposit", show(terms.deposit_minor) if terms.deposit_minor else "None"),
    ]


def kept_in_words(terms: Terms, mail_type: MailType, show: Show) -> str:
    """Will say how a type of mail is stored under these terms; without a rule it is free."""
    allowance, rule = terms.allowance(Service.STORAGE), terms.storage.get(mail_type)
    if allowance.offer != Offer.RESTRICTED:
        return in_words(Service.STORAGE, allowance, show)
    return storage_in_words(mail_type, rule, show) if rule else "Free"


class InWords(NamedTuple):
    """A difference as a page shows it."""

    what: str
    before: str
    after: str
    verdict: Verdict


def difference_in_words(difference: Difference, show: Show) -> InWords:
    """Will say what differs, what it was, what it will be, and what that means to a customer."""
    return InWords(
        _what(difference),
        _value(difference, difference.old, show),
        _value(difference, difference.new, show),
        difference.verdict,
    )


def _extra(service: Service, allowance: Allowance, show: Show) -> str:
    if not allowance.extra_fee_minor:
        return "no extra fee"
    fee = show(allowance.extra_fee_minor)
    if service == Service.RECIPIENTS:
        fee += " a month"
    if allowance.extra_count == 1:
        return f"{fee} each"
    return f"{fee} for each {allowance.extra_count:,} or fraction of it"


def _what(difference: Difference) -> str:
    what, aspect = difference.what, difference.aspect
    if isinstance(what, Term):
        return {1: "Monthly rate", 12: "Annual rate"}.get(
            what.months, f"Rate for {what.months} months"
        )
    words = ASPECTS[aspect]
    if isinstance(what, Service):
        return f"{what.label}, {words}" if words else str(what.label)
    if isinstance(what, MailType):
        kept = f"Storage of a {what.label.lower()}"
        return f"{kept}, {words}" if words else kept
    return {"setup_fee": "Setup fee", "deposit": "Refundable deposit"}[what]


def _value(difference: Difference, value: object, show: Show) -> str:
    what, aspect = difference.what, difference.aspect
    if value is None:
        return {"rate": "Not sold", "rule": "Free", "cap": "No cap"}.get(aspect, "None")
    if isinstance(value, Offer | Per):
        return str(value.label).capitalize()
    if isinstance(value, StorageRule) and isinstance(what, MailType):
        return storage_in_words(what, value, show)
    if isinstance(what, Term) and isinstance(value, int):
        return rate_in_words(what.months, value, show)
    if aspect in {"fee", "extra_fee", "cap"} and isinstance(value, int):
        return show(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
