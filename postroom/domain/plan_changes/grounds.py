"""What a change is worked out from, and its fingerprint: what must not change unseen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from postroom.domain.notices.models import NoticeRule
from postroom.domain.notices.rules import rules_in_force
from postroom.domain.plan_changes.asking import Asked, pack
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.moved import brought_by
from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import COUNTED
from postroom.domain.plans.terms import Allowance, Terms, is_worse
from postroom.domain.plans.terms import pack as pack_terms
from postroom.domain.subscriptions.models import Subscription


@dataclass(frozen=True)
class Grounds:
    """The terms that a plan's customers hold beside the new ones, and the rules on notice."""

    plan: Plan
    new: Terms
    asked: Asked
    on: date
    #: The terms of all versions, by version id: what is held, and what may be until then.
    held: Mapping[int, Terms]
    rules: Sequence[NoticeRule]
    versions: Sequence[tuple[int, bool]]
    #: Held versions that another one follows, and that change something before this one does.
    followed: Sequence[int]
    #: A change under way: what was published, and what is announced of it.
    change: PlanChange | None = None
    #: Of such a one, the held versions that are the new one, or came after it.
    having: Collection[int] = ()
    #: Of a move, the subscriptions that it has brought to the other plan.
    brought: Collection[int] = ()

    @property
    def fingerprint(self) -> str:
        """A short name for all of this, part by part: where it differs, other things happen."""
        parts = [
            pack_terms(self.new),
            pack(self.asked),
            sorted(self.versions),
            [(it.pk, it.revision) for it in self.rules],
            self.on,
        ]
        return "-".join(sha256(repr(it).encode()).hexdigest()[:7] for it in parts)

    def pairs(self) -> list[dict[str, Any]]:
        """Will say of each version and term if the new terms are worse, and their rate."""
        return [
            {
                "version_id": version,
                "months": months,
                "has_it": version in self.having,
                "worse": is_worse(held, self.new, months),
                "rate_after": self.new.rates.get(months),
            }
            for version, held in self.held.items()
            for months in held.rates
        ]

    def allowances(self) -> list[dict[str, Any]]:
        """Will set the old allowance of each service that changes beside the new one."""
        return [
            {
                "version_id": version,
                "service": service.value,
                **_said(terms.allowance(service)),
                **{f"new_{name}": it for name, it in _said(self.new.allowance(service)).items()},
            }
            for version, terms in self.held.items()
            for service in COUNTED
            if terms.allowance(service) != self.new.allowance(service)
        ]


#: What a fingerprint is made of, in its order.
PARTS = (
    "the new terms were changed",
    "the days, the timing or the group were changed",
    "another change of this plan was scheduled or withdrawn",
    "the rules on notice were changed",
    "they are of another day",
)


def what_differs(seen: str, now: str) -> list[str]:
    """Will say in words what has changed between two fingerprints."""
    parts = zip(PARTS, seen.split("-"), now.split("-"), strict=False)
    return [said for said, then, since in parts if then != since] or ["they are not known here"]


def grounds_for(
    plan: Plan, new: Terms, asked: Asked, *, on: date, besides: PlanVersion | None = None
) -> Grounds:
    """Will gather what a change of a plan that is not published yet is worked out from.

    ``besides`` is the version that it replaces: it is counted as withdrawn.
    """
    return _gather(plan, new, asked, on=on, besides=besides)


def grounds_for_move(plan: Plan, version: PlanVersion, asked: Asked, *, on: date) -> Grounds:
    """Will gather what a move of a plan's customers to a version of another is worked out from."""
    grounds = _gather(plan, terms_of([version])[version.pk], asked, on=on)
    gone = Withdrawal.objects.filter(version=version).exists()
    return replace(grounds, versions=[*grounds.versions, (version.pk, gone)])


def grounds_of(change: PlanChange, asked: Asked, *, on: date) -> Grounds:
    """Will gather what a change under way is worked out from."""
    version = change.version
    new = terms_of([version])[version.pk]
    grounds = _gather(change.plan, new, asked, on=on, change=change)
    return _with_moved(grounds, change) if change.is_move else grounds


def _with_moved(grounds: Grounds, change: PlanChange) -> Grounds:
    """Will add what those hold whom a move has brought to the other plan, and are there still."""
    brought = brought_by(change)
    there = Subscription.objects.filter(pk__in=brought, plan=change.version.plan_id)
    held = list(PlanVersion.objects.filter(pk__in=there.order_by().values("version")))
    return replace(
        grounds,
        held={**grounds.held, **terms_of(held)},
        having=[it.pk for it in held],
        brought=sorted(there.values_list("pk", flat=True)),
    )


def _gather(
    plan: Plan,
    new: Terms,
    asked: Asked,
    *,
    on: date,
    change: PlanChange | None = None,
    besides: PlanVersion | None = None,
) -> Grounds:
    versions = list(PlanVersion.objects.filter(plan=plan).order_by("number"))
    withdrawn = set(
        Withdrawal.objects.filter(version__in=versions).values_list("version_id", flat=True)
    )
    if besides is not None:
        withdrawn.add(besides.pk)
    coming = [
        it.number for it in versions if it.existing_from is not None and it.pk not in withdrawn
    ]
    return Grounds(
        plan=plan,
        new=new,
        asked=asked,
        on=on,
        held=terms_of(versions),
        rules=rules_in_force(on=on),
        versions=[(it.pk, it.pk in withdrawn) for it in versions],
        followed=[]
        if change
        else [it.pk for it in versions if any(number > it.number for number in coming)],
        change=change,
        having=_having(change, versions),
    )


def _having(change: PlanChange | None, versions: Sequence[PlanVersion]) -> list[int]:
    """Will return the version that a change brought, and those after it."""
    if change is None or change.is_move:
        return []
    return [it.pk for it in versions if it.number >= change.version.number]


def _said(allowance: Allowance) -> dict[str, Any]:
    return {
        "offer": allowance.offer.value,
        "limit": allowance.limit,
        "extra_count": allowance.extra_count,
        "extra_fee": allowance.extra_fee_minor,
    }
