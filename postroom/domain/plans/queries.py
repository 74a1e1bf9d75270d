"""Reading plans: their terms, the version on sale, and names that are free."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from postroom.domain.plans.models import (
    NAME_LENGTH,
    Plan,
    PlanLocation,
    PlanVersion,
    Rate,
    ServiceAllowance,
    StorageFee,
    Withdrawal,
)
from postroom.domain.plans.services import MailType, Offer, Per, Service
from postroom.domain.plans.terms import Allowance, StorageRule, Terms


def terms_of(versions: Collection[PlanVersion]) -> Mapping[int, Terms]:
    """Will return the terms of versions by their id, in three queries however many there are."""
    rates: dict[int, dict[int, int]] = {version.pk: {} for version in versions}
    allowances: dict[int, dict[Service, Allowance]] = {version.pk: {} for version in versions}
    storage: dict[int, dict[MailType, StorageRule]] = {version.pk: {} for version in versions}
    for rate in Rate.objects.filter(version__in=rates):
        rates[rate.version_id][rate.months] = rate.amount_minor
    for row in ServiceAllowance.objects.filter(version__in=rates):
        allowances[row.version_id][Service(row.service)] = Allowance(
            Offer(row.offer), row.limit, row.extra_count, row.extra_fee_minor
        )
    for fee in StorageFee.objects.filter(version__in=rates):
        storage[fee.version_id][MailType(fee.mail_type)] = StorageRule(
            fee.free_days, fee.fee_minor, Per(fee.per), fee.cap_minor
        )
    return {
        version.pk: Terms(
            rates=rates[version.pk],
            setup_fee_minor=version.setup_fee_minor,
            deposit_minor=version.deposit_minor,
            allowances=allowances[version.pk],
            storage=storage[version.pk],
        )
        for version in versions
    }


def all_standing_versions() -> QuerySet[PlanVersion]:
    """Will return the versions of every plan that are not withdrawn."""
    withdrawn = Withdrawal.objects.filter(
        operator_id=OuterRef("operator_id"), version_id=OuterRef("pk")
    )
    return PlanVersion.objects.filter(~Exists(withdrawn))


def standing_versions(plan: Plan) -> QuerySet[PlanVersion]:
    """Will return a plan's versions that are not withdrawn, the newest first."""
    return all_standing_versions().filter(plan=plan).order_by("-number")


def latest_version(plan: Plan) -> PlanVersion:
    """Will return the version published last: the one that the plan's page edits."""
    return standing_versions(plan)[:1].get()


def version_on_sale(plan: Plan, *, on: date) -> PlanVersion | None:
    """Will return what a new customer gets that day: the highest whose ``sold_from`` has come."""
    return standing_versions(plan).filter(sold_from__lte=on).first()


def ticked_locations(plan: Plan) -> set[int]:
    """Will return the ids of the locations that a plan is ticked for; none means all."""
    return set(PlanLocation.objects.filter(plan=plan).values_list("location_id", flat=True))


def ticked_by_plan() -> dict[int, set[int]]:
    """Will return the ids of the ticked locations by plan; a plan that is not in it has none."""
    ticked: dict[int, set[int]] = {}
    for plan_id, location_id in PlanLocation.objects.values_list("plan_id", "location_id"):
        ticked.setdefault(plan_id, set()).add(location_id)
    return ticked


def free_name(wanted: str, *, besides: int | None = None) -> str:
    """Will return a plan name that nobody has, adding “ (2)” and so on where it must."""
    others = Plan.objects.all() if besides is None else Plan.objects.exclude(pk=besides)
    taken = {name.lower() for name in others.values_list("name", flat=True)}
    numbered = wanted
    count = 1
    while numbered.lower() in taken:
        count += 1
        suffix = f" ({count})"
        numbered = wanted[: NAME_LENGTH - len(suffix)] + suffix
    return numbered
