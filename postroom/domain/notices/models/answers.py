"""What a customer answered to a notice: kept as evidence."""

from django.db import models

from postroom.base.tenancy.keys import Reference
from postroom.domain.notices.models.notices import Notice
from postroom.domain.operators.models import TenantModel

Q = models.Q


class AnswerKind(models.TextChoices):
    """What somebody answered."""

    ACCEPTED = "accepted", "Accepts"
    SWITCHED = "switched", "Takes another plan"
    LEAVES = "leaves", "Leaves"
    #: In words.
    ASKED = "asked", "Asks or objects"
    #: Takes back that they leave or take another plan.
    STAYS = "stays", "Stays after all"


class Answer(TenantModel):
    """One answer of a customer, by the link in their notice or recorded by staff."""

    notice = Reference(Notice)
    kind = models.CharField(max_length=8, choices=AnswerKind)
    #: The last day used, of those who leave.
    closes_on = models.DateField(null=True)
    words = models.CharField(max_length=1000, blank=True)
    #: The key of the form: sent twice, it is one answer.
    sent_by_form = models.UUIDField(null=True)
    #: Who recorded it; None is the customer, by the link.
    by = Reference("users.User", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=AnswerKind.values), name="answer_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=AnswerKind.LEAVES, closes_on__isnull=False)
                | (~Q(kind=AnswerKind.LEAVES) & Q(closes_on__isnull=True)),
                name="who_leaves_has_a_last_day",
            ),
            models.UniqueConstraint(
                fields=["operator", "sent_by_form"], name="answer_is_sent_once_by_a_form"
            ),
        ]
        indexes = [models.Index("operator", "notice", name="answers_to_a_notice")]

    def __str__(self) -> str:
        return self.get_kind_display()
