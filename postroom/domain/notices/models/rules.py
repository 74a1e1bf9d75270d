"""The rules on notice: rows with their source, which a lawyer can check and staff can follow up."""

from django.db import models

from postroom.domain.notices.windows import Rule

F, Q = models.F, models.Q


class NoticeRule(models.Model):
    """What a law or a payment network asks before somebody is charged more.

    The same for every operator, and kept by the platform's staff: a rule that changes is ended on
    a day, and another one begins.
    """

    #: A country or a state by its codes, ``EU``, or ``*`` for everywhere.
    jurisdiction = models.CharField(max_length=12)
    applies_to = models.CharField(max_length=120)
    what = models.CharField(max_length=120)
    #: Told no later than so many days before the first day, and no sooner than so many.
    least_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField(null=True, blank=True)
    working_days = models.BooleanField("the least are working days", default=False)
    #: A reminder is sent besides: it doesn't keep new terms away.
    reminder = models.BooleanField(default=False)
    needs = models.CharField(max_length=200, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    certainty = models.CharField(max_length=60)
    #: Counts its changes, so that whoever relied on it can tell that it changed.
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["jurisdiction", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jurisdiction__regex=r"^(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?)$"),
                name="notice_rule_names_a_jurisdiction",
                violation_error_message="Write a code: US, US-CA or EU, or * for everywhere.",
            ),
            models.CheckConstraint(
                condition=Q(most_days__isnull=True) | Q(most_days__gte=F("least_days")),
                name="notice_rule_leaves_a_day",
                violation_error_message="The most days cannot be fewer than the least.",
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_until__gte=F("in_force_from")),
                name="notice_rule_days_are_in_order",
                violation_error_message="The last day cannot lie before the first.",
            ),
            models.CheckConstraint(
                condition=~Q(working_days=True, jurisdiction="*"),
                name="working_days_are_those_of_a_country",
                violation_error_message="Working days need a country.",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="notice_rule_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction}: {self.what}, {self.applies_to}"

    @property
    def rule(self) -> Rule:
        """What it comes to in days."""
        return Rule(self.jurisdiction, self.least_days, self.most_days, self.working_days)
