"""The terms of a plan as plain values, and what a change of them means to a customer.

Nothing here touches the database: these are the words that forms, publishing, comparison and
pages share.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from postroom.domain.plans.services import MailType, Offer, Per, Service


@dataclass(frozen=True)
class Allowance:
    """How much of a service a month includes, and what the rest costs.

    Beyond ``limit`` every ``extra_count``, or fraction of it, costs ``extra_fee_minor``.
    """

    offer: Offer
    limit: int | None = None
    extra_count: int = 1
    extra_fee_minor: int = 0

    def __post_init__(self) -> None:
        """Will refuse a limit where none belongs, and the lack of one where one does."""
        if self.offer != Offer.RESTRICTED and self.limit is not None:
            raise ValueError("only a restricted service has a limit")


@dataclass(frozen=True)
class StorageRule:
    """Free days for a type of mail, then a fee for each item and unit of time, perhaps capped."""

    free_days: int
    fee_minor: int
    per: Per = Per.DAY
    cap_minor: int | None = None


NOT_OFFERED = Allowance(Offer.NOT_OFFERED)


@dataclass(frozen=True)
class Terms:
    """Everything a customer is promised and charged: rates by months, fees, allowances, storage.

    A service that is not named is not offered; a type of mail without a rule is stored free.
    """

    rates: Mapping[int, int]
    setup_fee_minor: int = 0
    deposit_minor: int = 0
    allowances: Mapping[Service, Allowance] = field(default_factory=dict)
    storage: Mapping[MailType, StorageRule] = field(default_factory=dict)

    def allowance(self, service: Service) -> Allowance:
        return self.allowances.get(service, NOT_OFFERED)


class Verdict(Enum):
    """What a difference means to a customer who has the old terms."""

    WORSE = "worse"
    BETTER = "better"
    #: Does not count: setup fee and deposit, a term that he does not have, a new service.
    NEUTRAL = "neutral"


class Term(NamedTuple):
    """The rate for a term of so many months."""

    months: int


class Difference(NamedTuple):
    """One thing that differs: ``what`` it is, a term, a service, a type of mail or a field."""

    what: Term | Service | MailType | str
    aspect: str
    old: object
    new: object
    verdict: Verdict


def differences(old: Terms, new: Terms) -> list[Difference]:
    """Will list what differs between two sets of terms, in the order of the form."""
    return [
        difference
        for difference in (
            *_rates(old, new),
            *_fees(old, new),
            *_allowances(old, new),
            *_storage(old, new),
        )
        if difference.old != difference.new
    ]


def is_worse(old: Terms, new: Terms, months: int) -> bool:
    """Will tell whether ``new`` is worse than ``old`` for a customer with terms of ``months``.

    Worse is any of: a higher rate for his months; a lower limit; a higher extra fee; a smaller
    extra count; fewer free storage days; a higher storage fee, another unit, a cap raised or
    dropped; a service no longer offered. Setup fee and deposit do not count, and a service newly
    offered is never worse. The rule is ``docs/plan-changes.md``'s; ``plans_comparison`` keeps its
    answers.
    """
    return any(
        difference.verdict is Verdict.WORSE
        and (not isinstance(difference.what, Term) or difference.what.months == months)
        for difference in differences(old, new)
    )


def _rates(old: Terms, new: Terms) -> Iterator[Difference]:
    for months in sorted({*old.rates, *new.rates}):
        before, after = old.rates.get(months), new.rates.get(months)
        verdict = Verdict.NEUTRAL
        if before is not None and after is not None:
            verdict = Verdict.WORSE if after > before else Verdict.BETTER
        yield Difference(Term(months), "rate", before, after, verdict)


def _fees(old: Terms, new: Terms) -> Iterator[Difference]:
    yield Difference("setup_fee", "fee", old.setup_fee_minor, new.setup_fee_minor, Verdict.NEUTRAL)
    yield Difference("deposit", "fee", old.deposit_minor, new.deposit_minor, Verdict.NEUTRAL)


def _allowances(old: Terms, new: Terms) -> Iterator[Difference]:
    for service in Service:
        before, after = old.allowance(service), new.allowance(service)
        if before.offer != after.offer:
            verdict = _verdict_on_offer(before, after)
            yield Difference(service, "offer", before.offer, after.offer, verdict)
        elif before.offer == Offer.RESTRICTED and service != Service.STORAGE:
            yield from _restricted(service, before, after)


def _verdict_on_offer(before: Allowance, after: Allowance) -> Verdict:
    if before.offer == Offer.NOT_OFFERED:
        return Verdict.NEUTRAL
    generous = [Offer.NOT_OFFERED, Offer.RESTRICTED, Offer.UNLIMITED]
    worse = generous.index(after.offer) < generous.index(before.offer)
    return Verdict.WORSE if worse else Verdict.BETTER


def _restricted(service: Service, before: Allowance, after: Allowance) -> Iterator[Difference]:
    """Will compare two restricted allowances: less, in smaller blocks or dearer is worse."""
    limits = before.limit or 0, after.limit or 0
    counts = before.extra_count, after.extra_count
    fees = before.extra_fee_minor, after.extra_fee_minor
    yield Difference(service, "limit", *limits, _lower_is_worse(*limits))
    yield Difference(service, "extra_count", *counts, _lower_is_worse(*counts))
    yield Difference(service, "extra_fee", *fees, _higher_is_worse(*fees))


def _storage(old: Terms, new: Terms) -> Iterator[Difference]:
    """Will compare storage rules by type of mail, where both sides store at a price.

    Where storage is offered but a type of mail has no rule, or storage is unlimited, it is kept
    free; a fee that appears there is worse and one that goes is better.
    """
    offers = old.allowance(Service.STORAGE).offer, new.allowance(Service.STORAGE).offer
    for mail_type in MailType:
        before, after = old.storage.get(mail_type), new.storage.get(mail_type)
        if before is not None and after is not None:
            yield from _rules(mail_type, before, after)
        elif Offer.NOT_OFFERED in offers:
            yield Difference(mail_type, "rule", before, after, Verdict.NEUTRAL)
        else:
            verdict = Verdict.WORSE if before is None else Verdict.BETTER
            yield Difference(mail_type, "rule", before, after, verdict)


def _rules(mail_type: MailType, before: StorageRule, after: StorageRule) -> Iterator[Difference]:
    days = before.free_days, after.free_days
    fees = before.fee_minor, after.fee_minor
    yield Difference(mail_type, "free_days", *days, _lower_is_worse(*days))
    yield Difference(mail_type, "fee", *fees, _higher_is_worse(*fees))
    yield Difference(mail_type, "per", before.per, after.per, Verdict.WORSE)
    caps = before.cap_minor, after.cap_minor
    capped_closer = caps[1] is not None and (caps[0] is None or caps[1] < caps[0])
    yield Difference(mail_type, "cap", *caps, Verdict.BETTER if capped_closer else Verdict.WORSE)


def _lower_is_worse(before: int, after: int) -> Verdict:
    return Verdict.WORSE if after < before else Verdict.BETTER


def _higher_is_worse(before: int, after: int) -> Verdict:
    return Verdict.WORSE if after > before else Verdict.BETTER


def pack(terms: Terms) -> dict[str, object]:
    """Will turn terms into plain JSON, for a draft; ``unpack`` is its inverse."""
    return {
        "rates": {str(months): amount for months, amount in terms.rates.items()},
        "setup_fee_minor": terms.setup_fee_minor,
        "deposit_minor": terms.deposit_minor,
        "allowances": {service: asdict(it) for service, it in terms.allowances.items()},
        "storage": {mail_type: asdict(it) for mail_type, it in terms.storage.items()},
    }


def unpack(packed: Mapping[str, Any]) -> Terms:
    """Will turn what ``pack`` made back into terms."""
    return Terms(
        rates={int(months): amount for months, amount in packed["rates"].items()},
        setup_fee_minor=packed["setup_fee_minor"],
        deposit_minor=packed["deposit_minor"],
        allowances={
            Service(service): Allowance(**{**it, "offer": Offer(it["offer"])})
            for service, it in packed["allowances"].items()
        },
        storage={
            MailType(mail_type): StorageRule(**{**it, "per": Per(it["per"])})
            for mail_type, it in packed["storage"].items()
        },
    )
