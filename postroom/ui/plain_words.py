"""The terms of a plan in plain words, the same on the desk and on every public page.

Each function takes ``show``, which writes minor units in the operator's currency and format.
"""

from collections.abc import Callable
from typing import NamedTuple

from postroom.domain.plans.services import MailType, Offer, Per, Service
from postroom.domain.plans.terms import Allowance, Difference, StorageRule, Term, Verdict

Show = Callable[[int], str]

#: One and many of what is counted.
THINGS = {
    Service.INCOMING_MAIL: ("incoming mail item", "incoming mail items"),
    Service.OPEN_AND_SCAN: ("open & scan", "open & scans"),
    Service.SCANNED_PAGES: ("scanned page", "scanned pages"),
    Service.FORWARD: ("forwarding", "forwardings"),
    Service.CHECK_DEPOSIT: ("check deposit", "check deposits"),
    Service.PICKUP: ("pickup", "pickups"),
    Service.RECYCLE: ("recycling", "recyclings"),
    Service.SHRED: ("shredding", "shreddings"),
    Service.RECIPIENTS: ("recipient", "recipients"),
}

#: What each aspect of a difference is called.
ASPECTS = {
    "limit": "allowance",
    "extra_count": "extra count",
    "extra_fee": "extra fee",
    "offer": "",
    "rule": "storage rule",
    "free_days": "days of free storage",
    "fee": "fee",
    "per": "charged by",
    "cap": "at most",
}


def term_in_words(months: int) -> str:
    """Will name a term: monthly, annual, or so many months."""
    return {1: "monthly", 12: "annual"}.get(months, f"{months}-month")


def rate_in_words(months: int, amount_minor: int, show: Show) -> str:
    """Will say a rate: “$9.99 a month”, “$109.99 a year”, “$30.00 for 3 months”."""
    amount = show(amount_minor)
    return {1: f"{amount} a month", 12: f"{amount} a year"}.get(
        months, f"{amount} for {months} months"
    )


def in_words(service: Service, allowance: Allowance, show: Show) -> str:
    """Will say what a month includes of a service and what comes after it."""
    if allowance.offer == Offer.NOT_OFFERED:
        return "Not offered"
    if allowance.offer == Offer.UNLIMITED:
        return "Unlimited"
    if service == Service.STORAGE:
        return "By type of mail"
    limit = allowance.limit or 0
    per = "" if service == Service.RECIPIENTS else " a month"
    included = f"{limit:,}{per}" if limit else "None included"
    return f"{included}, then {_extra(service, allowance, show)}"


def storage_in_words(mail_type: MailType, rule: StorageRule, show: Show) -> str:
    """Will say how long a type of mail is stored free, and what comes after it."""
    days = "No free days" if not rule.free_days else f"{rule.free_days} days free"
    if not rule.fee_minor:
        return f"{days}, then no fee"
    cap = f", at most {show(rule.cap_minor)}" if rule.cap_minor is not None else ""
    return f"{days}, then {show(rule.fee_minor)} an item a {rule.per}{cap}"


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
        _value(difference.aspect, difference.old, show),
        _value(difference.aspect, difference.new, show),
        difference.verdict,
    )


def _extra(service: Service, allowance: Allowance, show: Show) -> str:
    one, many = THINGS[service]
    monthly = " a month" if service == Service.RECIPIENTS else ""
    if not allowance.extra_fee_minor:
        return "no extra fee"
    fee = show(allowance.extra_fee_minor)
    if allowance.extra_count == 1:
        return f"{fee} each{monthly}" if one else fee
    return f"{fee} for each {allowance.extra_count:,} {many} or part of them{monthly}"


def _what(difference: Difference) -> str:
    what, aspect = difference.what, difference.aspect
    if isinstance(what, Term):
        return f"{term_in_words(what.months).capitalize()} rate"
    words = ASPECTS[aspect]
    if isinstance(what, Service):
        return f"{what.label}, {words}" if words else str(what.label)
    if isinstance(what, MailType):
        return f"Storage of a {what.label.lower()}, {words}"
    return {"setup_fee": "Setup fee", "deposit": "Refundable deposit"}[what]


def _value(aspect: str, value: object, show: Show) -> str:
    if value is None:
        return "None"
    if isinstance(value, Allowance):
        return str(value.offer.label)
    if isinstance(value, Offer | Per):
        return str(value.label).capitalize()
    if isinstance(value, StorageRule):
        return storage_in_words(MailType.LETTER, value, show)
    if aspect in {"rate", "fee", "extra_fee", "cap"} and isinstance(value, int):
        return show(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
