from django.db import models


class Event(models.Model):
    """One act: what, to what, by whom, when, and the facts worth keeping.

    Holds the operator and the subject without foreign keys, since every room records and this one
    lies below them all.
    """

    operator_id = models.BigIntegerField()
    act = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=160)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(
                fields=["operator_id", "subject_kind", "subject_id", "-at"],
                name="events_of_a_subject",
            ),
            models.Index(fields=["operator_id", "-at"], name="events_of_an_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.act} by {self.by_name}"
