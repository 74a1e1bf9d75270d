from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.operators.models import TenantModel

Q = models.Q


class State(models.TextChoices):
    """Where a file of customers stands."""

    SHOWN = "shown", "Not taken in yet"
    RUNNING = "running", "Being taken in"
    DONE = "done", "Taken in"


class Outcome(models.TextChoices):
    """What taking in a row does, or would do."""

    ADDED = "added", "Added"
    CHANGED = "changed", "Changed"
    SAME = "same", "Same as now"
    ERROR = "error", "Error"


class MovingIn(TenantModel):
    """A file of customers that somebody brought: its dry run, and what came of it."""

    by = Reference("users.User")
    file_name = models.CharField(max_length=200)
    #: What is worth saying of the file as a whole.
    notes = models.JSONField(default=list)
    #: Changes with whatever the dry run shows.
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State, default=State.SHOWN)
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "moving in"
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="shown", confirmed_at__isnull=True, finished_at__isnull=True)
                | Q(state="running", confirmed_at__isnull=False, finished_at__isnull=True)
                | Q(state="done", confirmed_at__isnull=False, finished_at__isnull=False),
                name="moving_in_has_the_instants_of_its_state",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class MovingRow(TenantModel):
    """A row of such a file: what it says, and what it does or would do."""

    moving_in = Reference(MovingIn, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    overfull = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    outcome = models.CharField(max_length=7, choices=Outcome)
    #: What it changes, in sentences.
    changes = models.JSONField(default=list)
    #: Why it cannot be taken in: columns and sentences.
    problems = models.JSONField(default=list)
    #: What is worth knowing besides.
    notes = models.JSONField(default=list)
    #: The plan, months and rate that no version has; where this is all that is missing.
    missing = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "moving_in", "number"], name="moving_row_is_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="moving_row_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"
