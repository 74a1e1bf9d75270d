"""The rows that hold a version's terms, written in the transaction that publishes it."""

from postroom.domain.plans.models import (
    Comparison,
    PlanVersion,
    Rate,
    ServiceAllowance,
    StorageFee,
)
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import Offer
from postroom.domain.plans.terms import Terms, is_worse


def write_terms(version: PlanVersion, terms: Terms) -> None:
    """Will write the rates, allowances and storage fees of a version that is being published."""
    own = {"operator_id": version.operator_id, "version": version}
    Rate.objects.bulk_create(
        Rate(**own, months=months, amount_minor=amount) for months, amount in terms.rates.items()
    )
    ServiceAllowance.objects.bulk_create(
        ServiceAllowance(
            **own,
            service=service,
            offer=allowance.offer,
            limit=allowance.limit,
            extra_count=allowance.extra_count,
            extra_fee_minor=allowance.extra_fee_minor,
        )
        for service, allowance in terms.allowances.items()
        if allowance.offer != Offer.NOT_OFFERED
    )
    StorageFee.objects.bulk_create(
        StorageFee(
            **own,
            mail_type=mail_type,
            free_days=rule.free_days,
            fee_minor=rule.fee_minor,
            per=rule.per,
            cap_minor=rule.cap_minor,
        )
        for mail_type, rule in terms.storage.items()
    )


def compare(version: PlanVersion, terms: Terms, earlier: list[PlanVersion]) -> None:
    """Will write, for each earlier version and term, which of the two is worse than the other."""
    known = terms_of(earlier)
    pairs = [
        pair
        for other in earlier
        for pair in (
            (other, known[other.pk], version, terms),
            (version, terms, other, known[other.pk]),
        )
    ]
    Comparison.objects.bulk_create(
        Comparison(
            operator_id=version.operator_id,
            held=held,
            other=other,
            months=months,
            worse=is_worse(held_terms, other_terms, months),
        )
        for held, held_terms, other, other_terms in pairs
        for months in sorted({*held_terms.rates, *other_terms.rates})
    )
