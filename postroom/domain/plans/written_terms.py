"""The rows that hold a version's terms, written in the transaction that publishes it."""

from collections.abc import Sequence

from postroom.domain.plans.models import (
    Comparison,
    Plan,
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
    """Will write, for each earlier version and term, which of the two is worse than the other.

    And of each version of another plan that customers move to, whether it is worse than this one.
    """
    known = terms_of(earlier)
    pairs = [
        pair
        for other in earlier
        for pair in (
            (other, known[other.pk], version, terms),
            (version, terms, other, known[other.pk]),
        )
    ]
    moved_to = _compared_with(version.plan)
    pairs += [(version, terms, other, theirs) for other, theirs in moved_to]
    _write(pairs)


def compare_with_plan(version: PlanVersion, plan: Plan) -> None:
    """Will write whether a version is worse than each one of another plan, whose customers move.

    Written twice, it is written once.
    """
    held = list(PlanVersion.objects.filter(plan=plan))
    known = terms_of([version, *held])
    _write([(it, known[it.pk], version, known[version.pk]) for it in held])


def _compared_with(plan: Plan) -> list[tuple[PlanVersion, Terms]]:
    """Will return the versions of other plans that this plan's versions were compared with."""
    others = Comparison.objects.filter(held__plan=plan).exclude(other__plan=plan)
    found = list(PlanVersion.objects.filter(pk__in=others.order_by().values("other")))
    known = terms_of(found) if found else {}
    return [(it, known[it.pk]) for it in found]


def _write(pairs: Sequence[tuple[PlanVersion, Terms, PlanVersion, Terms]]) -> None:
    Comparison.objects.bulk_create(
        (
            Comparison(
                operator_id=held.operator_id,
                held=held,
                other=other,
                months=months,
                worse=is_worse(held_terms, other_terms, months),
            )
            for held, held_terms, other, other_terms in pairs
            for months in sorted({*held_terms.rates, *other_terms.rates})
        ),
        ignore_conflicts=True,
    )
