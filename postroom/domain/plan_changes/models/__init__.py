"""A plan's change as a thing: scheduled, announced, in force, withdrawn; and imports of plans."""

from postroom.domain.plan_changes.models.changes import ChangeKind, PlanChange
from postroom.domain.plan_changes.models.imports import PlanImport
from postroom.domain.plan_changes.models.sheets import Outcome, Sheet, SheetRow

__all__ = ["ChangeKind", "Outcome", "PlanChange", "PlanImport", "Sheet", "SheetRow"]
