"""The terms that wait for an answer: held while it is given, beside those that they change."""

from postroom.base.refusals import Refused
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from postroom.domain.plans.queries import latest_version, standing_versions, terms_of
from postroom.domain.plans.terms import Terms, unpack


class QuestionAnswered(Refused):
    """This question has been answered already."""


class DraftOutdated(Refused):
    """This plan's terms were changed after you typed yours. Open the plan and change them again."""


def plan_of(draft: Draft) -> Plan:
    """Will hold the draft's plan until the transaction ends.

    Raises QuestionAnswered or DraftOutdated.
    """
    plan = locked(draft.plan)
    # Sent twice at once, the second waited for the plan and finds the draft gone.
    if not Draft.objects.filter(pk=draft.pk).exists():
        raise QuestionAnswered()
    if latest_version(plan).number != draft.changed_from:
        raise DraftOutdated()
    return plan


def changed_version(draft: Draft) -> PlanVersion:
    """Will return the version that a draft changes: the newest, but for the one it replaces."""
    versions = standing_versions(draft.plan)
    if draft.replaces is not None:
        versions = versions.exclude(pk=draft.replaces.pk)
    return versions[:1].get()


def both_terms(draft: Draft) -> tuple[Terms, Terms]:
    """Will return the terms that a draft changes, and its own."""
    version = changed_version(draft)
    return terms_of([version])[version.pk], unpack(draft.terms)
